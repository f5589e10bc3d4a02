"""One attacker for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.api.attacks.walking import Attacker


@pytest.fixture(scope="module")
def attacker() -> Iterator[Attacker]:
    one = Attacker()
    yield one
    one.close()
