"""Exports that go wrong: a cut can be seen, and a wrong question gets no file."""

import asyncio
import json
from typing import Any

import pytest

from api.reads.exporting import PAGE
from api.routes import exports
from common.database import Row, Statement
from common.envelope import Answer
from common.errors import Retryable
from tests.api.calling import READER, Caller
from tests.api.posting import kind
from tests.api.test_exports import PATH, many
from tests.support.sqlite import SqliteDatabase


@pytest.fixture
def ask(database: SqliteDatabase) -> Caller:
    return Caller(database, exports.ROUTES)


class Breaking:
    """A database that answers `good` reads and no more."""

    def __init__(self, database: SqliteDatabase, good: int) -> None:
        self._database, self.good = database, good

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def all(self, statement: Statement) -> list[Row]:
        if "line" in statement.sql:
            self.good -= 1
            if self.good < 0:
                raise Retryable("D1 is away")
        return await self._database.all(statement)


async def _until_broken(answer: Answer) -> tuple[list[str], str]:
    assert not isinstance(answer.body, str)
    found: list[str] = []
    try:
        async for part in answer.body:
            found.append(part)  # noqa: PERF401 - what came before a fault is looked at
    except Retryable as error:
        return found, str(error)
    return found, ""


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_fault_midway_can_be_seen_by_the_reader(database: SqliteDatabase, form: str) -> None:
    many(database, PAGE)
    ask = Caller(Breaking(database, 1), exports.ROUTES)
    parts, error = asyncio.run(_until_broken(ask(f"{PATH}signals?format={form}")))
    assert error == "D1 is away"
    last = parts[-1].splitlines()[-1]
    assert ("error" in json.loads(last)) if form == "ndjson" else last.count(",") > 5


def test_a_fault_at_once_is_an_answer_of_its_own(database: SqliteDatabase) -> None:
    answer = Caller(Breaking(database, 0), exports.ROUTES)(PATH + "signals")
    assert kind(answer, 503)[0] == "try-again"


def test_wrong_questions_are_refused_before_anything_is_sent(ask: Caller) -> None:
    assert kind(ask(PATH + "signals?symbol=NOPE"), 404)[0] == "unknown-symbol"
    assert kind(ask(PATH + "market-data?symbol=NOPE"), 404)[0] == "unknown-symbol"
    for query in ("signals?since=x", "signals?format=xml", "market-data?symbol=BTC&interval=2h",
                  "market-data", "market-data?symbol=BTC&until=x"):  # fmt: skip
        assert ask(PATH + query).status == 400


def test_an_export_needs_its_permission(ask: Caller) -> None:
    answer = ask(PATH + "signals", key=None, principal=READER)
    assert kind(answer, 403)[0] == "role-missing"
