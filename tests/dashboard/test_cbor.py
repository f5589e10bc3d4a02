"""CBOR, as much of it as WebAuthn uses, beside the examples of RFC 8949, appendix A."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.cbor import decode_first
from dashboard.webauthn import RefusedPasskey, raw_signature
from tests.dashboard.authenticator import cbor

EXAMPLES: dict[str, Any] = {
    "00": 0, "17": 23, "1818": 24, "1903e8": 1000, "1a000f4240": 1_000_000,
    "1b000000e8d4a51000": 1_000_000_000_000, "20": -1, "3903e7": -1000, "f4": False, "f5": True,
    "f6": None, "40": b"", "4401020304": b"\1\2\3\4", "60": "", "6449455446": "IETF",
    "62c3bc": "ü", "80": [], "83010203": [1, 2, 3], "a0": {}, "a201020304": {1: 2, 3: 4},
    "a26161016162820203": {"a": 1, "b": [2, 3]},
}  # fmt: skip


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_of_the_rfc_are_read(text: str) -> None:
    assert decode_first(bytes.fromhex(text)) == (EXAMPLES[text], len(text) // 2)
    assert decode_first(bytes.fromhex(text) + b"rest")[1] == len(text) // 2


@pytest.mark.parametrize(
    "text",
    ["", "18", "19ff", "1c", "1f", "5f", "7f", "9f", "bf", "c0", "f7", "f8ff", "fb7ff0000000000000",
     "41", "61", "61ff", "81", "a1", "a101", "a2010201", "a201020103", "a1400", "a1f6",
     "818181818181", "9b7fffffffffffffff", "5b7fffffffffffffff", "bbffffffffffffffff"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decode_first(bytes.fromhex(text if len(text) % 2 == 0 else text + "0"))


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise(data: bytes) -> None:
    try:
        _, end = decode_first(data)
    except ValueError:
        return
    assert 0 < end <= len(data)


@given(
    st.recursive(
        st.integers(-(2**63), 2**63) | st.binary(max_size=40) | st.text(max_size=40),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=8,
    )
)
def test_what_was_written_is_read(value: Any) -> None:
    written = cbor(value)
    try:
        assert decode_first(written) == (value, len(written))
    except ValueError as error:
        assert "nested too deep" in str(error)


@given(st.binary(max_size=80))
def test_a_signature_in_der_is_read_or_refused(der: bytes) -> None:
    try:
        assert len(raw_signature(der)) == 64
    except RefusedPasskey:
        return
