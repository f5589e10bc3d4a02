from collections.abc import Iterator

import pytest

from tests.support.sqlite import SqliteDatabase


@pytest.fixture
def database() -> Iterator[SqliteDatabase]:
    database = SqliteDatabase()
    yield database
    database.connection.close()
