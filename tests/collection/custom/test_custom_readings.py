"""From JSON and CSV of any make to readings: paths, columns, numbers, times."""

import time
from typing import Any

import msgspec
import pytest

from collection.custom.mapping import FeedSpec, parse
from common.errors import Retryable
from common.models import Reading
from tests.collection.custom.specs import CSV, JSON, TICK, accounted, changed, with_fields


def of(rows: object, spec: FeedSpec = JSON) -> Any:
    body = rows if isinstance(rows, bytes) else msgspec.json.encode({"result": {"items": rows}})
    return parse(spec)(body, TICK)


def row(**values: Any) -> dict[str, Any]:
    return {"ticker": "BTC", "last": "1.25", "ts": TICK - 60, **values}


def test_a_row_becomes_a_reading_of_the_kind_custom() -> None:
    (found,) = of([row()]).rows
    assert found == Reading("custom", "BTC", "BTC", 1.25, TICK - 60, {}, {"unit": "USD"})


def test_a_name_is_read_where_it_is_mapped_and_is_the_key_where_it_is_empty() -> None:
    spec = with_fields(JSON, name="info.title")
    rows = [row(info={"title": " Bitcoin\n"}), row(ticker="ETH", info={}), row(ticker="X")]
    assert [one.name for one in of(rows, spec).rows] == ["Bitcoin", "ETH", "X"]


@pytest.mark.parametrize(
    ("given", "value"),
    [(1, 1.0), (-2.5, -2.5), ("3.5", 3.5), (" 4 ", 4.0), ("1e3", 1000.0), (0, 0.0), ("0", 0.0)],
)
def test_a_value_is_a_number_or_the_text_of_one(given: object, value: float) -> None:
    assert of([row(last=given)]).rows[0].value == value


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"last": None}, "no_value"), ({"last": ""}, "no_value"), ({"last": "n/a"}, "bad_value"),
        ({"last": True}, "bad_value"), ({"last": [1]}, "bad_value"), ({"last": {}}, "bad_value"),
        ({"last": "nan"}, "bad_value"), ({"last": "Infinity"}, "bad_value"),
        ({"ticker": None}, "no_key"), ({"ticker": ""}, "no_key"), ({"ticker": " \t"}, "no_key"),
        ({"ticker": ["a"]}, "no_key"), ({"ticker": True}, "no_key"),
        ({"ts": None}, "no_timestamp"), ({"ts": ""}, "no_timestamp"), ({"ts": "today"},
        "bad_timestamp"), ({"ts": []}, "bad_timestamp"), ({"ts": TICK + 601}, "future_timestamp"),
        ({"ts": 1e300}, "future_timestamp"), ({"ts": TICK - 7 * 86_400 - 1}, "stale"),
        ({"ts": -1}, "stale"), ({"ts": "0001-01-01T00:00:00+23:59"}, "stale"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_skipped_for_a_reason(
    change: dict[str, Any], reason: str
) -> None:
    parsed = accounted(of([row(ticker="OK"), row(**change)]), 2)
    assert [one.key for one in parsed.rows] == ["OK"]
    assert parsed.skipped == {reason: 1}


@pytest.mark.parametrize("rest", [[5], ["x"], [[]], [[1, 2]], [{}], [{"ticker": {"last": 1}}]])
def test_a_row_of_another_shape_costs_itself_only(rest: list[object]) -> None:
    assert len(accounted(of([row(), *rest]), 2).rows) == 1


def test_a_row_that_does_not_decode_is_malformed_and_the_others_stay() -> None:
    body = b'{"result":{"items":[{"ticker":"A","last":1e999,"ts":1},null,' + (
        msgspec.json.encode(row()) + b"]}}"
    )
    parsed = accounted(of(body), 3)
    assert [one.key for one in parsed.rows] == ["BTC"]
    assert parsed.skipped == {"malformed": 2}


@pytest.mark.parametrize(
    "given",
    [
        TICK - 60, str(TICK - 60), (TICK - 60) * 1000, float(TICK - 60), "2026-11-20T11:59:00Z",
        "2026-11-20T13:59:00+02:00", "2026-11-20 11:59:00",
    ],
)  # fmt: skip
def test_a_time_may_be_seconds_milliseconds_or_iso(given: object) -> None:
    assert of([row(ts=given)]).rows[0].observed_at == TICK - 60


def test_without_a_mapped_time_it_is_the_ticks() -> None:
    spec = changed(JSON, fields={"key": "ticker", "value": "last"})
    assert of([row(ts="nonsense")], spec).rows[0].observed_at == TICK


def test_of_several_rows_of_a_key_the_newest_stays() -> None:
    rows = [row(ts=TICK - 900, last=1), row(ts=TICK, last=2), row(ts=TICK - 1800, last=3),
            row(ts=TICK, last=4)]  # fmt: skip
    parsed = accounted(of(rows), 4)
    assert [(one.value, one.observed_at) for one in parsed.rows] == [(2.0, TICK)]
    assert parsed.skipped == {"older": 2, "duplicate": 1}


def test_without_a_mapped_key_the_feed_is_one_series_named_like_it() -> None:
    parsed = parse(CSV)(b"timestamp,price\n2026-11-20T11:45Z,1\n2026-11-20T12:00Z,2\n", TICK)
    assert [(one.key, one.value) for one in accounted(parsed, 2).rows] == [("Series", 2.0)]


def test_500_keys_are_kept_and_the_rest_is_counted() -> None:
    parsed = accounted(of([row(ticker=str(n)) for n in range(620)] + [row(ticker="0")]), 621)
    assert len(parsed.rows) == 500
    assert parsed.skipped == {"over_limit": 120, "duplicate": 1}


def test_rows_beyond_the_first_20000_are_not_looked_at() -> None:
    parsed = accounted(of([row(ts=TICK - 900)] * 20_000 + [row()] * 5), 20_005)
    assert parsed.rows[0].observed_at == TICK - 900
    assert parsed.skipped["over_limit"] == 5


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", '[{"ticker":"A","last":1,"ts":1795176000}]'),
        ("data.1", '{"data":[0,[{"ticker":"A","last":1,"ts":1795176000}]]}'),
        ("0.rows", '[{"rows":[{"ticker":"A","last":1,"ts":1795176000}]}]'),
        ("5.rows", '{"5":{"rows":[{"ticker":"A","last":1,"ts":1795176000}]}}'),
        ("one", '{"one":{"ticker":"A","last":1,"ts":1795176000}}'),
        ("", '\ufeff {"ticker":"A","last":1,"ts":1795176000} '),
    ],
)
def test_a_path_leads_through_names_and_indices_to_rows_or_one_row(path: str, body: str) -> None:
    assert [one.key for one in of(body.encode(), changed(JSON, items=path)).rows] == ["A"]


def test_fields_may_be_indices_of_rows_that_are_lists() -> None:
    spec = changed(JSON, items="", fields={"value": "1.0", "observed_at": "0"})
    (found,) = accounted(of(b"[[1795176000, [7]], [1795176000], [1795176000, 8]]", spec), 3).rows
    assert found.value == 7.0


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("a.b", '{"a":{"x":[],"y":1}}', "no 'b' among x, y"),
        ("a", "{}", "no 'a'"),
        ("3", "[1,2]", "a list of 2 has no '3'"),
        ("x", "[1,2]", "a list of 2 has no 'x'"),
        ("²", "[1,2,3]", "has no '²'"),
        ("a.b", '{"a":5}', "unexpected shape"),
        ("a", '{"a":"text"}', "no list at 'a'"),
        ("a", '{"a":null}', "no list at 'a'"),
        ("", '"text"', "unexpected shape"),
        ("", "<!doctype html><html>", "an HTML page instead of JSON"),
        ("", "ok", "not JSON"),
        ("", "", "not JSON"),
        ("", '[{"a":1},', "JSON cut off after 9 bytes"),
    ],
)
def test_a_body_without_the_rows_says_what_it_has(path: str, body: str, words: str) -> None:
    with pytest.raises(Retryable, match=words):
        of(body.encode(), changed(JSON, items=path))


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000,
        b"[" * 33 + b"]" * 33, b'[{"a":' * 17 + b"1" + b"}]" * 17,
        b'["\\\\",' + b"[" * 50_000,
        b'[{"a":1}, ' + b"[" * 300_000,
    ],
)  # fmt: skip
def test_json_nested_over_32_levels_is_refused_before_it_is_decoded(body: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(Retryable, match="nested deeper than 32 levels"):
        of(body, changed(JSON, items=""))
    assert time.monotonic() - began < 1


def test_json_of_32_levels_and_brackets_in_texts_are_read() -> None:
    deep = b'[{"ticker":"\\"[[\\\\","last":1,"ts":1795176000,"x":' + b"[" * 30 + b"]" * 30 + b"}]"
    assert of(deep, changed(JSON, items="")).rows[0].key == '"[[\\'
    text = msgspec.json.encode([row(note='[{"' * 10_000)])
    assert len(of(text, changed(JSON, items="")).rows) == 1


@pytest.mark.parametrize(
    "body",
    [b"[" + b"{}," * 1_600_000 + b"{}]", b"[" + b"0," * 2_400_000 + b"0]", b'"' * 5_000_000,
     b'"' + b'\\"' * 2_500_000, b"\\" * 5_000_000, b'["' + b'",["' * 1_200_000],
)  # fmt: skip
def test_json_of_millions_of_values_or_quotes_is_refused_quickly(body: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(Retryable):
        of(body, changed(JSON, items=""))
    assert time.monotonic() - began < 1
