import pytest

from tests.support.selling import Shop
from tests.support.sqlite import SqliteDatabase


@pytest.fixture
def shop(database: SqliteDatabase) -> Shop:
    return Shop(database)
