"""What holds for every registered source, and its payloads' golden rows.

A new source needs no change here; if its rows lie inside an object, it gets a line in ROWS of
offers.py. It brings
    payloads/<source>/<endpoint>.json, or .xml, and any <endpoint>_<case>.json beside it,
small bodies written by hand in the provider's shape as of TICK, with its traps
("history" is the name of a source's history); their golden rows are made with
    UPDATE_GOLDEN=1 python -m pytest tests/contract/test_every_source.py
and read before they are committed.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from collection import sources
from collection.source import Endpoint, Source
from collection.sources import SOURCES
from common.models import Parsed
from common.settings import Settings
from tests.contract.offers import (
    CASES,
    GOLDEN,
    PAYLOADS,
    TICK,
    TIMES,
    Case,
    Offer,
    assert_sane,
    every_case,
    every_offer,
    identity,
)

EARLIEST = 1_230_768_000  # 2009, before which no cryptocurrency had a price
EVERY_TICK = 900
PLACEHOLDERS = {"page", "limit", "items", "key"}

every_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)


def as_golden(parsed: Parsed) -> Any:
    rows = [{"row": type(row).__name__, **msgspec.structs.asdict(row)} for row in parsed.rows]
    return {"rows": rows, "skipped": dict(sorted(parsed.skipped.items()))}


# --- what a source declares -------------------------------------------------------------------


@every_source
def test_a_source_is_named_after_its_module(source: Source) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", source.name)
    assert (Path(sources.__path__[0]) / f"{source.name}.py").exists()


def test_there_is_a_number_for_every_market_source_in_the_keys_of_market_data() -> None:
    assert sum(source.coverage is not None for source in SOURCES) < 31


@every_source
def test_a_source_says_whose_data_it_is(source: Source) -> None:
    assert source.attribution.strip()
    assert source.attribution_url.startswith("https://")
    assert source.off_reason is None or source.off_reason.strip()


@every_source
def test_a_source_is_asked_over_https_only(source: Source) -> None:
    urls = [endpoint.url for endpoint in source.endpoints]
    urls += source.history.urls if source.history else ()
    assert urls
    assert all(re.match(r"https://[a-z0-9.-]+/", url) for url in urls)


@every_source
def test_addresses_hold_the_placeholders_that_are_filled_in(source: Source) -> None:
    for endpoint in source.endpoints:
        held = re.findall(r"\{(.*?)\}", endpoint.url)
        assert len(set(held)) == len(held)
        assert set(held) <= PLACEHOLDERS
        assert ("items" in held) == (endpoint.fill is not None)
        if fill := endpoint.fill:
            assert bool(fill.values) != bool(fill.known)
            assert bool(fill.chain) == (fill.known == "address")
            assert fill.form.count("{}") == 1
            assert 0 < fill.chunk <= fill.at_most
            assert len(fill.values) <= fill.at_most
    for url in source.history.urls if source.history else ():
        assert re.findall(r"\{(.*?)\}", url) == ["asset_id"]


@every_source
def test_what_is_posted_is_json(source: Source) -> None:
    for endpoint in source.endpoints:
        assert endpoint.post is None or json.loads(endpoint.post)


@every_source
def test_an_endpoint_is_due_on_the_grid_of_the_ticks(source: Source) -> None:
    names = [endpoint.name for endpoint in source.endpoints]
    assert len(set(names)) == len(names)
    assert all(e.cadence >= 900 and e.cadence % 900 == 0 for e in source.endpoints)
    assert all(e.max_bytes > 0 for e in source.endpoints)


def requests_of(endpoint: Endpoint) -> int:
    """Count the requests that an endpoint takes with the default settings."""
    fill = endpoint.fill
    items = (len(fill.values) or fill.at_most) if fill else 1
    chunks = -(-items // fill.chunk) if fill else 1
    return chunks * (Settings().market_pages if endpoint.paged else 1)


@every_source
def test_everything_that_is_due_at_once_stays_within_the_budget(source: Source) -> None:
    asked = [requests_of(endpoint) for endpoint in source.endpoints]
    assert all(count > 0 for count in asked)
    assert sum(asked) <= source.requests_per_minute
    assert 1 <= source.burst <= source.requests_per_minute * 2


@every_source
def test_an_ordinary_tick_leaves_room_for_its_share_of_history(source: Source) -> None:
    always = sum(requests_of(e) for e in source.endpoints if e.cadence == EVERY_TICK)
    share = Settings().history_assets_per_tick * len(source.history.urls) if source.history else 0
    assert always + share <= source.requests_per_minute


@every_source
def test_a_key_has_a_name_and_one_way_to_travel_or_there_is_none(source: Source) -> None:
    in_addresses = ["{key}" in endpoint.url for endpoint in source.endpoints]
    ways = (source.key_header is not None) + any(in_addresses)
    assert ways == (1 if source.key_name else 0)
    assert all(in_addresses) == any(in_addresses)
    assert source.key_name is None or re.fullmatch(r"[A-Z][A-Z0-9_]+", source.key_name)
    if any(in_addresses):
        assert source.key_required, "an address without its key is no address"
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
    assert len(parsed.rows) + parsed.skipped.total() == case.offer.rows_in(case.body)
    assert all(re.fullmatch(r"[a-z_]+", reason) for reason in parsed.skipped)
    assert all(count > 0 for count in parsed.skipped.values())


@every_case
def test_the_rows_of_a_payload_can_be_relied_on(case: Case) -> None:
    for row in case.offer.parse(case.body, TICK).rows:
        assert_sane(row)
        for name in TIMES:
            assert getattr(row, name, TICK) >= EARLIEST


@every_case
def test_no_two_rows_of_a_payload_are_the_same_thing(case: Case) -> None:
    found = [identity(row) for row in case.offer.parse(case.body, TICK).rows]
    assert len(set(found)) == len(found)


@every_case
def test_parsing_twice_with_something_else_in_between_gives_the_same(case: Case) -> None:
    first = case.offer.parse(case.body, TICK)
    for other in CASES:
        if other.offer.parse is case.offer.parse and other != case:
            other.offer.parse(other.body, TICK)
    assert case.offer.parse(case.body, TICK) == first
