"""What tests of the live stream need besides the running system."""

from collections.abc import Iterator

import pytest

from tests.runtime.publishing import Client, Open, Publisher, address_of, elsewhere
from tests.support.live import Live


@pytest.fixture(scope="session")
def publisher(live: Live) -> Iterator[Publisher]:
    running = Publisher(live)
    yield running
    running.stop()


@pytest.fixture
def visit(live: Live) -> Iterator[Open]:
    """Opens a socket as a visitor of the dashboard."""
    opened: list[Client] = []

    def visit(query: str = "", headers: dict[str, str] | None = None) -> Client:
        address = address_of(live, "dashboard", f"/live{query}")
        opened.append(Client(address, elsewhere() if headers is None else headers))
        return opened[-1]

    yield visit
    for one in opened:
        one.close()
