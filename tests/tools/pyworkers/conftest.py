import contextlib
import os
import signal
import socket
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.pyworkers.processes import Make
from tools.pyworkers.supervisor import Process, Supervisor
from tools.system.layout import PROJECT


@pytest.fixture(scope="session")
def modules() -> Path:
    """The npm packages of this checkout."""
    folder = PROJECT / "node_modules"
    assert (folder / "pyodide").is_dir(), "npm packages are not installed: run `make setup`"
    return folder


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make processes that run Python text; all of them are gone afterwards."""
    made: list[Process] = []

    def process(text: str, *arguments: str, name: str = "worker") -> Process:
        command = [sys.executable, "-u", "-c", textwrap.dedent(text), *arguments]
        one = Process(name, command, tmp_path, os.environ, tmp_path / "logs" / f"{name}.log")
        made.append(one)
        return one

    yield process
    for one in made:
        if one.group is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(one.group, signal.SIGKILL)
            one.stop()


@pytest.fixture
def care(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path / "state" / "groups")
    yield made
    made.stop()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    return found
