import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.pyworkers.wheels import isolate_pip, make_wheel, pin
from tools import bootstrap
from tools.system.layout import PROJECT

SOURCE = PROJECT / "tools" / "bootstrap.py"


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 9), (3, 10, 14)])
def test_an_old_python_is_refused_with_its_version_and_the_way_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: tuple[int, ...],
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    assert bootstrap.main([str(tmp_path / "venv"), "requirements.txt"]) == 2
    said = capsys.readouterr().err
    assert f"this is Python {version[0]}.{version[1]}, the project needs 3.11" in said
    assert "make PYTHON=" in said
    assert not (tmp_path / "venv").exists()


def test_the_oldest_python_that_is_accepted_is_the_one_the_project_asks_for() -> None:
    wanted = re.search(
        r'requires-python = ">=(\d+)\.(\d+)"', (PROJECT / "pyproject.toml").read_text()
    )
    assert wanted
    assert tuple(int(part) for part in wanted.groups()) == bootstrap.MINIMUM


def test_the_file_can_be_read_by_pythons_that_it_must_refuse() -> None:
    ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 6))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The commands that ran, none of them for real; one that holds "broken" fails."""
    ran: list[str] = []

    def call(command: list[str]) -> int:
        ran.append(" ".join(map(str, command)))
        (tmp_path / "venv").mkdir(exist_ok=True)
        return 1 if "broken" in ran[-1] else 0

    monkeypatch.setattr(subprocess, "call", call)
    return ran


@pytest.mark.usefixtures("calls")
def test_a_registry_that_cannot_be_reached_is_said_and_the_environment_is_not_ready(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main([str(tmp_path / "venv"), "broken.txt"]) == 2
    said = capsys.readouterr().err
    assert "pip could not install broken.txt" in said
    assert "package registry can be reached" in said
    assert not (tmp_path / "venv" / ".ready").exists()


def test_packages_are_installed_into_the_environment_and_only_with_their_hashes(
    tmp_path: Path, calls: list[str]
) -> None:
    folder = tmp_path / "venv"
    assert bootstrap.main([str(folder), "requirements/dev.txt"]) == 0
    assert calls[-1].startswith(f"{folder}/bin/python -m pip install")
    assert calls[-1].endswith("--require-hashes -r requirements/dev.txt")
    assert (folder / ".ready").is_file()


def test_a_python_without_venv_is_said_with_the_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert bootstrap.main([str(tmp_path / "venv"), "requirements.txt"]) == 2
    assert "python3-venv" in capsys.readouterr().err


@pytest.mark.runtime
def test_an_empty_folder_becomes_an_environment_that_has_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    isolate_pip(monkeypatch, tmp_path / "wheels")
    requirements = pin(tmp_path / "requirements.txt", make_wheel(tmp_path / "wheels"))
    folder = tmp_path / "checkout with a blank" / "venv"
    done = subprocess.run(
        [sys.executable, SOURCE, folder, requirements], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert (folder / ".ready").is_file()
    told = subprocess.run(
        [folder / "bin" / "python", "-c", "import tiny; print(tiny.VERSION)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout == "1.0\n"


@pytest.mark.runtime
def test_an_environment_that_lacks_a_package_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    isolate_pip(monkeypatch, tmp_path / "wheels")
    requirements = pin(tmp_path / "requirements.txt", "0" * 64)
    done = subprocess.run(
        [sys.executable, SOURCE, tmp_path / "venv", requirements],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert "No matching distribution found for tiny" in done.stderr
    assert "✗ Python packages" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "venv" / ".ready").exists()
