"""A tick: what is due, what keys do, what is kept and what happens when something else fails."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from collection.news import sentiment
from collection.source import Endpoint, History, Source
from collection.sources.coingecko import BASE, parse_history, parse_markets
from collection.status import status
from collection.store.prices import KNOWN_ASSETS
from common.database import Row, Statement
from common.errors import Retryable
from common.models import Parsed, Quote
from tests.collection.desk import CORE, FEEDS, QUARTER, TICK, Desk, only
from tests.support.simulator import GECKO, Simulator

MARKETS = f"{BASE}/coins/markets?vs_currency=usd&per_page=5&page=1"
HOUR = 3600


def source(name: str = "market", **more: Any) -> Source:
    markets = (Endpoint("markets", MARKETS, parse_markets),)
    declared = {"endpoints": markets, "coverage": "aggregate", **more}
    return Source(name, name.title(), "https://market.example", requests_per_minute=10, **declared)


def breaks(body: bytes, tick: int) -> Parsed:
    raise ValueError("a case nobody thought of")


@pytest.mark.parametrize(
    ("tick", "asked"),
    [(TICK + QUARTER, 1), (TICK + 3 * QUARTER, 1), (TICK + HOUR, 2), (TICK + 60, 2)],
    ids=["quarter past", "quarter to", "the next hour", "fired by hand"],
)
def test_an_hourly_endpoint_is_due_on_the_hour_and_when_fired_by_hand(
    desk: Desk, simulator: Simulator, tick: int, asked: int
) -> None:
    hourly = Endpoint("hourly", MARKETS, parse_markets, cadence=HOUR)
    every = Endpoint("every", MARKETS, parse_markets)
    desk.tick(TICK, [source(endpoints=(hourly, every))])
    simulator.set_clock(tick)
    simulator.forget_requests()
    desk.tick(tick, [source(endpoints=(hourly, every))])
    assert simulator.requests(GECKO) == {"/api/v3/coins/markets": asked}


def test_a_source_that_needs_a_key_is_off_without_it_and_says_which(
    desk: Desk, simulator: Simulator
) -> None:
    keyed = source(key_name="MARKET_KEY", key_header="x-key", key_required=True)
    for keys in ({}, {"MARKET_KEY": ""}):
        desk.tick(sources=[keyed, *CORE], keys=keys)
        assert desk.state("market") == ("off", "MARKET_KEY is not set")
    assert desk.run("market")["requests"] == 0
    assert desk.state("coingecko") == ("ok", None)
    desk.tick(sources=[keyed], keys={"MARKET_KEY": "k"})
    assert desk.state("market") == ("ok", None)


def asked_headers(upstream: str, key: str | None, history: int = 0) -> list[httpx.Headers]:
    """Return the headers of what a keyed source with one new asset asks for."""
    seen: list[httpx.Headers] = []
    keyed = source(
        key_name="MARKET_KEY",
        key_header="x-key",
        history=History((f"{BASE}/coins/{{asset_id}}/market_chart?days=1",), parse_history),
    )

    class Listening(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request.headers)
            return await super().handle_async_request(request)

    desk = Desk(upstream)
    desk.transport = Listening(verify=False)
    desk.tick(sources=[keyed], keys={"MARKET_KEY": key} if key else {}, history=history)
    desk.database.connection.close()
    return seen


def test_a_key_travels_in_the_declared_header(simulator: Simulator) -> None:
    assert [headers.get("x-key") for headers in asked_headers(simulator.address, "k")] == ["k"]


def test_an_optional_key_that_is_not_set_sends_no_header(simulator: Simulator) -> None:
    assert [headers.get("x-key") for headers in asked_headers(simulator.address, None)] == [None]


def test_history_is_asked_for_with_the_key_too(simulator: Simulator) -> None:
    headers = asked_headers(simulator.address, "k", history=1)
    assert [each.get("x-key") for each in headers] == ["k", "k"]


def test_no_key_reaches_the_log_or_the_database(desk: Desk, simulator: Simulator) -> None:
    simulator.fault(GECKO, "500")
    desk.tick(keys={"COINGECKO_API_KEY": "secret-of-ours"})
    assert "secret-of-ours" not in repr(desk.lines) + repr(desk.dump()) + repr(desk.raw.bodies)


def kept(desk: Desk, source: str) -> dict[str, bytes]:
    """Return the kept bodies of a source at TICK by endpoint and number."""
    start = f"raw/{source}/2026-11-20/1200/{TICK}.zip:"
    return {k.removeprefix(start): v for k, v in desk.raw.bodies.items() if k.startswith(start)}


def test_every_body_is_kept_under_source_day_and_time(desk: Desk) -> None:
    desk.tick(pages=2)
    assert list(kept(desk, "coingecko")) == ["markets-1", "markets-2", "global-1"]
    assert all(list(kept(desk, feed)) == ["feed-1"] for feed in FEEDS)
    assert len(desk.raw.objects) == len(CORE)
    pages = (kept(desk, "coingecko")[name] for name in ("markets-1", "markets-2"))
    rows = [row for page in pages for row in parse_markets(page, TICK).rows]
    stored = {row.asset_id: row.price for row in rows if isinstance(row, Quote)}
    assert stored == {asset: quote[1] for asset, quote in desk.quotes().items()}


def test_a_body_that_cannot_be_parsed_is_kept_as_well(desk: Desk, simulator: Simulator) -> None:
    simulator.fault(GECKO, "not_json", path="markets")
    desk.tick()
    assert b"Throttled" in kept(desk, "coingecko")["markets-1"]


def test_a_bucket_that_fails_is_logged_and_costs_nothing_else(desk: Desk, other_desk: Desk) -> None:
    desk.raw.broken = True
    desk.tick()
    other_desk.tick()
    assert desk.dump() == other_desk.dump()
    refused = [line for line in desk.lines if line["message"] == "raw bodies not kept"]
    assert len(refused) == len(CORE)
    assert all(line["metadata"]["reason"] == "no bucket today" for line in refused)


def test_a_parser_that_breaks_costs_its_source_and_not_the_tick(desk: Desk) -> None:
    broken = source("broken", endpoints=(Endpoint("markets", MARKETS, breaks),))
    desk.tick(sources=[broken, *CORE])
    assert desk.state("broken")[0] == "degraded"
    assert desk.state("coingecko") == ("ok", None)
    assert desk.count("news_items") == 100


def test_rows_that_cannot_be_stored_degrade_their_source_only(desk: Desk) -> None:
    desk.refuse_batch(2)  # the first one registers the sources
    desk.tick(sources=only("coindesk", "decrypt"))
    assert desk.state("coindesk") == ("degraded", "not stored: database is busy")
    assert desk.state("decrypt") == ("ok", None)
    assert desk.count("news_items") == 25
    desk.tick(sources=only("coindesk", "decrypt"))
    assert desk.state("coindesk") == ("ok", None)
    assert desk.count("news_items") == 50


def test_assets_that_cannot_be_read_degrade_the_feed_only(desk: Desk) -> None:
    desk.tick(sources=only("coingecko"))
    read = desk.database.all

    async def busy_once(statement: Statement) -> list[Row]:
        if statement.sql != KNOWN_ASSETS:
            return await read(statement)
        desk.database.all = read  # type: ignore[method-assign]
        raise Retryable("database is busy")

    desk.database.all = busy_once  # type: ignore[method-assign]
    desk.tick(sources=only("coindesk", "decrypt"))
    assert desk.state("coindesk") == ("degraded", "not stored: database is busy")
    assert desk.state("decrypt") == ("ok", None)


def test_history_that_cannot_be_stored_does_not_hide_what_the_tick_did(desk: Desk) -> None:
    desk.refuse_batch(3)  # sources, prices, history
    desk.tick(sources=only("coingecko"), history=2)
    assert desk.run("coingecko")["parsed"] == 251
    assert desk.count("assets", "history_from IS NOT NULL") == 0
    desk.tick(sources=only("coingecko"), history=2)
    assert desk.count("assets", "history_from IS NOT NULL") == 2


def test_a_source_of_prices_joins_with_its_terms_and_keeps_its_number(desk: Desk) -> None:
    desk.tick(sources=[source("first")])
    desk.tick(sources=[source("second"), source("first", endpoints=())])
    desk.tick(sources=[source("third"), source("a_feed", coverage=None)])
    numbers = desk.database.rows("SELECT source, source_no, attribution FROM sources ORDER BY 2")
    assert numbers == [
        ("a_feed", None, "A_Feed"), ("first", 1, "First"), ("second", 2, "Second"),
        ("third", 3, "Third"),
    ]  # fmt: skip


def test_the_key_of_a_price_is_its_asset_minute_and_source(desk: Desk) -> None:
    desk.tick()
    wrong = desk.database.rows(
        "SELECT m.id FROM market_data m JOIN assets a USING (asset_id) JOIN sources s"
        " ON s.source = m.source"
        " WHERE m.id <> (a.asset_no << 31) | ((m.timestamp / 60) << 5) | s.source_no"
    )
    assert wrong == []
    assert max(desk.database.rows("SELECT max(id) FROM market_data"))[0] < 2**53


def test_every_stored_row_has_a_source_and_a_time_of_its_own(desk: Desk) -> None:
    desk.tick()
    assert desk.database.rows("SELECT DISTINCT source, timestamp FROM market_data") == [
        ("coingecko", TICK)
    ]
    assert desk.count("market_data", f"observed_at BETWEEN {TICK - 21_600} AND {TICK}") == 250
    assert {row[0] for row in desk.database.rows("SELECT source FROM news_items")} == set(FEEDS)


def test_stories_carry_their_tone_and_the_model_it_came_from(desk: Desk) -> None:
    desk.tick()
    rows = desk.database.rows("SELECT sentiment, sentiment_model FROM news_items")
    assert all(-1 <= tone <= 1 and model == sentiment.MODEL for tone, model in rows)
    assert len({tone for tone, _ in rows}) > 10


def test_a_crypto_feed_means_the_coin_by_a_name_that_is_a_word_too(
    desk: Desk, simulator: Simulator
) -> None:
    later = TICK + 40 * 86_400
    simulator.plant("sentiment_turn", "avalanche-2", later - 4 * HOUR, 1.0)
    simulator.set_clock(later)
    desk.tick(later)
    assert desk.count("news_mentions", "entity_name = 'avalanche-2'") >= 4


def test_the_status_names_every_source_and_the_backlog(desk: Desk, simulator: Simulator) -> None:
    assert json.loads(asyncio.run(status(desk.database))) == {
        "last_tick": None, "history_missing": 0, "sources": {}, "runs": {},
    }  # fmt: skip
    simulator.fault(GECKO, "500", path="global")
    desk.tick()
    found = json.loads(asyncio.run(status(desk.database, TICK)))
    assert {run["state"] for name, run in found["runs"].items() if name != "coingecko"} == {"ok"}
    assert found["runs"]["coingecko"]["state"] == "degraded"
    assert (found["last_tick"], found["history_missing"]) == (TICK, 250)
    assert set(found["sources"]) == {s.name for s in CORE}
    assert found["sources"]["coingecko"] == {
        "state": "degraded", "reason": "global: HTTP 500", "last_tick": TICK, "last_success": None,
    }  # fmt: skip
