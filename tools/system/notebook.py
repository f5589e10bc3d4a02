"""What the notebook page runs, in the folder the pages are served from: Pyodide and two wheels.

It lies beside the release of the site and not in it: twelve megabytes that change with Pyodide's
version and not with every release keep their address, so that a browser keeps them too.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.pyworkers.errors import SetupError
from tools.system.layout import PROJECT

CLIENT = PROJECT / "clients" / "python"
REQUIREMENTS = PROJECT / "requirements" / "notebook.txt"
TARGET = PROJECT / "src" / "dashboard" / "static" / "python"
INTERPRETER = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip",
               "pyodide-lock.json")  # fmt: skip
LARGEST = 25 * 1024 * 1024  # bytes of one asset on the platform
BUILDER = "flit_core"  # is among the pinned wheels, and stays on this machine


def install(modules: Path, cache: Path, target: Path = TARGET) -> bool:
    """Fill `target` from npm's folder `modules`, pinned wheels and our own client.

    Return whether anything had to be done. Raises SetupError.
    """
    package = modules / "pyodide"
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    sources = [*sorted((CLIENT / "src").rglob("*.py")), CLIENT / "pyproject.toml",
               CLIENT / "README.md", REQUIREMENTS, package / "package.json",
               Path(__file__)]  # fmt: skip
    index = target / "index.json"
    newest = max(source.stat().st_mtime for source in sources)
    if index.is_file() and index.stat().st_mtime > newest:
        return False
    shutil.rmtree(target, ignore_errors=True)
    folder = target / version
    folder.mkdir(parents=True)
    for name in INTERPRETER:
        shutil.copyfile(package / name, folder / name)
    pinned = download(cache / "notebook")
    for wheel in pinned:
        if not wheel.name.startswith(BUILDER):
            shutil.copyfile(wheel, target / wheel.name)
    build_client(target, pinned)
    too_large = [file.name for file in folder.iterdir() if file.stat().st_size > LARGEST]
    if too_large:
        raise SetupError(
            "the notebook's Python", f"{', '.join(too_large)}: over 25 MiB, which no asset may be",
            "pin the Pyodide that was used before",
        )  # fmt: skip
    files = sorted(file for file in target.rglob("*") if file.is_file())
    told = {
        "interpreter": f"/python/{version}/",
        "wheels": [f"/python/{file.name}" for file in files if file.suffix == ".whl"],
        "files": [f"/python/{file.relative_to(target).as_posix()}" for file in files],
        "bytes": sum(file.stat().st_size for file in files),
    }
    index.write_text(json.dumps(told), "utf-8")
    return True


def download(folder: Path) -> list[Path]:
    """Return the pinned wheels, downloaded and checked by their hashes. Raises SetupError."""
    shutil.rmtree(folder, ignore_errors=True)
    _run(
        "the notebook's wheels",
        *("pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--require-hashes", "--only-binary=:all:", "-d", str(folder), "-r", str(REQUIREMENTS)),
    )
    return sorted(folder.glob("*.whl"))


def build_client(target: Path, pinned: list[Path]) -> Path:
    """Build the wheel of the client into `target` and return it. Raises SetupError.

    The builder runs straight from its wheel, so it need not be installed.
    """
    builder = next(wheel for wheel in pinned if wheel.name.startswith(BUILDER))
    program = f"from flit_core.buildapi import build_wheel; build_wheel({str(target.resolve())!r})"
    # The same sources make the same bytes, whenever they are built.
    environment = {"PYTHONPATH": str(builder.resolve()), "SOURCE_DATE_EPOCH": "1577836800"}
    _run("the client's wheel", "-c", program, cwd=CLIENT, environment=environment)
    return next(target.glob("cryptointel-*.whl"))


def _run(
    what: str, *arguments: str, cwd: Path = PROJECT, environment: dict[str, str] | None = None
) -> None:
    command = [sys.executable, *(() if arguments[0] == "-c" else ("-m",)), *arguments]
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(environment or {})},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SetupError(
            what, done.stderr.strip()[-400:] or "failed",
            "check that a package registry can be reached (`pip download pyodide-http`)",
        )  # fmt: skip
