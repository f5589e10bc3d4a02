"""Sources in unusual trouble: what it costs, and what it must not."""

import json
from typing import Any

import msgspec
import pytest

from collection.payload import Rows, parse_rows
from collection.source import Source
from collection.store.runs import Memory
from collection.symbols import Known, SymbolSpace
from common.errors import Skippable
from common.models import HistoryPoint, Listing, Parsed
from tests.collection.desk import QUARTER, TICK, Desk, only, registered
from tests.support.simulator import GECKO, Simulator


class Row(msgspec.Struct):
    """A provider's row."""

    id: str


def empty(body: bytes, tick: int) -> Parsed:
    return parse_rows(b"[]", Rows(Row), lambda row: HistoryPoint(row.id, 0, 1.0, None, None), id)


def test_half_an_emoji_costs_a_character_and_not_the_payload() -> None:
    body = rb'[{"id": "a\ud83d"}, {"id": "b"}]'
    rows = parse_rows(
        body, Rows(Row), lambda row: HistoryPoint(row.id, 0, 1.0, None, None), lambda row: row.id
    ).rows
    assert [row.asset_id for row in rows if isinstance(row, HistoryPoint)] == ["a?", "b"]


def test_a_symbol_means_the_asset_that_is_still_listed() -> None:
    space = SymbolSpace(
        [
            Known("ether-old", "ETH", "Ethereum", 2000.0, listed=False),
            Known("ethereum", "ETH", "Ethereum", 2000.0, listed=True),
        ],
        {},
    )
    for name in (None, "Ethereum"):
        listing = Listing("ETH", "ETH", name, None, 2001.0, None, None, TICK)
        assert space.quote("kraken", listing).asset_id == "ethereum"


def test_without_any_listed_asset_a_symbol_means_what_it_meant() -> None:
    space = SymbolSpace([Known("one", "ONE", "One", 1.0, listed=False)], {})
    listing = Listing("ONE", "ONE", None, None, 1.0, None, None, TICK)
    assert space.quote("kraken", listing).asset_id == "one"
    with pytest.raises(Skippable):
        space.quote("kraken", Listing("TWO", "TWO", None, None, 1.0, None, None, TICK))


@pytest.mark.parametrize("name", ["coingecko", "decrypt"])
def test_an_answer_without_anything_in_it_is_not_success(desk: Desk, name: str) -> None:
    (source,) = only(name)
    few = tuple(msgspec.structs.replace(one, parse=empty) for one in source.endpoints[:1])
    desk.tick(sources=[msgspec.structs.replace(source, endpoints=few)])
    assert desk.state(name) == ("degraded", f"{few[0].name}: an empty list")
    assert desk.count("endpoint_states") == 0


def test_a_replay_heals_only_what_it_has_bodies_for(desk: Desk, simulator: Simulator) -> None:
    simulator.fault(GECKO, "500", path="global")
    desk.tick()
    desk.tick(again=True)
    assert desk.state("coingecko") == ("degraded", "global: HTTP 500")
    assert desk.run("coingecko")["requests"] > 0
    simulator.heal()
    desk.tick()
    assert desk.state("coingecko") == ("ok", None)


def test_what_may_not_be_handed_on_mentions_nobody_and_is_nobodys_original(
    desk: Desk, other_desk: Desk
) -> None:
    (feed,) = only("decrypt")
    secret = msgspec.structs.replace(feed, redistributable=False)
    desk.tick(sources=[secret])
    assert (desk.count("news_items"), desk.count("news_mentions")) == (25, 0)
    copy = msgspec.structs.replace(feed, name="public")
    desk.database.connection.execute("UPDATE news_items SET news_id = 's-' || news_id")
    desk.tick(TICK, [copy])
    other_desk.tick(TICK, [copy])
    repeated = "duplicate_of IS NOT NULL AND source = 'public'"
    assert desk.count("news_items", repeated) == other_desk.count("news_items", repeated)


def test_a_source_that_begins_to_price_assets_gets_the_next_number(desk: Desk) -> None:
    (feed,) = only("decrypt")
    desk.tick(sources=[*only("coingecko"), feed])
    priced = msgspec.structs.replace(feed, coverage="venue")
    another = msgspec.structs.replace(feed, name="another", coverage="aggregate")
    desk.tick(TICK + QUARTER, [*only("coingecko"), priced, another])
    numbers = dict(desk.database.rows("SELECT source, source_no FROM sources"))
    assert sorted(numbers.values()) == [1, 2, 3]
    assert numbers["coingecko"] == 1


def test_the_market_source_after_the_thirtieth_is_known_and_stores_no_price(desk: Desk) -> None:
    (gecko,) = only("coingecko")
    desk.tick(sources=[gecko])
    for number in range(2, 31):
        desk.database.connection.execute(
            "INSERT INTO sources (source, source_no, state, attribution, attribution_url)"
            " VALUES (?, ?, 'off', 'x', 'x')", (f"s{number}", number),
        )  # fmt: skip
    late = msgspec.structs.replace(gecko, name="late")
    desk.tick(TICK + QUARTER, [late])
    assert desk.count("sources", "source = 'late' AND source_no IS NULL") == 1
    assert desk.count("market_data", "source = 'late'") == 0


# --- feeds that users add ---------------------------------------------------------------------


def feeds(count: int) -> list[Source]:
    (feed,) = only("decrypt")
    return [
        msgspec.structs.replace(feed, name=f"feed:{number}", guarded=True, shared=False)
        for number in range(count)
    ]


def test_what_users_added_comes_after_everything_else_is_stored(desk: Desk) -> None:
    desk.tick(sources=[*feeds(5), *registered("coindesk")])
    order = [line["message"] for line in desk.lines if line["message"].startswith("collected")]
    assert order[0] == "collected coindesk"
    assert sorted(order[1:]) == [f"collected feed:{number}" for number in range(5)]


def test_no_more_feeds_are_asked_in_a_tick_than_it_can_hold_and_the_others_come_next(
    desk: Desk,
) -> None:
    many = feeds(70)
    desk.tick(sources=many)
    assert desk.count("source_runs") == 60
    desk.tick(TICK + QUARTER, many)
    asked = desk.database.rows("SELECT count(DISTINCT source) FROM source_runs")
    assert asked == [(70,)]


def test_who_was_not_asked_for_longest_comes_first() -> None:
    memory = Memory({}, [("a", "feed", TICK - QUARTER, {}), ("b", "feed", TICK - 3600, {})])
    assert sorted(["a", "b", "c"], key=memory.newest) == ["c", "b", "a"]


def detected(database: Any) -> list[Any]:
    from signals.store.points import LOAD_PRICES

    rows = database.connection.execute(
        LOAD_PRICES, ["{}", float(TICK), 86_400.0, 1000.0, "[]"]
    ).fetchall()
    return [json.loads(row["prices"]) for row in rows]


def test_detectors_do_not_take_one_venues_volume_for_the_markets(
    desk: Desk, simulator: Simulator
) -> None:
    prices = {"markets", "products"}
    sources = [
        msgspec.structs.replace(s, endpoints=tuple(e for e in s.endpoints if e.name in prices))
        for s in registered("coingecko", "coinbase")
    ]
    desk.tick(sources=sources)
    desk.database.connection.execute("UPDATE assets SET history_from = 1")
    desk.database.connection.execute("DELETE FROM market_data WHERE source <> 'coinbase'")
    series = detected(desk.database)
    assert series
    assert {point[2] for prices_of in series for point in prices_of} == {None}
