"""CSV of other people: delimiters, quotes, encodings, and bodies made to exhaust a reader."""

import time
from typing import Any

import pytest

from collection.custom.mapping import parse
from common.errors import Retryable
from tests.collection.custom.specs import CSV, TICK, accounted, changed

SPEC = changed(CSV, fields={"key": "coin", "value": "price"})


def of(text: str | bytes, spec: Any = SPEC) -> Any:
    return parse(spec)(text if isinstance(text, bytes) else text.encode(), TICK)


def pairs(text: str | bytes) -> list[tuple[str, float]]:
    return [(one.key, one.value) for one in of(text).rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_found_out(delimiter: str, end: str) -> None:
    lines = (["coin", "note", "price"], ["BTC", "a b", "1.5"], ["ETH", "", "2"])
    text = end.join(delimiter.join(cells) for cells in lines)
    assert pairs(text) == pairs(text + end) == [("BTC", 1.5), ("ETH", 2.0)]


def test_quotes_may_hold_delimiters_quotes_and_line_ends() -> None:
    text = 'price,coin,"a ""b"" c"\n"1","B,T\nC",x\n'
    assert pairs(text) == [("B,T C", 1.0)]


def test_a_byte_order_mark_blank_lines_and_spaces_in_the_head_are_no_matter() -> None:
    assert pairs("\ufeff\n\n coin , price \nBTC,1\n\n") == [("BTC", 1.0)]


def test_a_row_with_more_or_fewer_cells_than_the_head_is_malformed() -> None:
    parsed = accounted(of("coin,price\nBTC\nETH,1,2\nXRP,3\n"), 3)
    assert [one.key for one in parsed.rows] == ["XRP"]
    assert parsed.skipped == {"malformed": 2}


def test_of_two_columns_of_a_name_the_first_is_read() -> None:
    assert pairs("coin,price,price\nBTC,1,2\n") == [("BTC", 1.0)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("coin,cost\nBTC,1\n", "no column 'price' among coin, cost"),
        ("", "without a line"),
        ("\n\n", "without a line"),
        ("<html><body>", "HTML, XML or JSON instead of CSV"),
        ('{"a": 1}', "HTML, XML or JSON instead of CSV"),
        ("coin,price\nB\xe9,1\n".encode("latin-1"), "another encoding than UTF-8"),
        ("coin,price\n".encode("utf-16"), "another encoding than UTF-8"),
        ('coin,price\n"BTC,1\n', "broken quoting"),
        ('coin,price\n"BTC"x,1\n', "broken quoting"),
        ('coin,price\n"' + "x\n" * 1_000_000, "broken quoting: field larger"),
        (",".join(map(str, range(201))) + "\n", "CSV with 201 columns"),
        ("," * 5_000_000, "a line of 5,000,000 characters"),
        ("coin,price\n" + "," * 4_000_000, "a line of 4,000,000 characters"),
        ("coin,price\n" + '"' * 4_000_000, "a line of 4,000,000 characters"),
    ],
)
def test_a_body_that_is_no_such_csv_is_refused_quickly(body: str | bytes, words: str) -> None:
    began = time.monotonic()
    with pytest.raises(Retryable, match=words):
        of(body)
    assert time.monotonic() - began < 1


def test_wide_rows_cost_themselves_only() -> None:
    parsed = accounted(of("coin,price\n" + ("," * 90_000 + "\n") * 20 + "BTC,1\n"), 21)
    assert parsed.skipped == {"malformed": 20}
    assert [one.key for one in parsed.rows] == ["BTC"]
