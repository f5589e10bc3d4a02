import asyncio
import json

import pytest

from common.database import CHUNK_CHARACTERS, Statement, Value, bulk
from tests.support.sqlite import SqliteDatabase

SQL = "INSERT INTO t SELECT value ->> 0 FROM json_each(?1)"


def values(statement: Statement) -> list[list[Value]]:
    decoded: list[list[Value]] = json.loads(str(statement.parameters[0]))
    return decoded


def test_no_rows_make_no_statement() -> None:
    assert bulk(SQL, []) == []
    assert bulk(SQL, iter(())) == []


def test_rows_travel_as_one_json_array_before_the_other_parameters() -> None:
    (statement,) = bulk(SQL, [("a", 1, 2.5, None), ("b", 2, 3.5, None)], (900, "source"))
    assert statement.sql == SQL
    assert statement.parameters == ('[["a",1,2.5,null],["b",2,3.5,null]]', 900, "source")


def test_rows_of_every_size_are_kept_in_order_over_several_statements() -> None:
    rows = [(number, "x" * (number * 37 % 9000)) for number in range(400)]
    statements = bulk(SQL, rows, (7,))
    assert len(statements) > 2
    assert [tuple(row) for each in statements for row in values(each)] == rows
    assert {each.parameters[1:] for each in statements} == {(7,)}


@pytest.mark.parametrize("character", ["x", "\u20ac", "\U0001f680", '"', "\n"])
def test_no_statement_is_larger_than_d1_takes(character: str) -> None:
    rows = [(character * 1000,) for _ in range(1500)]
    statements = bulk(SQL, rows)
    assert sum(len(values(each)) for each in statements) == 1500
    assert all(len(str(each.parameters[0]).encode()) < 2_000_000 for each in statements)


def test_no_more_statements_than_the_limit_asks_for() -> None:
    encoded = 1000 + len('[""],')
    rows = [("x" * 1000,) for _ in range(2 * (CHUNK_CHARACTERS // encoded))]
    assert len(bulk(SQL, rows)) == 2
    assert len(bulk(SQL, [*rows, ("one more",), ("x" * 1000,)])) == 3


def test_a_row_larger_than_a_chunk_gets_a_statement_of_its_own() -> None:
    rows = [("a",), ("x" * CHUNK_CHARACTERS,), ("b",)]
    assert [len(values(each)) for each in bulk(SQL, rows)] == [1, 1, 1]


def test_what_sqlite_unpacks_is_what_was_given() -> None:
    database = SqliteDatabase()
    database.connection.execute("CREATE TABLE t (a, b, c, d)")
    row = ('it\'s "quoted" 币\n', 1.2345678901234567e-09, 2**52, None)
    sql = (
        "INSERT INTO t SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1)"
    )
    changed = asyncio.run(database.batch(bulk(sql, [row, row])))
    assert changed == 2
    assert database.rows("SELECT * FROM t") == [row, row]
    database.connection.close()


def test_numbers_that_json_does_not_know_become_null() -> None:
    (statement,) = bulk(SQL, [(float("nan"), float("inf"))])
    assert statement.parameters[0] == "[[null,null]]"
