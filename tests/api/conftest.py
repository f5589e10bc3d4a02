import pytest

from tests.api.calling import Caller, seeded
from tests.support.sqlite import SqliteDatabase


@pytest.fixture
def database() -> SqliteDatabase:
    return seeded()


@pytest.fixture
def ask(database: SqliteDatabase) -> Caller:
    return Caller(database)
