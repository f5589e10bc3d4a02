"""What is particular to the Fear & Greed Index, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.sources.alternative_me import SOURCE, parse
from common.errors import Retryable
from common.models import Reading

DAY = 86_400
TODAY = 1_795_132_800  # 2026-11-20T00:00Z
TICK = TODAY + DAY // 2


def day(value: Any = "41", timestamp: Any = str(TODAY), **more: Any) -> dict[str, Any]:
    return {"value": value, "value_classification": "Fear", "timestamp": timestamp, **more}


def read(*days: Any, tick: int = TICK, **more: Any) -> tuple[list[Reading], dict[str, int]]:
    body = json.dumps({"name": "Fear and Greed Index", "data": days, **more}).encode()
    parsed = parse(body, tick)
    return [row for row in parsed.rows if isinstance(row, Reading)], dict(parsed.skipped)


def test_a_value_in_text_is_a_number_of_its_own_day() -> None:
    (row,), skipped = read(day())
    assert (row.kind, row.key, row.value, row.observed_at) == ("fear_greed", "crypto", 41, TODAY)
    assert (row.figures, skipped) == ({"label": "Fear"}, {})


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_days_the_newest_is_taken_wherever_it_stands(order: int) -> None:
    days = [day("41"), day("39", str(TODAY - DAY)), day("35", str(TODAY - 2 * DAY))][::order]
    (row,), skipped = read(*days)
    assert (row.value, skipped) == (41, {"not_newest": 2})


@pytest.mark.parametrize("value", ["-1", "101", 1e9])
def test_a_value_off_the_scale_is_implausible(value: Any) -> None:
    assert read(day(value)) == ([], {"implausible_value": 1})


@pytest.mark.parametrize("value", ["0", "100"])
def test_the_ends_of_the_scale_are_on_it(value: str) -> None:
    assert [row.value for row in read(day(value))[0]] == [float(value)]


@pytest.mark.parametrize(("age", "kept"), [(3 * DAY, 1), (3 * DAY + 1, 0)])
def test_a_value_of_three_days_is_old_and_an_older_one_is_stale(age: int, kept: int) -> None:
    rows, skipped = read(day(), tick=TODAY + age)
    assert (len(rows), skipped) == (kept, {} if kept else {"stale": 1})


def test_a_day_that_has_not_come_is_from_the_future() -> None:
    assert read(day(timestamp=str(TICK + DAY))) == ([], {"future_timestamp": 1})


@pytest.mark.parametrize("stamp", [None, "", "11-20-2026", "nan", []])
def test_a_day_without_a_usable_time_is_left_out(stamp: Any) -> None:
    assert read(day(timestamp=stamp)) == ([], {"no_timestamp": 1})


def test_a_label_that_is_missing_costs_nothing() -> None:
    (row,), _ = read(day(value_classification=None))
    assert row.figures == {}


def test_an_error_inside_an_answer_is_asked_for_again() -> None:
    with pytest.raises(Retryable, match="the provider reports an error"):
        read(day(), metadata={"error": "Too many requests"})
    assert len(read(day(), metadata={"error": None})[0]) == 1


def test_the_provider_is_named_as_it_asks_to_be() -> None:
    assert SOURCE.attribution == "Source: alternative.me"
