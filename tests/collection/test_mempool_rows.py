"""What is particular to mempool.space, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.source import Parse
from collection.sources.mempool import (
    parse_difficulty,
    parse_fees,
    parse_height,
    parse_mempool,
)
from common.errors import Retryable
from common.models import Reading

TICK = 1_795_176_000  # 2026-11-20T12:00Z


def read(parse: Parse, body: Any) -> tuple[list[Reading], dict[str, int]]:
    parsed = parse(json.dumps(body).encode(), TICK)
    return [row for row in parsed.rows if isinstance(row, Reading)], dict(parsed.skipped)


def fees(**values: Any) -> tuple[list[Reading], dict[str, int]]:
    return read(parse_fees, {"halfHourFee": 3, **values})


def difficulty(**values: Any) -> tuple[list[Reading], dict[str, int]]:
    return read(parse_difficulty, {"difficultyChange": 1.2, **values})


def test_the_fee_is_the_one_for_half_an_hour() -> None:
    (row,), _ = fees(fastestFee=5, hourFee=2, economyFee=1, minimumFee=1)
    assert (row.kind, row.key, row.value, row.observed_at) == ("bitcoin_fee", "bitcoin", 3, TICK)
    assert row.figures == {"fastest": 5, "hour": 2, "economy": 1, "minimum": 1}


def test_fees_below_one_are_real() -> None:
    (row,), _ = fees(halfHourFee=0.101)
    assert row.value == 0.101


@pytest.mark.parametrize("value", [0, -1, 100_001, 1e300])
def test_a_fee_nobody_pays_is_implausible(value: float) -> None:
    assert fees(halfHourFee=value) == ([], {"implausible_fee": 1})


@pytest.mark.parametrize("value", [None, "", "soon", True, "nan", [], {}])
def test_a_fee_that_is_no_number_is_none(value: Any) -> None:
    assert fees(halfHourFee=value) == ([], {"no_fee": 1})


def test_a_broken_side_figure_costs_only_itself() -> None:
    (row,), skipped = fees(fastestFee="x", hourFee=-1, economyFee=1)
    assert (row.figures, skipped) == ({"economy": 1}, {})


@pytest.mark.parametrize("given", [1_795_841_000_000, 1_795_841_000, "1795841000000"])
def test_the_retarget_is_in_epoch_seconds_whether_given_in_milliseconds_or_not(given: Any) -> None:
    (row,), _ = difficulty(estimatedRetargetDate=given)
    assert row.figures["retarget_at"] == 1_795_841_000


@pytest.mark.parametrize(("value", "kept"), [(-75, 1), (300, 1), (-75.1, 0), (300.1, 0)])
def test_a_change_beyond_what_a_retarget_can_be_is_implausible(value: float, kept: int) -> None:
    rows, skipped = difficulty(difficultyChange=value)
    assert (len(rows), skipped) == (kept, {} if kept else {"implausible_change": 1})


def test_the_backlog_is_a_count_with_its_size_and_fees() -> None:
    (row,), _ = read(parse_mempool, {"count": 7, "vsize": 900, "total_fee": 4_000})
    assert (row.kind, row.value) == ("bitcoin_mempool", 7)
    assert row.figures == {"vsize": 900, "total_fee": 4_000}


def test_an_empty_backlog_is_zero_and_not_unknown() -> None:
    (row,), _ = read(parse_mempool, {"count": 0})
    assert row.value == 0


def test_the_height_is_a_bare_number() -> None:
    (row,) = parse_height(b"974624\n", TICK).rows
    assert isinstance(row, Reading)
    assert (row.kind, row.key, row.value) == ("block_height", "bitcoin", 974_624.0)


@pytest.mark.parametrize("body", [b"97462", b"9746240", b"0", b"-974624", b"974624.5", b'"974624"'])
def test_a_number_the_chain_cannot_be_at_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(Retryable):
        parse_height(body, TICK)


@pytest.mark.parametrize("parse", [parse_fees, parse_difficulty, parse_mempool, parse_height])
@pytest.mark.parametrize("body", [b"Service Unavailable", b'{"error":"syncing"}', b"null"])
def test_a_node_that_synchronises_is_asked_again(parse: Parse, body: bytes) -> None:
    with pytest.raises(Retryable):
        parse(body, TICK)
