from collections.abc import Iterator

import pytest

from tests.collection.desk import TICK, Desk
from tests.support.simulator import Simulator, running_simulator


@pytest.fixture(scope="session")
def one_simulator() -> Iterator[Simulator]:
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(one_simulator: Simulator) -> Simulator:
    """The simulator without faults, its clock pinned at TICK."""
    one_simulator.reset(TICK)
    return one_simulator


@pytest.fixture
def desk(simulator: Simulator) -> Iterator[Desk]:
    """Collection with an empty database."""
    desk = Desk(simulator.address)
    yield desk
    desk.database.connection.close()


@pytest.fixture
def other_desk(simulator: Simulator) -> Iterator[Desk]:
    """A second collection with an empty database of its own."""
    desk = Desk(simulator.address)
    yield desk
    desk.database.connection.close()
