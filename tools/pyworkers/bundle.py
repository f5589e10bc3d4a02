"""The interpreter bundle of workerd, made from the npm package `pyodide`.

workerd refuses code generation and randomness while a Worker starts, so the
package's JavaScript is edited to call the wrappers that workerd itself offers
in `pyodide-internal:builtin_wrappers`. Each edit states how often its text
must occur: another Pyodide release stops here instead of failing at run time.
"""

import hashlib
import tempfile
from pathlib import Path
from typing import NamedTuple

from tools.pyworkers.errors import SetupError

BUNDLE_NAME = "pyodide_dev.capnp.bin"  # the name workerd loads without a checksum
STEP = "interpreter bundle"
SCHEMA = Path(__file__).with_name("pyodide_bundle.capnp")

_WRAPPERS = (
    "addEventListener",
    "getRandomValues",
    "location",
    "monotonicDateNow",
    "newWasmModule",
    "patchedLoadLibData",
    "wasmInstantiate",
)
_LOAD_LIBRARY = (
    "function loadLibData(){var lib=patchedLoadLibData(Module,libName,flags.rpath);"
    "return flags.loadAsync?Promise.resolve(lib):lib}"
)
_NO_EVAL = '(()=>{throw new Error("eval is not allowed in a Worker")})('


class Edit(NamedTuple):
    """Replace `old`, which must occur exactly `times` times, by `new`."""

    old: str
    new: str
    times: int


EDITS = (
    Edit("crypto.getRandomValues(view)", "getRandomValues(Module,view)", 1),
    Edit("new WebAssembly.Module(", "newWasmModule(", 4),
    Edit("WebAssembly.instantiate(", "wasmInstantiate(", 2),
    Edit("Date.now", "monotonicDateNow", 22),
    Edit("eval(", _NO_EVAL, 6),
)


def patch(source: str) -> str:
    """Return `pyodide.asm.mjs` as workerd can run it.

    Raises SetupError when a text to replace is not there as often as expected.
    """
    for edit in EDITS:
        _expect(edit.old, source.count(edit.old), edit.times)
        source = source.replace(edit.old, edit.new)
    start, end = "function loadLibData()", "function getExports()"
    _expect(start, source.count(start), 1)
    _expect(end, source.count(end), 1)
    head, rest = source.split(start)
    source = head + _LOAD_LIBRARY + end + rest.split(end)[1]
    imports = f'import{{{",".join(_WRAPPERS)}}}from"pyodide-internal:builtin_wrappers";'
    return f"{imports}{source}export{{_createPyodideModule}};"


def build(pyodide: Path, cache: Path) -> Path:
    """Write the bundle of the npm package in `pyodide` below `cache`; return its folder.

    The folder's name holds a digest of everything that went in, so a bundle
    is built once per Pyodide release and edit, and never half (it is renamed
    into place).
    """
    script, wasm, stdlib = (
        pyodide / name for name in ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
    )
    for file in (script, wasm, stdlib):
        if not file.is_file():
            raise SetupError(STEP, f"{file} is missing", "delete node_modules and start again")
    digest = hashlib.sha256(Path(__file__).read_bytes() + SCHEMA.read_bytes())
    digest.update((pyodide / "package.json").read_bytes())
    folder = cache / digest.hexdigest()[:16]
    if (folder / BUNDLE_NAME).is_file():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as reserved:
        unfinished = Path(reserved.name)
    _write(unfinished, patch(script.read_text("utf-8")).encode(), wasm, stdlib)
    unfinished.replace(folder / BUNDLE_NAME)
    return folder


def _write(target: Path, script: bytes, wasm: Path, stdlib: Path) -> None:
    import capnp  # heavy to import, and needed only when a bundle is built

    message = capnp.load(str(SCHEMA)).Bundle.new_message()
    modules = message.init("modules", 3)
    contents = (
        ("pyodide.asm", "src", script),
        ("pyodide.asm.wasm", "wasm", wasm.read_bytes()),
        ("python_stdlib.zip", "data", stdlib.read_bytes()),
    )
    for module, (name, field, body) in zip(modules, contents, strict=True):
        module.name = f"pyodideRuntime-internal:{name}"
        module.type = "internal"
        setattr(module, field, body)
    with target.open("wb") as file:
        message.write(file)


def _expect(text: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise SetupError(
            STEP,
            f"{text!r} occurs {found} times in pyodide.asm.mjs, expected {wanted}",
            "pin the version of pyodide that this workerd expects, or adapt the edits in bundle.py",
        )
