"""Fixtures for tests that need the running system. It is started once a session, and only then."""

import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.signing_in import providers
from tests.support.live import Live
from tools.system.layout import PROJECT, Ports
from tools.system.running import Sources, System


def free_base() -> int:
    """Return a port base whose whole range is free."""
    for base in range(18787, 28787, 40):
        try:
            for _, port in Ports(base).all():
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base
    raise RuntimeError("no free range of ports between 18787 and 28787")


def pytest_collection_finish() -> None:
    """Put Python's own recursion limit back: py_ecc, which wallets need, raises it to 100,000.

    A test that parses a document of that depth would kill the process instead of failing.
    """
    sys.setrecursionlimit(1000)


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    """The four Workers on workerd and the simulator, its clock pinned, with history loaded."""
    local = PROJECT / ".local" / "test"
    _forget(local)
    ports = Ports(free_base())
    impatient = Sources(variables={"REQUEST_SECONDS": "4", **providers.variables(ports)})
    system = System(local, ports, impatient, name="test")
    lines: list[str] = []
    try:
        system.start(lines.append)
        running = Live(system)
        running.load_history()
        yield running
    finally:
        system.stop()


def _forget(folder: Path) -> None:
    shutil.rmtree(folder / "state", ignore_errors=True)
    shutil.rmtree(folder / "registry", ignore_errors=True)
    (folder / "account.json").unlink(missing_ok=True)
