"""Wheels for the Workers' interpreter, in the folder where wrangler looks for them."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tools.pyworkers.errors import SetupError

# The platform tag of CPython 3.14 in Pyodide 314 (PEP 783).
PLATFORM = "pyemscripten_2026_0_wasm32"
PYTHON, ABI = "3.14", "cp314"


def install(requirements: Path, target: Path, cache: Path) -> bool:
    """Install the pinned, hashed `requirements` into `target` (python_modules).

    Return whether anything had to be done. Raises SetupError when pip cannot
    get a wheel for the Workers' interpreter.
    """
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = cache / "wheels.stamp"
    if stamp.is_file() and stamp.read_text() == digest and (target / "pyvenv.cfg").is_file():
        return False
    shutil.rmtree(target, ignore_errors=True)  # pip does not replace what is there
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--only-binary=:all:", "--no-compile"),
        *("--python-version", PYTHON, "--implementation", "cp", "--abi", ABI),
        *("--platform", PLATFORM, "--target", str(target), "-r", str(requirements)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "ERROR" in line]
        raise SetupError(
            "Workers' wheels",
            "\n         ".join(errors[:3]) or done.stderr.strip()[-400:] or "pip failed",
            "check that a package registry can be reached (`pip download msgspec`), start again",
        )
    (target / "pyvenv.cfg").touch()  # marks the folder for wrangler
    cache.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
    return True
