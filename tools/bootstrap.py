"""Makes the checkout's own Python environment.

Needs nothing but the standard library, and runs on an old Python far enough
to refuse it in words.
"""

import os
import subprocess
import sys
import time

MINIMUM = (3, 11)


def fail(step: str, why: str, todo: str) -> int:
    """Say which step failed, why, and what to do."""
    sys.stderr.write(f"✗ {step}\n  why:   {why}\n  to do: {todo}\n")
    return 2


def main(arguments: "list[str]") -> int:
    """Make the environment in a folder, with a requirements file: the two arguments."""
    if sys.version_info[:2] < MINIMUM:
        return fail(
            "Python",
            "this is Python {}.{}, the project needs 3.11 or newer".format(*sys.version_info[:2]),
            "install a newer one and run `make PYTHON=/path/to/python3.11 ...`",
        )
    folder, requirements = arguments
    began = time.time()
    python = os.path.join(folder, "bin", "python")  # noqa: PTH118 - as old as this file may run
    print(f"Python environment in {folder} ...", flush=True)
    if subprocess.call([sys.executable, "-m", "venv", folder]):
        return fail(
            "Python environment",
            "`python -m venv` failed (see above)",
            "install Python's venv module (Debian: apt-get install python3-venv)",
        )
    # The file lists everything: what a package wants beyond it is not needed here.
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.call([*install, "--no-deps", "--require-hashes", "-r", requirements]):
        return fail(
            "Python packages",
            f"pip could not install {requirements} (see above)",
            "check that a package registry can be reached (pip download msgspec), start again",
        )
    with open(os.path.join(folder, ".ready"), "w"):  # noqa: PTH118, PTH123
        pass
    print(f"  {time.time() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
