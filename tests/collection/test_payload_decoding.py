from collections import Counter

import msgspec
import pytest

from collection.payload import Rows, check_age, decode, pairs, parse_rows, positive
from common.errors import Retryable, Skippable
from common.models import HistoryPoint, Parsable
from tests.collection.desk import TICK


class Row(msgspec.Struct):
    """A provider's row, for these tests."""

    id: str
    price: float | None = None


rows = Rows(Row)
rows_decoder: msgspec.json.Decoder[list[Row]] = rows.array


def build(row: Row) -> Parsable:
    if row.price is None:
        raise Skippable("no_price")
    return HistoryPoint(row.id, TICK, row.price, None, None)


def asset(row: Row) -> object:
    return row.id


@pytest.mark.parametrize("number", ["1.5", '"1.5"', '"15e-1"'])
def test_a_number_may_be_text(number: str) -> None:
    body = f'[{{"id": "a", "price": {number}}}]'.encode()
    assert decode(body, rows_decoder) == [Row("a", 1.5)]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_bare_constant_that_json_does_not_know_is_null(constant: str) -> None:
    body = f'[{{"id": "a", "price": {constant}}}, {{"id": "b", "price": 2}}]'.encode()
    assert decode(body, rows_decoder) == [Row("a", None), Row("b", 2.0)]


def test_numbers_beside_a_bare_constant_keep_every_digit() -> None:
    body = b'[{"id": "a", "price": NaN}, {"id": "b", "price": 1.2345678901234567e-09}]'
    assert decode(body, rows_decoder)[1].price == 1.2345678901234567e-09


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not JSON"),
        (b"Throttled", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"  <!DOCTYPE html><html>", "an HTML page instead of JSON"),
        (b"<html><body>", "an HTML page instead of JSON"),
        (b'[{"id": "a"', "JSON cut off after 11 bytes"),
        (b'[{"id": "a", "price": NaN', "JSON cut off after 25 bytes"),
        (b'{"error": "nope"}', "unexpected shape"),
        (b'[{"id": 3}, NaN]', "unexpected shape"),
        (b"null", "unexpected shape"),
    ],
)
def test_what_is_wrong_with_a_body_is_said(body: bytes, message: str) -> None:
    with pytest.raises(Retryable, match=message):
        decode(body, rows_decoder)


def test_no_message_repeats_what_the_provider_sent() -> None:
    for body in (b'{"status": "secret-of-theirs"}', b"secret-of-theirs", b'["secret-of-theirs"'):
        with pytest.raises(Retryable) as caught:
            decode(body, rows_decoder)
        assert "secret-of-theirs" not in str(caught.value)


@pytest.mark.parametrize("body", [b"[" * 50_000, b"[" * 50_000 + b"NaN", b'{"a":' * 50_000])
def test_endless_nesting_is_not_followed(body: bytes) -> None:
    with pytest.raises(Retryable):
        decode(body, msgspec.json.Decoder(Row))
    with pytest.raises(Retryable):
        decode(body, rows_decoder)


def test_a_bad_row_costs_itself_alone() -> None:
    body = b"""[{"id": "a", "price": 1}, {"id": 7, "price": 1}, {"price": 1}, null, "text", [],
      {"id": "b"}, {"id": "a", "price": 2}, {"id": "c", "price": "x"}, {"id": "d", "price": 4}]"""
    parsed = parse_rows(body, rows, build, asset)
    assert [row.asset_id for row in parsed.rows if isinstance(row, HistoryPoint)] == ["a", "d"]
    assert parsed.skipped == Counter(malformed=6, no_price=1, duplicate=1)
    assert len(parsed.rows) + parsed.skipped.total() == 10


def test_of_two_rows_of_one_asset_the_first_stays() -> None:
    body = b'[{"id": "a", "price": 1}, {"id": "a", "price": 2}]'
    (row,) = parse_rows(body, rows, build, asset).rows
    assert isinstance(row, HistoryPoint)
    assert row.price == 1


def test_a_skipped_row_does_not_make_the_next_one_a_duplicate() -> None:
    body = b'[{"id": "a"}, {"id": "a", "price": 2}]'
    parsed = parse_rows(body, rows, build, asset)
    assert (len(parsed.rows), parsed.skipped) == (1, {"no_price": 1})


@pytest.mark.parametrize(
    ("offset", "reason"),
    [(0, None), (600, None), (601, "future_timestamp"), (-21_600, None), (-21_601, "stale")],
)
def test_a_stamp_may_be_ten_minutes_ahead_and_six_hours_behind(
    offset: int, reason: str | None
) -> None:
    if reason is None:
        check_age(TICK + offset, TICK)
        return
    with pytest.raises(Skippable) as caught:
        check_age(TICK + offset, TICK)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("value", "kept"),
    [(1.5, 1.5), (5e-324, 5e-324), (None, None), (0.0, None), (-1.0, None), (float("nan"), None),
     (float("inf"), None), (float("-inf"), None)],
)  # fmt: skip
def test_only_positive_finite_numbers_pass(value: float | None, kept: float | None) -> None:
    assert positive(value) == kept


def test_points_without_both_halves_are_left_out() -> None:
    points: list[list[float | None]] = [
        [1000.0, 1.0], [1999.0, 2.0], [None, 3.0], [3000.0, None], [4000.0], [], [5000.0, 5.0, 5.0],
    ]  # fmt: skip
    assert list(pairs(points)) == [(1, 1.0), (1, 2.0)]


@pytest.mark.parametrize("stamp", [float("nan"), float("inf"), float("-inf")])
def test_points_whose_time_is_no_time_are_left_out(stamp: float) -> None:
    assert list(pairs([[stamp, 1.0], [2000.0, 2.0]])) == [(2, 2.0)]
