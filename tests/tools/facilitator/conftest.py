from collections.abc import Iterator

import httpx
import pytest

from tests.support.facilitator import running_facilitator
from tests.support.simulator import running_simulator
from tests.tools.facilitator.paying import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="session")
def alone() -> Iterator[str]:
    with running_facilitator() as address:
        yield address


@pytest.fixture(scope="session")
def mounted() -> Iterator[str]:
    with running_simulator() as simulator:
        yield f"{simulator.address}/x402.org/facilitator"


@pytest.fixture(params=["alone", "mounted"])
def served(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A facilitator behind a real server: by itself, and within the simulator."""
    with httpx.Client(base_url=f"{request.getfixturevalue(request.param)}/") as client:
        client.delete("control/ledger")
        client.delete("control/faults")
        yield client
