"""What holds for every registered source, and its payloads' golden rows.

A new source needs no change here. It brings
    payloads/<source>/<endpoint>.json, or .xml, and any <endpoint>_<case>.json beside it,
small bodies written by hand in the provider's shape as of TICK, with its traps
("history" is the name of a source's history); their golden rows are made with
    UPDATE_GOLDEN=1 python -m pytest tests/contract/test_every_source.py
and read before they are committed.
"""

import json
import math
import os
import re
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collection import sources
from collection.source import Parse, Source
from collection.sources import SOURCES
from common.errors import Retryable
from common.models import Parsable, Parsed
from common.settings import Settings

TICK = 1_795_176_000  # 2026-11-20T12:00Z
CLOCKS_DIFFER = 600
EARLIEST = 1_230_768_000  # 2009, before which no cryptocurrency had a price
HERE = Path(__file__).parent
PAYLOADS, GOLDEN = HERE / "payloads", HERE / "golden"
TIMES = ("observed_at", "timestamp", "published_at")

bounded = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


class Offer(NamedTuple):
    """What one endpoint, or the history, of a source offers."""

    source: Source
    name: str
    parse: Parse

    def payloads(self) -> list[Path]:
        """Return the bodies shipped for it, the plain one first."""
        folder = PAYLOADS / self.source.name
        named = re.compile(rf"{self.name}(_\w+)?\.(json|xml)")
        return sorted(file for file in folder.glob("*") if named.fullmatch(file.name))

    def plain(self) -> bytes:
        """Return the body every source must ship for it."""
        assert self.payloads(), f"write payloads/{self.source.name}/{self.name}.json or .xml"
        return self.payloads()[0].read_bytes()


class Case(NamedTuple):
    """One body and how it is parsed."""

    offer: Offer
    file: Path

    @property
    def body(self) -> bytes:
        return self.file.read_bytes()

    @property
    def golden(self) -> Path:
        return GOLDEN / self.offer.source.name / f"{self.file.stem}.json"


def offers_of(source: Source) -> list[Offer]:
    found = [Offer(source, endpoint.name, endpoint.parse) for endpoint in source.endpoints]
    if history := source.history:
        found.append(
            Offer(source, "history", lambda body, tick: history.parse(body, tick, "samplecoin"))
        )
    return found


OFFERS = [offer for source in SOURCES for offer in offers_of(source)]
CASES = [Case(offer, file) for offer in OFFERS for file in offer.payloads()]

every_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
every_offer = pytest.mark.parametrize("offer", OFFERS, ids=lambda o: f"{o.source.name}-{o.name}")
every_case = pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.offer.source.name}-{case.file.stem}"
)


def rows_in(body: bytes) -> int:
    """Count the rows of a body by its form alone: items, elements of its longest array, or one."""
    if body.lstrip().startswith(b"<"):
        tags = [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(body).iter()]
        return tags.count("item") + tags.count("entry")
    document = json.loads(body)
    if isinstance(document, list):
        return len(document)
    return max((len(value) for value in document.values() if isinstance(value, list)), default=1)


def assert_sane(row: Parsable) -> None:
    values = msgspec.structs.asdict(row)
    for name, value in values.items():
        if isinstance(value, float):
            assert math.isfinite(value), f"{name} of {row}"
        if name == "price":
            assert value > 0, row
        if name in ("volume_24h", "total_volume", "market_cap", "total_market_cap"):
            assert value is None or value >= 0, f"{name} of {row}"
        if name in TIMES:
            assert value <= TICK + CLOCKS_DIFFER, f"{name} of {row}"
        if name == "url":
            assert value.startswith(("https://", "http://")), row
        if isinstance(value, str) and name in ("asset_id", "symbol", "name", "title", "news_id"):
            assert value.strip(), f"{name} of {row}"
    msgspec.json.encode(values)  # what cannot be encoded cannot be stored


def as_golden(parsed: Parsed) -> Any:
    rows = [{"row": type(row).__name__, **msgspec.structs.asdict(row)} for row in parsed.rows]
    return {"rows": rows, "skipped": dict(sorted(parsed.skipped.items()))}


# --- what a source declares -------------------------------------------------------------------


@every_source
def test_a_source_is_named_after_its_module(source: Source) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", source.name)
    assert (Path(sources.__path__[0]) / f"{source.name}.py").exists()


def test_there_is_a_number_for_every_source_in_the_keys_of_market_data() -> None:
    assert len(SOURCES) < 32


@every_source
def test_a_source_says_whose_data_it_is(source: Source) -> None:
    assert source.attribution.strip()
    assert source.attribution_url.startswith("https://")


@every_source
def test_a_source_is_asked_over_https_only(source: Source) -> None:
    urls = [endpoint.url for endpoint in source.endpoints]
    urls += source.history.urls if source.history else ()
    assert urls
    assert all(re.match(r"https://[a-z0-9.-]+/", url) for url in urls)


@every_source
def test_addresses_hold_the_placeholders_that_are_filled_in(source: Source) -> None:
    for endpoint in source.endpoints:
        assert ("{page}" in endpoint.url) == endpoint.paged
    for url in source.history.urls if source.history else ():
        assert "{asset_id}" in url


@every_source
def test_an_endpoint_is_due_on_the_grid_of_the_ticks(source: Source) -> None:
    names = [endpoint.name for endpoint in source.endpoints]
    assert len(set(names)) == len(names)
    assert all(e.cadence >= 900 and e.cadence % 900 == 0 for e in source.endpoints)


@every_source
def test_a_tick_with_the_default_settings_stays_within_the_budget(source: Source) -> None:
    conf = Settings()
    asked = sum(conf.market_pages if e.paged else 1 for e in source.endpoints)
    if source.history:
        asked += conf.history_assets_per_tick * len(source.history.urls)
    assert 0 < asked <= source.requests_per_minute


@every_source
def test_a_key_has_a_name_and_a_header_or_there_is_none(source: Source) -> None:
    assert (source.key_name is None) == (source.key_header is None)
    assert source.key_name or not source.key_required


# --- what a source parses ---------------------------------------------------------------------


@every_offer
def test_every_endpoint_ships_a_plain_payload_that_gives_rows(offer: Offer) -> None:
    assert offer.parse(offer.plain(), TICK).rows


def test_every_payload_and_every_golden_file_belongs_to_an_endpoint() -> None:
    known = {case.file for case in CASES} | {case.golden for case in CASES}
    assert [file for root in (PAYLOADS, GOLDEN) for file in root.rglob("*.*")
            if file not in known] == []  # fmt: skip


@every_case
def test_a_payload_gives_its_golden_rows(case: Case) -> None:
    found = as_golden(case.offer.parse(case.body, TICK))
    if os.environ.get("UPDATE_GOLDEN"):
        case.golden.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False)
        case.golden.write_text(text + "\n", "utf-8")
    assert found == json.loads(case.golden.read_text("utf-8"))


@every_case
def test_every_row_of_a_payload_is_parsed_or_skipped_with_a_reason(case: Case) -> None:
    parsed = case.offer.parse(case.body, TICK)
    assert len(parsed.rows) + parsed.skipped.total() == rows_in(case.body)
    assert all(re.fullmatch(r"[a-z_]+", reason) for reason in parsed.skipped)
    assert all(count > 0 for count in parsed.skipped.values())


@every_case
def test_the_rows_of_a_payload_can_be_relied_on(case: Case) -> None:
    for row in case.offer.parse(case.body, TICK).rows:
        assert_sane(row)
        for name in TIMES:
            assert getattr(row, name, TICK) >= EARLIEST


@every_case
def test_parsing_twice_with_something_else_in_between_gives_the_same(case: Case) -> None:
    first = case.offer.parse(case.body, TICK)
    for other in CASES:
        if other.offer.parse is case.offer.parse and other != case:
            other.offer.parse(other.body, TICK)
    assert case.offer.parse(case.body, TICK) == first


# --- bodies that are not what was asked for ----------------------------------------------------

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
    document = json.loads(offer.plain())
    for node, key in leaves(document):
        right, node[key] = node[key], wrong
        body = json.dumps(document).encode()
        parsed = outcome(offer, body)
        if parsed is not None:
            assert len(parsed.rows) + parsed.skipped.total() == rows_in(body)
        node[key] = right
