"""What is served besides prices and signals, and what must never be."""

import json
from typing import Any

import pytest

from api.reads.latest import READINGS
from common.readings import READING_KINDS
from common.times import iso
from tests.api.calling import NOW, PATHS, TICK, Caller, body, insert, insert_price, insert_reading
from tests.api.test_routes import MORE
from tests.support.sqlite import SqliteDatabase

NOT_OURS = "not-ours"


def names(ask: Caller, path: str) -> list[str]:
    return [row["key"] for row in ask.data(path)["rows"]]


def test_a_reading_has_value_unit_source_time_and_attribution(ask: Caller) -> None:
    assert ask.data("/api/v1/analytics/tvl") == {
        "rows": [
            {
                "kind": "protocol_tvl", "key": "aave", "name": "Aave", "value": 2.5e10,
                "unit": "USD", "figures": {"change_1d": -1.5}, "about": {"category": "Lending"},
                "source": "coingecko", "observed_at": iso(TICK - 30),
                "age_seconds": int(NOW) - TICK + 30,
            }
        ],
        "attribution": {
            "coingecko": {"text": "Data by coingecko", "url": "https://a.example"},
        },
    }  # fmt: skip


def test_the_newest_reading_of_a_series_is_told(ask: Caller, database: SqliteDatabase) -> None:
    insert(database, "readings", id=400 << 26 | (TICK - 900) // 60, value=1.0, observed_at=TICK)
    assert [row["value"] for row in ask.data("/api/v1/analytics/tvl")["rows"]] == [2.5e10]


def test_the_largest_come_first_and_of_ranks_the_smallest(
    ask: Caller, database: SqliteDatabase
) -> None:
    for number, value in enumerate((3.0, 9.0, 6.0), 10):
        insert_reading(database, number, "pool", f"p{value:.0f}", value)
        insert_reading(database, 90 + number, "trending", f"t{value:.0f}", value)
    assert names(ask, "/api/v1/analytics/pools") == ["p9", "p6", "p3"]
    assert names(ask, "/api/v1/analytics/trending") == ["t3", "t6", "t9"]
    assert names(ask, "/api/v1/analytics/pools?limit=1") == ["p9"]


def test_pools_are_ordered_by_liquidity_and_not_by_price(
    ask: Caller, database: SqliteDatabase
) -> None:
    for number, (price, liquidity) in enumerate(((70_000.0, 5), (1.0, 900), (2.0, 40)), 10):
        insert_reading(database, number, "pool", f"p{liquidity}", price)
        database.connection.execute(
            "UPDATE readings SET figures = ? WHERE id >> 26 = ?",
            (f'{{"liquidity":{liquidity}}}', number),
        )
    assert names(ask, "/api/v1/analytics/pools") == ["p900", "p40", "p5"]


def test_a_reading_of_the_week_before_is_not_told_as_todays(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_reading(database, 10, "pool", "gone", 5.0, tick=TICK - 3 * 86_400)
    assert names(ask, "/api/v1/analytics/pools") == []


def test_every_metric_of_readings_is_of_known_kinds() -> None:
    assert {kind for kinds in READINGS.values() for kind in kinds} <= set(READING_KINDS)


def test_exchange_rates_say_whose_they_are(ask: Caller, database: SqliteDatabase) -> None:
    insert_reading(database, 10, "exchange_rate", "eur", 0.875)
    told = ask.data("/api/v1/analytics/exchange_rates")
    (row,) = told["rows"]
    assert (row["key"], row["value"], row["unit"]) == ("eur", 0.875, "units per USD")
    assert told["attribution"] == {
        "coingecko": {"text": "Data by coingecko", "url": "https://a.example"}
    }


@pytest.mark.parametrize("metric", READINGS)
def test_a_metric_without_readings_is_an_empty_list(ask: Caller, metric: str) -> None:
    if metric != "tvl":
        assert ask.data(f"/api/v1/analytics/{metric}")["rows"] == []


# --- what may not be handed on --------------------------------------------------------------


@pytest.fixture(params=["redistributable", "shared"])
def withheld(request: Any, database: SqliteDatabase) -> str:
    """A source whose data is stored and not for everybody: news, a reading, figures, mentions."""
    insert(
        database, "sources", source=NOT_OURS, source_no=9, state="ok", last_tick=TICK,
        last_success=TICK, attribution="Theirs alone", attribution_url="https://b.example",
        **{request.param: 0},
    )  # fmt: skip
    for number, kind in enumerate({kind for kinds in READINGS.values() for kind in kinds}, 500):
        insert_reading(database, number, kind, "secret-thing", 7e77, source=NOT_OURS)
    insert(
        database, "market_global", timestamp=TICK + 900, source=NOT_OURS, total_market_cap=7e77,
        total_volume=7e77, btc_dominance=77.0, market_cap_change_24h=7.0,
    )  # fmt: skip
    insert(
        database, "news_items", news_id="n7", source=NOT_OURS, title="secret-thing happens",
        url="https://secret-thing.example", published_at=TICK, tick=TICK, sentiment=0.5,
    )  # fmt: skip
    for entity in ("bitcoin", "secret-thing"):
        insert(
            database, "news_mentions", entity_type="asset", entity_name=entity,
            published_at=TICK, news_id="n7", source=NOT_OURS,
        )  # fmt: skip
    return NOT_OURS


def test_nothing_of_a_source_that_forbids_it_is_served_on_any_route(
    ask: Caller, withheld: str
) -> None:
    paths = [*PATHS, *MORE, *(f"/api/v1/analytics/{metric}" for metric in READINGS)]
    for path in paths:
        answer = ask(path)
        assert answer.status == 200
        told = json.loads(body(answer))["data"]
        if path.endswith(("/analytics/sources", "/source_quality", "/dashboard/overview")):
            continue  # these say that the source exists and how it is, which is ours to say
        assert withheld not in json.dumps(told)
    for path in paths:
        assert "secret-thing" not in body(ask(path))
        assert "7e77" not in body(ask(path)).replace("7e+77", "7e77")
    assert ask("/api/v1/entities/secret-thing").status == 404


def test_a_price_of_a_source_that_forbids_it_is_left_out_of_the_list(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert(
        database, "sources", source=NOT_OURS, source_no=9, state="ok", redistributable=0,
        attribution="Theirs alone", attribution_url="https://b.example",
    )  # fmt: skip
    insert_price(database, 1, "bitcoin", "BTC", 77.0, TICK, source_no=9, source=NOT_OURS)
    insert_price(database, 1, "bitcoin", "BTC", 1030.5, TICK, source_no=31, source="consensus")
    data = ask.data("/api/v1/market-data/BTC")
    assert [one["source"] for one in data["sources"]] == ["coingecko"]


# --- entities -----------------------------------------------------------------------------------


def test_an_entity_is_told_with_its_mentions_and_company(ask: Caller) -> None:
    assert ask.data("/api/v1/entities/bitcoin") == {
        "name": "bitcoin",
        "sources": ["coindesk"],
        "mentions": [
            {
                "type": "asset", "source": "coindesk", "count": 1, "last_seen": iso(TICK - 600),
                "age_seconds": int(NOW) - TICK + 600,
            }
        ],
        "relations": [
            {
                "type": "asset", "role": "object", "kind": "lists", "stories": 1,
                "with": {"type": "exchange", "name": "Kraken"}, "last_seen": iso(TICK - 600),
                "age_seconds": int(NOW) - TICK + 600,
            }
        ],
    }  # fmt: skip


def test_relations_are_counted_over_the_days_that_were_asked_for(
    ask: Caller, database: SqliteDatabase
) -> None:
    for number, days in enumerate((1, 3, 40)):
        insert(
            database, "news_items", news_id=f"m{number}", source="coindesk", title="x",
            url="https://news.example/x", published_at=TICK - days * 86_400, tick=TICK,
        )  # fmt: skip
        insert(
            database, "news_relations", news_id=f"m{number}", subject_type="asset",
            subject_name="bitcoin", object_type="regulator", object_name="SEC",
            kind="mentioned_with", published_at=TICK - days * 86_400,
        )  # fmt: skip

    def stories(query: str) -> int:
        relations = ask.data(f"/api/v1/entities/bitcoin{query}")["relations"]
        (found,) = [one for one in relations if one["with"]["name"] == "SEC"]
        assert found["role"] is None
        return int(found["stories"])

    assert (stories("?days=2"), stories(""), stories("?days=90")) == (1, 2, 3)


def test_the_type_of_a_name_may_be_asked_for(ask: Caller) -> None:
    wrong = ask("/api/v1/entities/bitcoin?type=foo")
    assert "It may be asset, exchange, protocol, person, chain, regulator." in body(wrong)
    assert ask("/api/v1/entities/bitcoin?type=asset").status == 200
    assert ask("/api/v1/entities/bitcoin?type=person").status == 404


def test_a_name_that_nobody_mentions_is_a_404_that_says_how_names_are_written(ask: Caller) -> None:
    answer = ask("/api/v1/entities/nobody")
    assert answer.status == 404
    assert "Assets are named by their id" in body(answer)
