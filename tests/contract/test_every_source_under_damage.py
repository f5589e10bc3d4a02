"""What every registered source does with bodies that are not what was asked for.

The bodies are those of test_every_source.py, damaged; nothing is to be added here for a source.
"""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import Retryable
from common.models import Parsed
from tests.contract.offers import OFFERS, TICK, Case, Offer, assert_sane, every_case, every_offer

bounded = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

HTML = b"<!DOCTYPE html>\n<html><head><title>503</title></head><body>Try later</body></html>"


@every_offer
@pytest.mark.parametrize(
    "body",
    [b"", b" \n", HTML, HTML.lower(), HTML[16:], b"Throttled, come back later", b"null", b"true",
     b"42", b'"text"', b"\x1f\x8b\x08\x00\x00", b"\xff\xfe\x00\xd8", b"\x00" * 64, b"[" * 100_000,
     b'{"a":' * 100_000, b"<a>" * 5_000],
    ids=["empty", "blank", "html", "html_lower", "html_bare", "prose", "null", "true", "number",
         "string", "gzip", "bad_utf16", "zeros", "deep_array", "deep_object", "deep_xml"],
)  # fmt: skip
def test_a_body_of_another_kind_is_retryable(offer: Offer, body: bytes) -> None:
    with pytest.raises(Retryable):
        offer.parse(body, TICK)


@every_case
def test_a_body_cut_off_anywhere_is_retryable(case: Case) -> None:
    body = case.body.rstrip()
    step = max(1, len(body) // 40)
    for end in (*range(1, len(body), step), len(body) - 2, len(body) - 1):
        with pytest.raises(Retryable):
            pytest.fail(f"cut at {end}: {case.offer.parse(body[:end], TICK)}")


def outcome(offer: Offer, body: bytes) -> Parsed | None:
    """Parse; None stands for Retryable. Anything else that is raised is a defect."""
    try:
        parsed = offer.parse(body, TICK)
    except Retryable:
        return None
    for row in parsed.rows:
        assert_sane(row)
    return parsed


@every_offer
@bounded
@given(body=st.binary(max_size=400))
def test_arbitrary_bytes_raise_retryable_or_give_sane_rows(offer: Offer, body: bytes) -> None:
    outcome(offer, body)


FRAGMENTS = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [b"", b"<", b"&", b"]]>", b"<![CDATA[", b"&#xD800;", b"&#99999999;", b"\x00", b"<!--",
         b"-->", b"</item>", b"<item>", b"http://[", b"&nbsp;", b"NaN", b"1e999", b'"nan"',
         b'"inf"', b"-1", b"null", b"\\ud800", b"[[", b"}}", b"\xed\xa0\x80", b"<media:rating>",
         b"<svg><path/></svg>"]
    ),
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 40), FRAGMENTS),
    min_size=1,
    max_size=5,
)


@every_offer
@bounded
@given(edits=EDITS)
def test_a_damaged_payload_raises_retryable_or_gives_sane_rows(
    offer: Offer, edits: list[tuple[float, int, bytes]]
) -> None:
    body = offer.plain()
    for place, removed, inserted in edits:
        at = int(place * len(body))
        body = body[:at] + inserted + body[at + removed :]
    outcome(offer, body)


WRONG: tuple[Any, ...] = (None, True, -1, 0, 1e308, 10**30, "", "0", "nan", "inf", "-inf", "1e999",
         "2026-13-45", float("nan"), float("inf"), "\ud800", [], {}, [[]])  # fmt: skip
JSON_OFFERS = [offer for offer in OFFERS if any(f.suffix == ".json" for f in offer.payloads())]


def leaves(node: Any) -> list[tuple[Any, Any]]:
    """Return (container, key) of everything in a document that is no container itself."""
    keys = node.keys() if isinstance(node, dict) else range(len(node))
    found: list[tuple[Any, Any]] = []
    for key in keys:
        inner = isinstance(node[key], dict | list)
        found += leaves(node[key]) if inner else [(node, key)]
    return found


@pytest.mark.parametrize("offer", JSON_OFFERS, ids=lambda o: f"{o.source.name}-{o.name}")
@pytest.mark.parametrize("wrong", WRONG, ids=ascii)
def test_a_wrong_value_anywhere_costs_its_row_or_the_payload_and_nothing_else(
    offer: Offer, wrong: Any
) -> None:
    whole = [json.loads(offer.plain())]  # which may be a bare number
    for node, key in leaves(whole):
        right, node[key] = node[key], wrong
        body = json.dumps(whole[0]).encode()
        parsed = outcome(offer, body)
        if parsed is not None:
            assert len(parsed.rows) + parsed.skipped.total() == offer.rows_in(body)
        node[key] = right
