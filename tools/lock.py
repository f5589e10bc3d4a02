"""`make lock`: pin requirements/*.txt, with hashes and without addresses, from pyproject.toml.

uv does the resolving; it is only needed here and is installed for the moment.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

UV = "uv==0.13.9"
SETS = {
    "dev": ("--group", "dev", "--python-version", "3.11"),
    "bench-fastapi": ("--group", "bench", "--python-version", "3.14"),
    "deploy": ("--group", "deploy", "--python-version", "3.11"),
    "notebook": ("--group", "browser", "--python-version", "3.14"),
    "workers": ("--python-version", "3.14"),
}
PLAIN = ("--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "--quiet")


def main() -> int:
    """Write every requirements file; return uv's first failure."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, UV], check=True
        )
        uv = Path(folder) / "bin" / "uv"
        for name, options in SETS.items():
            project = ("pyproject.toml",) if name in ("dev", "workers") else ()
            target = ("--output-file", f"requirements/{name}.txt")
            command = [str(uv), "pip", "compile", *project, *options, *PLAIN, *target]
            done = subprocess.run([*command, "--universal"], check=False)
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
