"""Every number that is told has a source, an age and a unit, on whatever route."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from api.reads.latest import READINGS
from api.reads.units import FIGURES
from api.routes import ROUTES
from api.routing import Router
from tests.api.calling import PATHS, TICK, Caller, body, insert_price, insert_reading, insert_signal
from tests.api.posting import data, send
from tests.api.test_routes import MORE
from tests.support.sqlite import SqliteDatabase

GOLDEN = Path(__file__).parents[1] / "contract" / "golden"
SIGNAL = f"{TICK}-pump-bitcoin"
ADDRESSES = (
    *PATHS, *MORE, f"/api/v1/signals/by-id/{SIGNAL}", "/api/v1/signals/all?detail=full",
    *(f"/api/v1/analytics/{metric}" for metric in READINGS),
    "/api/v1/dashboard/defi", "/api/v1/dashboard/on-chain", "/api/v1/dashboard/signals",
)  # fmt: skip
READ = ("market:read", "analytics:read", "news:read", "signals:read", "dashboard:read")
# What tells no number of a market, or says itself where its numbers are from.
OTHERS = {
    "/api/v1/events": "whole sentences",
    "/api/v1/signal-log": "texts that a hash is over",
    "/api/v1/dashboard/live": "a stream",
    "/api/v1/dashboard/live/events": "a stream",
    "/api/v1/dashboard/news": "stories as /news tells them, and how many we counted",
    "/api/v1/dashboard/entity": "as /entities and /news tell it, and how many we counted",
    "/api/v1/analytics/detectors": "counts of our own series",
    "/api/v1/dashboard/system": "counted by ourselves just now",
    "/api/v1/me/flags": "no numbers",
    "/api/v1/dashboard/market": "in columns, of which a test says that each row has them",
    "/api/v1/analytics/track_record": "counted by ourselves, when is told",
    "/api/v1/dashboard/track-record": "counted by ourselves, when is told",
    **dict.fromkeys(
        (
            "/api/v1/reports",
            "/api/v1/reports/{period}",
            "/api/v1/reports/custom",
            "/api/v1/dashboard/reports",
            "/api/v1/dashboard/report",
        ),
        "have tests of their own",
    ),
}
COMPACT = {"bars", "points", "sparklines"}  # told in short rows; the prices are those of record
EVIDENCE = {"metadata", "outcomes", "calibrations", "event"}  # says of each number what it is
SHOWN = {"signals", "outflows", "reasons"}  # in a view of the dashboard: with their evidence
PLAIN = {  # the name says it
    "duplicates", "window_seconds", "signals_24h", "signalled_24h", "breadth", "least_volume",
}  # fmt: skip


class Known(NamedTuple):
    """What is known of a number from the objects that it lies in."""

    source: bool = False
    age: bool = False
    unit: bool = False


NOTHING = Known()


def bare(told: Any, units: dict[str, str], name: str = "", known: Known = NOTHING) -> Iterator[str]:
    """Yield what numbers lack: a source, an age or a unit."""
    if isinstance(told, dict):
        known = Known(
            known.source or bool({"source", "sources"} & told.keys()),
            known.age or "age_seconds" in told,
            "unit" in told,
        )
        for key, value in told.items():
            if key not in EVIDENCE | PLAIN | SHOWN:
                yield from bare(value, units, name if name in units else key, known)
    elif isinstance(told, list):
        for one in told:
            yield from bare(one, units, name, known)
    elif isinstance(told, int | float) and not isinstance(told, bool):
        if name not in COMPACT:
            yield from (f"{name}: no {what}" for what in ("source", "age")
                        if not getattr(known, what))  # fmt: skip
        if name not in units and not known.unit:
            yield f"{name}: no unit"


def seed(database: SqliteDatabase) -> None:
    """Insert a reading of each metric with all its figures, a consensus and a signal."""
    insert_price(database, 1, "bitcoin", "BTC", 1031.5, TICK, source_no=31, source="consensus")
    database.connection.execute(
        'UPDATE market_data SET inputs = \'{"used":{"coingecko":1030.5},"rejected":{},'
        "\"spread\":0.5}' WHERE source = 'consensus'"
    )
    for number, (metric, kinds) in enumerate(READINGS.items(), 500):
        insert_reading(database, number, kinds[0], "crypto", 5.0)
        figures = msgspec.json.encode(dict.fromkeys(FIGURES.get(metric, {}), 1.5)).decode()
        database.connection.execute(
            "UPDATE readings SET figures = ? WHERE id >> 26 = ?", (figures, number)
        )
    insert_signal(database, 100, id=SIGNAL)


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_number_has_a_source_an_age_and_a_unit(
    ask: Caller, database: SqliteDatabase, path: str
) -> None:
    seed(database)
    route, _ = Router(ROUTES).find(path.partition("?")[0])
    if route.path not in OTHERS:
        told = msgspec.json.decode(body(ask(path)))
        assert told["data"]
        assert sorted(set(bare(told["data"], told["meta"]["units"]))) == []


def test_the_walk_knows_every_route_that_tells_numbers_of_a_market() -> None:
    walked = {Router(ROUTES).find(path.partition("?")[0])[0].path for path in ADDRESSES}
    telling = {one.path for one in ROUTES if one.method == "GET" and one.permission in READ}
    assert telling - walked - {*OTHERS} == set()
    assert walked & {*OTHERS} <= telling


def test_the_rows_of_a_watchlist_have_them_too(ask: Caller) -> None:
    lists = "/api/v1/watchlists"
    made = data(send(ask, "POST", lists, {"name": "Mine", "symbols": ["BTC"]}), 201)
    told = msgspec.json.decode(body(ask(f"{lists}/{made['watchlist_id']}")))
    assert told["data"]["rows"]
    assert list(bare(told["data"], told["meta"]["units"])) == []


def test_a_number_without_any_of_them_is_seen() -> None:
    row = {"price": 1.5, "source": "a", "age_seconds": 3}
    units = {"price": "USD", "age_seconds": "s"}
    assert list(bare([row], units)) == []
    assert list(bare([row], {"age_seconds": "s"})) == ["price: no unit"]
    assert list(bare({"price": 1.5}, units)) == ["price: no source", "price: no age"]


def test_amounts_are_said_to_be_in_the_currency_that_was_asked_for(ask: Caller) -> None:
    def unit(query: str, name: str) -> str:
        told = msgspec.json.decode(body(ask(f"/api/v1/market-data/BTC?{query}")))
        return str(told["meta"]["units"][name])

    assert (unit("", "price"), unit("currency=ethereum", "price")) == ("USD", "ETH")
    assert unit("currency=eth", "units_per_usd") == "ETH per USD"
    assert (unit("history=1h", "open"), unit("history=1h&currency=eth", "open")) == ("USD", "ETH")


def test_every_figure_that_a_source_tells_beside_a_reading_has_a_unit() -> None:
    metrics = {kind: metric for metric, kinds in READINGS.items() for kind in kinds}
    found = set()
    for path in sorted(GOLDEN.glob("*/*.json")):
        for row in msgspec.json.decode(path.read_bytes())["rows"]:
            metric = metrics.get(row.get("kind", ""))
            if metric is not None:
                found |= {
                    (metric, name)
                    for name, value in row["figures"].items()
                    if not isinstance(value, str)
                }
    assert found
    assert {
        (metric, name) for metric, name in found if name not in FIGURES.get(metric, {})
    } == set()
