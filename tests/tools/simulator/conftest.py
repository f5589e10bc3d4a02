from collections.abc import Iterator

import httpx
import pytest

from tests.tools.simulator.running import Simulator, make_simulator, running


@pytest.fixture
def simulator() -> Simulator:
    return make_simulator()


@pytest.fixture
def other_seed() -> Simulator:
    return make_simulator(seed=8)


@pytest.fixture
def same_seed() -> Simulator:
    return make_simulator()


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of a simulator in a process of its own."""
    with running() as (_, address):
        yield address


@pytest.fixture
def server(served: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served) as client:
        yield client
        client.delete("/faults")
