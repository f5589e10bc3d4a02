"""Volatility, correlation, tone and the quality of sources, against numbers made by hand."""

import math
from typing import Any

import msgspec
import pytest

from api.reads.returns import correlation, log_returns, volatility
from common.times import iso
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_price
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/analytics/"
HOUR, DAY = 3600, 86_400
LAST_HOUR = TICK // HOUR * HOUR


def closes(database: SqliteDatabase, asset: str, hours: int) -> list[float]:
    """Return the last price of each full hour, oldest first."""
    return [
        database.rows(
            "SELECT price FROM market_data WHERE asset_id = ? AND timestamp > ? AND timestamp <= ?"
            " ORDER BY id DESC LIMIT 1",
            asset, LAST_HOUR - (ago + 1) * HOUR, LAST_HOUR - ago * HOUR,
        )[0][0]
        for ago in range(hours, -1, -1)
    ]  # fmt: skip


# --- the formulas ---------------------------------------------------------------------------


def test_volatility_is_the_sample_deviation_for_a_year_in_percent() -> None:
    prices = [100.0 * math.exp(0.01 * (number % 2)) for number in range(26)]
    returns = log_returns(prices)  # 13 times 0.01, 12 times -0.01
    mean = 0.01 / 25
    variance = (13 * (0.01 - mean) ** 2 + 12 * (-0.01 - mean) ** 2) / 24
    assert volatility(returns) == (round(100 * math.sqrt(variance * 8760), 4), 25)


def test_an_hour_without_a_price_breaks_the_series_and_nothing_is_filled_in() -> None:
    assert log_returns([1.0, None, 1.0, math.e]) == [None, None, 1.0]
    assert volatility([0.1] * 23 + [None]) == (None, 23)
    assert correlation([0.1] * 23 + [None], [0.1] * 24) == (None, 23)


def test_correlation_is_pearsons_of_the_hours_that_both_have() -> None:
    first: list[float | None] = [math.sin(number) for number in range(30)]
    assert correlation(first, [2 * (one or 0) + 1 for one in first]) == (1.0, 30)
    assert correlation(first, [-(one or 0) for one in first]) == (-1.0, 30)
    assert correlation(first, [0.5] * 30) == (None, 30)
    left = correlation([None, *first[1:]], [math.cos(number) for number in range(30)])
    assert left[1] == 29
    assert abs(left[0] or 1) < 0.2


# --- the routes -----------------------------------------------------------------------------


def test_volatility_is_of_the_hourly_closes_of_the_window(
    ask: Caller, database: SqliteDatabase
) -> None:
    told = ask.data(f"{PATH}volatility?days=1")
    assert (told["window_seconds"], told["as_of"]) == (DAY, iso(LAST_HOUR))
    assert (told["source"], told["age_seconds"]) == ("consensus", int(NOW) - LAST_HOUR)
    assert [one["asset_id"] for one in told["assets"]] == ["bitcoin", "ethereum"]
    for one in told["assets"]:
        expected = volatility(log_returns(closes(database, one["asset_id"], 24)))
        assert (one["volatility"], one["n"]) == expected
    assert told["assets"][0]["n"] == 24


@pytest.mark.parametrize("flag", ["redistributable", "shared"])
def test_a_price_that_may_not_be_handed_on_moves_no_volatility(
    database: SqliteDatabase, flag: str
) -> None:
    before = Caller(database).data(f"{PATH}volatility?days=1")["assets"]
    insert(
        database, "sources", source="theirs", source_no=9, state="ok", last_tick=TICK,
        attribution="Theirs", attribution_url="https://b.example", **{flag: 0},
    )  # fmt: skip
    insert_price(database, 1, "bitcoin", "BTC", 7e7, LAST_HOUR - HOUR, source_no=9, source="theirs")
    assert Caller(database).data(f"{PATH}volatility?days=1")["assets"] == before


def test_a_window_longer_than_the_past_counts_what_there_is(ask: Caller) -> None:
    (one,) = ask.data(f"{PATH}volatility?limit=1")["assets"]
    assert one["n"] == 29 or one["n"] == 30


def test_correlation_is_told_of_each_pair(ask: Caller, database: SqliteDatabase) -> None:
    (pair,) = ask.data(f"{PATH}correlation?symbols=btc,ETH,BTC&days=1")["pairs"]
    returns = [log_returns(closes(database, one, 24)) for one in ("bitcoin", "ethereum")]
    assert (pair["asset_ids"], pair["symbols"]) == (["bitcoin", "ethereum"], ["BTC", "ETH"])
    assert (pair["correlation"], pair["n"]) == correlation(*returns)


def test_symbols_that_nothing_is_collected_of_are_named(ask: Caller) -> None:
    told = msgspec.json.decode(body(ask(f"{PATH}correlation?symbols=BTC,NOPE")))
    assert (told["data"]["pairs"], told["meta"]["unknown"]) == ([], ["NOPE"])
    many = ",".join(f"N{number}" for number in range(11))
    assert "at most 10" in kind(ask(f"{PATH}correlation?symbols={many}"), 400)[1]


def insert_tone(database: SqliteDatabase, name: str, at: int, tone: float, **values: Any) -> None:
    row = {
        "news_id": name, "source": "coindesk", "title": name, "url": "https://news.example",
        "published_at": at, "tick": TICK, "sentiment": tone, "sentiment_model": "headlines-2",
    } | values  # fmt: skip
    insert(database, "news_items", **row)
    insert(
        database, "news_mentions", entity_type="asset", entity_name="ethereum", published_at=at,
        news_id=name, source=row["source"],
    )  # fmt: skip


def test_the_tone_of_the_news_is_the_mean_of_stories_counted_once(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert(
        database, "sources", source="theirs", source_no=9, state="ok", redistributable=0,
        attribution="Theirs", attribution_url="https://b.example",
    )  # fmt: skip
    insert_tone(database, "a", TICK - 600, -0.5)
    insert_tone(database, "b", TICK - 2 * DAY, 1.0)
    insert_tone(database, "old", TICK - 9 * DAY, -1.0)
    insert_tone(database, "again", TICK - 600, -1.0, duplicate_of="a")
    insert_tone(database, "secret", TICK - 600, -1.0, source="theirs")
    told = ask.data(f"{PATH}sentiment?by=day")
    assert (told["n"], told["tone"]) == (3, round((0.4215 - 0.5 + 1) / 3, 4))
    assert told["models"] == {"headlines-1": 1, "headlines-2": 2}
    assert (told["sources"], told["age_seconds"]) == ({"coindesk": 3}, int(NOW) - TICK + 600)
    assert [(one["n"], one["tone"]) for one in told["points"]] == [
        (1, 1.0), (2, round((0.4215 - 0.5) / 2, 4)),
    ]  # fmt: skip
    assert told["points"][1]["time"] == iso(TICK // DAY * DAY)
    assert told["window_seconds"] == DAY
    ether = ask.data(f"{PATH}sentiment?by=hour&symbol=ETH")
    assert (ether["n"], ether["tone"], ether["window_seconds"]) == (2, 0.25, HOUR)
    assert ask.data(f"{PATH}sentiment?symbol=bitcoin&days=1")["n"] == 1


def test_the_tone_of_nothing_is_null_and_of_an_unknown_asset_a_404(
    ask: Caller, database: SqliteDatabase
) -> None:
    told = ask.data(f"{PATH}sentiment?symbol=ETH")
    assert (told["n"], told["tone"], told["points"]) == (0, None, [])
    assert (told["sources"], told["age_seconds"]) == ({}, None)
    assert kind(ask(f"{PATH}sentiment?symbol=NOPE"), 404)[0] == "unknown-symbol"


def test_the_quality_of_a_source_is_counted_over_its_day(
    ask: Caller, database: SqliteDatabase
) -> None:
    for number, (state, milliseconds) in enumerate(
        [("ok", 300), ("degraded", 9000), ("ok", 100), ("off", 1)], 1
    ):
        insert(
            database, "source_runs", source="coingecko", tick=TICK - 900 * number, state=state,
            requests=1, bytes=1, parsed=1, skipped="{}", milliseconds=milliseconds,
        )  # fmt: skip
    insert(
        database, "source_runs", source="coingecko", tick=TICK - 90_000, state="degraded",
        requests=1, bytes=1, parsed=1, skipped="{}", milliseconds=1,
    )  # fmt: skip
    for number, asset, symbol in ((1, "bitcoin", "BTC"), (2, "ethereum", "ETH")):
        insert_price(database, number, asset, symbol, 100.0, TICK, source_no=31, source="consensus")
    for asset, inputs in (
        ("bitcoin", '{"used":{"coingecko":101.0},"rejected":{"coindesk":"far off"}}'),
        ("ethereum", '{"used":{"coingecko":99.0,"coindesk":100.0},"rejected":{}}'),
    ):
        database.connection.execute(
            "UPDATE market_data SET inputs = ? WHERE source = 'consensus' AND asset_id = ?",
            (inputs, asset),
        )
    second, first = ask.data(f"{PATH}source_quality")["sources"]
    assert (first["source"], first["runs"], first["success_rate"]) == ("coingecko", 4, 0.75)
    assert first["median_latency"] == 100  # the lower of 5, 100, 300, 9000
    assert (first["compared"], first["agreement"], first["deviation"]) == (2, 1.0, 1.0)
    assert (second["compared"], second["agreement"], second["deviation"]) == (2, 0.5, 0.0)
    assert first["age_seconds"] == int(NOW) - TICK


@pytest.mark.parametrize(
    ("flag", "names"), [("redistributable", ["coindesk", "coingecko", "theirs"]),
                        ("shared", ["coindesk", "coingecko"])],
)  # fmt: skip
def test_the_part_of_a_withheld_source_in_the_consensus_is_not_told(
    ask: Caller, database: SqliteDatabase, flag: str, names: list[str]
) -> None:
    insert(
        database, "sources", source="theirs", source_no=9, state="ok", last_tick=TICK,
        attribution="Theirs", attribution_url="https://b.example", **{flag: 0},
    )  # fmt: skip
    insert_price(database, 1, "bitcoin", "BTC", 100.0, TICK, source_no=31, source="consensus")
    database.connection.execute(
        "UPDATE market_data SET inputs = '{\"used\":{\"theirs\":77.0}}' WHERE source = 'consensus'"
    )
    told = ask.data(f"{PATH}source_quality")["sources"]
    assert [one["source"] for one in told] == names
    assert all((one["compared"], one["deviation"]) == (0, None) for one in told)
