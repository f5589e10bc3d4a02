import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools.pyworkers import bundle, node
from tools.pyworkers.errors import SetupError

HUGE = 2**40  # words pycapnp may walk: the interpreter is larger than its default


@pytest.fixture(scope="session")
def script(modules: Path) -> str:
    return (modules / "pyodide" / "pyodide.asm.mjs").read_text("utf-8")


@pytest.fixture(scope="session")
def built(modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle.build(modules / "pyodide", tmp_path_factory.mktemp("bundle"))


@pytest.fixture
def package(modules: Path, tmp_path: Path) -> Path:
    """A copy of the npm package that a test may change."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in ("pyodide.asm.wasm", "python_stdlib.zip"):
        (folder / name).symlink_to(modules / "pyodide" / name)
    for name in ("package.json", "pyodide.asm.mjs"):
        shutil.copyfile(modules / "pyodide" / name, folder / name)
    return folder


def read(folder: Path) -> list[Any]:
    import capnp

    message = (folder / bundle.BUNDLE_NAME).read_bytes()
    with capnp.load(str(bundle.SCHEMA)).Bundle.from_bytes(
        message, traversal_limit_in_words=HUGE
    ) as root:
        return [
            (m.name, str(m.type), m.which(), bytes(getattr(m, m.which()))) for m in root.modules
        ]


@pytest.mark.parametrize("edit", bundle.EDITS, ids=lambda edit: edit.old)
def test_every_edit_is_applied_everywhere(script: str, edit: bundle.Edit) -> None:
    patched = bundle.patch(script)
    assert edit.old not in patched
    assert patched.count(edit.new) >= edit.times


def test_libraries_are_loaded_by_the_runtimes_own_loader(script: str) -> None:
    patched = bundle.patch(script)
    assert patched.count("function loadLibData()") == 1
    assert "patchedLoadLibData(Module,libName,flags.rpath)" in patched
    assert "Promise.resolve(lib)" in patched
    assert "readBinary" not in patched.split("function loadLibData()")[1].split("function ")[0]


def test_the_factory_is_also_a_named_export(script: str) -> None:
    assert "_createPyodideModule" in script
    assert bundle.patch(script).endswith("export{_createPyodideModule};")


def test_every_wrapper_in_use_is_imported_first(script: str) -> None:
    first = bundle.patch(script).split(";", 1)[0]
    assert first.startswith("import{")
    assert first.endswith('}from"pyodide-internal:builtin_wrappers"')
    for name in ("getRandomValues", "newWasmModule", "wasmInstantiate", "monotonicDateNow",
                 "patchedLoadLibData", "location", "addEventListener"):  # fmt: skip
        assert name in first


def test_streaming_instantiation_is_left_alone(script: str) -> None:
    streaming = "WebAssembly.instantiateStreaming"
    assert script.count(streaming) == bundle.patch(script).count(streaming) > 0


def test_the_patched_script_is_still_javascript(script: str, tmp_path: Path) -> None:
    file = tmp_path / "patched.mjs"
    file.write_text(bundle.patch(script), "utf-8")
    done = subprocess.run(
        [node.find().program, "--check", file], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("edit", bundle.EDITS, ids=lambda edit: edit.old)
def test_a_text_that_occurs_once_more_than_expected_stops_the_build(
    script: str, edit: bundle.Edit
) -> None:
    with pytest.raises(SetupError) as stopped:
        bundle.patch(f"{script}//{edit.old}")
    found = f"occurs {edit.times + 1} times in pyodide.asm.mjs, expected {edit.times}"
    assert stopped.value.why == f"{edit.old!r} {found}"
    assert "pin the version of pyodide" in stopped.value.todo


def test_a_script_without_the_library_loader_stops_the_build(script: str) -> None:
    renamed = script.replace("function loadLibData()", "function loadLibrary()")
    with pytest.raises(SetupError, match=r"function loadLibData\(\)' occurs 0 times"):
        bundle.patch(renamed)


def test_the_bundle_holds_three_internal_modules_of_the_right_kinds(built: Path) -> None:
    described = [(name, kind, field) for name, kind, field, _ in read(built)]
    assert described == [
        ("pyodideRuntime-internal:pyodide.asm", "internal", "src"),
        ("pyodideRuntime-internal:pyodide.asm.wasm", "internal", "wasm"),
        ("pyodideRuntime-internal:python_stdlib.zip", "internal", "data"),
    ]


def test_the_bundle_holds_the_packages_own_bytes(built: Path, modules: Path, script: str) -> None:
    patched, wasm, stdlib = (body for *_, body in read(built))
    assert patched.decode("utf-8") == bundle.patch(script)
    assert wasm == (modules / "pyodide" / "pyodide.asm.wasm").read_bytes()
    assert stdlib == (modules / "pyodide" / "python_stdlib.zip").read_bytes()


def test_a_bundle_is_built_once(built: Path, modules: Path) -> None:
    before = (built / bundle.BUNDLE_NAME).stat()
    assert bundle.build(modules / "pyodide", built.parent) == built
    after = (built / bundle.BUNDLE_NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_release_gets_a_bundle_of_its_own(built: Path, package: Path) -> None:
    manifest = package / "package.json"
    manifest.write_text(manifest.read_text().replace('"version": "', '"version": "9'))
    other = bundle.build(package, built.parent)
    assert other != built
    assert (other / bundle.BUNDLE_NAME).is_file()
    assert (built / bundle.BUNDLE_NAME).is_file()


def _write_half(target: Path, *_: object) -> None:
    target.write_bytes(b"half")
    raise KeyboardInterrupt


def test_a_half_written_bundle_is_never_used(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(bundle, "_write", _write_half)
        with pytest.raises(KeyboardInterrupt):
            bundle.build(package, tmp_path / "cache")
    assert not list((tmp_path / "cache").rglob(bundle.BUNDLE_NAME))
    assert len(read(bundle.build(package, tmp_path / "cache"))) == 3


def test_two_builds_at_once_do_not_write_into_each_other(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = bundle._write

    def write_while_another_begins(target: Path, script: bytes, wasm: Path, stdlib: Path) -> None:
        write(target, script, wasm, stdlib)
        monkeypatch.setattr(bundle, "_write", _write_half)
        with pytest.raises(KeyboardInterrupt):
            bundle.build(package, tmp_path / "cache")

    monkeypatch.setattr(bundle, "_write", write_while_another_begins)
    folder = bundle.build(package, tmp_path / "cache")
    assert (folder / bundle.BUNDLE_NAME).stat().st_size > 1_000_000


@pytest.mark.parametrize("name", ["pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"])
def test_a_file_missing_from_the_package_is_named(package: Path, tmp_path: Path, name: str) -> None:
    (package / name).unlink()
    with pytest.raises(SetupError) as stopped:
        bundle.build(package, tmp_path / "cache")
    assert name in stopped.value.why
    assert "node_modules" in stopped.value.todo
