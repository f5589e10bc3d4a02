import pytest

from tests.api import judging
from tests.api.calling import Caller, seeded
from tests.support.sqlite import SqliteDatabase


@pytest.fixture
def database() -> SqliteDatabase:
    database = seeded()
    judging.seed(database)
    return database


@pytest.fixture
def ask(database: SqliteDatabase) -> Caller:
    return Caller(database)
