"""What is read as JSON, and what two readers could read differently."""

from typing import Any

import pytest

from common import strict_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a":[1,null,true,"x"]}', {"a": [1, None, True, "x"]}), (b"8.0", 8), (b"1e2", 100),
        (b"-0.0", 0), (b"0.5", 0.5), (b"1e17", 1e17), ('"é"'.encode(), "é"),
    ],
)  # fmt: skip
def test_a_value_is_read(text: bytes, value: Any) -> None:
    found = strict_json.read(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":1}', b'[{"b":{"a":1,"a":2}}]', b'{"a":1,"\\u0061":2}', b"1e400", b"-1e999",
        b"NaN", b"Infinity", b"[1,]", b'"\\ud800"', b"\xff", b"", b"{", b"9" * 5000,
    ],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        strict_json.read(text)
