"""What the notebook page is given to run."""

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

from tools.pyworkers.errors import SetupError
from tools.system import notebook
from tools.system.layout import PROJECT

MODULES = PROJECT / "node_modules"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("python")
    assert notebook.install(MODULES, folder / "cache", folder / "site")
    return folder


def test_the_index_names_all_that_is_there(made: Path) -> None:
    site = made / "site"
    told = json.loads((site / "index.json").read_text("utf-8"))
    files = {f"/python/{file.relative_to(site).as_posix()}"
             for file in site.rglob("*") if file.is_file()}  # fmt: skip
    assert set(told["files"]) == files - {"/python/index.json"}
    assert [Path(wheel).name.split("-")[0] for wheel in told["wheels"]] == [
        "cryptointel", "pyodide_http",
    ]  # fmt: skip
    package = json.loads((MODULES / "pyodide" / "package.json").read_text("utf-8"))
    assert told["interpreter"] == f"/python/{package['version']}/"
    assert told["bytes"] == sum((site / file[8:]).stat().st_size for file in told["files"])


def test_the_same_sources_make_the_same_wheel(made: Path, tmp_path: Path) -> None:
    pinned = sorted((made / "cache" / "notebook").glob("*.whl"))
    again = notebook.build_client(tmp_path, pinned)
    (first,) = (made / "site").glob("cryptointel-*.whl")
    assert (
        hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(first.read_bytes()).digest()
    )
    names = zipfile.ZipFile(first).namelist()
    assert "cryptointel/py.typed" in names
    assert not [name for name in names if not name.startswith("cryptointel")]


def test_nothing_is_done_twice_and_a_change_of_the_client_is_seen(made: Path) -> None:
    assert not notebook.install(MODULES, made / "cache", made / "site")
    index = made / "site" / "index.json"
    source = notebook.CLIENT / "src" / "cryptointel" / "client.py"
    os.utime(index, (0, source.stat().st_mtime - 10))
    assert notebook.install(MODULES, made / "cache", made / "site")


def test_an_asset_that_the_platform_refuses_stops_the_setup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "LARGEST", 1_000_000)
    with pytest.raises(SetupError, match=r"pyodide\.asm\.wasm"):
        notebook.install(MODULES, tmp_path / "cache", tmp_path / "site")
