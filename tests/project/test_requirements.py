"""Pins: what is vendored, what is hashed, and that no file says where it was fetched from."""

import json
import re
import tomllib
from typing import Any

import pytest

from tests.support.source_tree import published
from tools.system.layout import PROJECT

REQUIREMENTS = sorted((PROJECT / "requirements").glob("*.txt"))
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
PACKAGES = json.loads((PROJECT / "package.json").read_text("utf-8"))
LOCK: dict[str, Any] = json.loads((PROJECT / "package-lock.json").read_text("utf-8"))

# Spelled in parts, so that this file does not name them either.
REGISTRIES = [".".join(parts) for parts in (
    ("pypi", "org"), ("pythonh" + "osted", "org"), ("npmjs", "org"), ("npmjs", "com"),
    ("yarnpkg", "com"), ("npmmirror", "com"), ("jsdelivr", "net"), ("unpkg", "com"),
)]  # fmt: skip

_pin = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)")
_hash = re.compile(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(text: str) -> list[str]:
    """Return the logical lines of a requirements file."""
    joined = text.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def pins(text: str) -> dict[str, str]:
    found = [_pin.match(line) for line in entries(text)]
    return {normal(match[1]): match[2] for match in found if match}


@pytest.mark.parametrize("pin", PYPROJECT["project"]["dependencies"])
def test_every_dependency_is_vendored_at_its_pinned_version(pin: str) -> None:
    name, version = pin.split("==")
    vendored = pins((PROJECT / "requirements" / "workers.txt").read_text())
    assert vendored.get(normal(name)) == version


@pytest.mark.parametrize("group", ["dev", "deploy"])
def test_every_tool_is_locked_at_its_pinned_version(group: str) -> None:
    locked = pins((PROJECT / "requirements" / f"{group}.txt").read_text())
    wanted = dict(pin.split("==") for pin in PYPROJECT["dependency-groups"][group])
    assert {name: locked.get(normal(name)) for name in wanted} == wanted


def test_tests_run_with_the_versions_that_the_workers_run_with() -> None:
    workers, dev = (
        pins((PROJECT / "requirements" / f"{name}.txt").read_text()) for name in ("workers", "dev")
    )
    assert {name: dev[name] for name in workers if name in dev} == {
        name: version for name, version in workers.items() if name in dev
    }


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_every_requirement_is_one_version_with_hashes(file: Any) -> None:
    lines = entries(file.read_text())
    assert lines
    assert [line for line in lines if not _pin.match(line) or not _hash.search(line)] == []


@pytest.mark.parametrize("line", ["httpx>=0.28 --hash=sha256:" + "0" * 64, "httpx==0.28.1", "-r x"])
def test_a_loose_or_unhashed_requirement_would_be_seen(line: str) -> None:
    (entry,) = entries(line)
    assert not _pin.match(entry) or not _hash.search(entry)


@pytest.mark.parametrize("name", sorted(PACKAGES["dependencies"] | PACKAGES["devDependencies"]))
def test_every_npm_package_is_pinned_exactly_and_the_lock_agrees(name: str) -> None:
    version = (PACKAGES["dependencies"] | PACKAGES["devDependencies"])[name]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert LOCK["packages"][f"node_modules/{name}"]["version"] == version


def test_every_package_of_the_npm_lock_has_a_hash_and_no_address() -> None:
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_package_registry(host: str) -> None:
    named = [
        str(file.relative_to(PROJECT)) for file in published() if host.encode() in file.read_bytes()
    ]
    assert named == []


def test_no_lock_file_or_index_option_records_an_address() -> None:
    telling = re.compile(rb"\"resolved\" *:|^ *--(extra-)?index-url|^ *--find-links", re.M)
    data = (".json", ".txt", ".toml", ".lock")
    found = [file.name for file in published()
             if file.suffix in data and telling.search(file.read_bytes())]  # fmt: skip
    assert found == []


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml"])
def test_lock_files_that_record_addresses_stay_outside(name: str) -> None:
    assert name in (PROJECT / ".gitignore").read_text().splitlines()
    assert name not in {file.name for file in published()}
