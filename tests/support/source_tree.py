"""The project's files as tests of its shape see them."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.system.layout import PROJECT

SRC = PROJECT / "src"


def python_files(*folders: str) -> list[Path]:
    """Return the Python files of some folders of the project."""
    return sorted(
        file
        for folder in folders
        for file in (PROJECT / folder).rglob("*.py")
        if "__pycache__" not in file.parts
    )


@functools.cache
def tree(file: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(file.read_text("utf-8"), str(file))


def module_name(file: Path) -> str:
    """Return the name under which a file of src is imported."""
    return ".".join(file.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def is_entry(file: Path) -> bool:
    """Whether the runtime itself calls what a file defines: a worker.py or a Durable Object."""
    bases = (base for node in ast.walk(tree(file)) if isinstance(node, ast.ClassDef)
             for base in node.bases)  # fmt: skip
    return file.name == "worker.py" or any(
        isinstance(base, ast.Name) and base.id == "DurableObject" for base in bases
    )


def is_platform(file: Path) -> bool:
    """Whether a file belongs to common/platform."""
    return SRC / "common" / "platform" in file.parents


def pure_files() -> list[Path]:
    """Return the files of src that run on any Python."""
    return [file for file in python_files("src") if not is_entry(file) and not is_platform(file)]


def imports(file: Path) -> set[str]:
    """Return every module that a file names in an import, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


@functools.cache
def published() -> tuple[Path, ...]:
    """Return the files that version control has or would take.

    In an exported copy, without git, these are all but what .gitignore keeps
    out by the name of a folder, and hidden ones.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        files = [PROJECT / name for name in sorted(set(done.stdout.split("\0"))) if name]
    except (OSError, subprocess.CalledProcessError):
        files = sorted(_walk())
    return tuple(file for file in files if file.is_file())


def _walk() -> Iterator[Path]:
    ignored = (PROJECT / ".gitignore").read_text().splitlines()
    folders = {line.rstrip("/") for line in ignored if line.endswith("/")}
    for file in PROJECT.rglob("*"):
        path = file.relative_to(PROJECT)
        parents = {str(parent) for parent in path.parents} | set(path.parts[:-1])
        hidden = any(part.startswith(".") for part in path.parts)
        if not hidden and not parents & folders and not file.name.endswith(".local.json"):
            yield file
