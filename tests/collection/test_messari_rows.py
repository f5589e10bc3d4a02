"""What is particular to Messari, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.source import Parse
from collection.sources.messari import SOURCE, parse_assets, parse_news, parse_signals
from common.errors import Retryable
from common.models import Reading, Story
from common.times import iso

TICK = 1_795_176_000  # 2026-11-20T12:00Z
ALL = pytest.mark.parametrize("parse", [parse_assets, parse_signals, parse_news])


def asset(**values: Any) -> dict[str, Any]:
    return {"id": "0-1", "name": "Samplecoin", "slug": "samplecoin", "symbol": "SMP", **values}


def read(parse: Parse, *rows: Any, **more: Any) -> tuple[list[Any], dict[str, int]]:
    parsed = parse(json.dumps({"error": None, "data": rows, **more}).encode(), TICK)
    return list(parsed.rows), dict(parsed.skipped)


def priced(**market: Any) -> Reading:
    (row,), skipped = read(parse_assets, asset(marketData=market))
    assert isinstance(row, Reading)
    assert not skipped
    return row


def share(mindshare: Any) -> tuple[list[Any], dict[str, int]]:
    return read(parse_signals, asset(mindshare=mindshare))


def news(**values: Any) -> tuple[list[Any], dict[str, int]]:
    item = {"id": "n-1", "title": "A title", "url": "https://news.example/a",
            "publishTimeMillis": (TICK - 60) * 1000}  # fmt: skip
    return read(parse_news, item | values)


def test_a_price_is_a_custom_reading_that_no_consensus_takes_up() -> None:
    row = priced(priceUsd=2.5)
    assert (row.kind, row.key, row.value) == ("custom", "samplecoin", 2.5)
    assert row.about == {"unit": "USD", "symbol": "SMP"}


def test_both_generations_of_names_are_read_and_the_second_wins() -> None:
    first = {"price": 2, "marketCap": 200, "volume24h": 20}
    second = {"priceUsd": 3, "marketcap": {"circulatingUsd": 300}, "volume24Hour": 30}
    old, new, both = priced(**first), priced(**second), priced(**first, **second)
    assert (old.value, old.figures) == (2, {"market_cap": 200, "volume_24h": 20})
    assert (new.value, new.figures) == (3, {"market_cap": 300, "volume_24h": 30})
    assert (both.value, both.figures) == (new.value, new.figures)


def test_what_the_second_generation_leaves_out_is_taken_from_the_first() -> None:
    row = priced(priceUsd=None, price="2", marketcap={"dominance": 5}, marketCap=200)
    assert (row.value, row.figures) == (2, {"market_cap": 200, "dominance": 5})


@pytest.mark.parametrize(
    ("market", "reason"),
    [(None, "no_price"), ({}, "no_price"), ({"priceUsd": "n/a"}, "no_price"),
     ({"priceUsd": 0}, "bad_price"), ({"priceUsd": -1}, "bad_price")],
)  # fmt: skip
def test_an_asset_without_a_usable_price_is_left_out(market: Any, reason: str) -> None:
    assert read(parse_assets, asset(marketData=market)) == ([], {reason: 1})


def test_a_price_is_as_old_as_it_says_or_as_the_tick() -> None:
    assert priced(priceUsd=1, priceAt=iso(TICK - 90)).observed_at == TICK - 90
    assert priced(priceUsd=1).observed_at == TICK
    old = asset(marketData={"priceUsd": 1, "priceAt": iso(TICK - 7 * 3600)})
    assert read(parse_assets, old) == ([], {"stale": 1})


def test_an_asset_is_known_by_slug_or_id_and_without_both_left_out() -> None:
    rows, skipped = read(
        parse_signals,
        *(asset(slug=slug, id=its_id, mindshare={"24h": {"percentage": 1}})
          for slug, its_id in (("a", "1"), ("", "2"), ("", ""), ("a", "3"))),
    )  # fmt: skip
    assert ([row.key for row in rows], skipped) == (["a", "2"], {"no_id": 1, "duplicate": 1})


def test_the_share_of_attention_is_that_of_a_day() -> None:
    (row,), _ = share({"24h": {"percentage": 14.7, "percentageChange": -3}, "7d": {"percentage": 9},
                       "30d": {"percentage": 8}})  # fmt: skip
    assert (row.kind, row.value) == ("mindshare", 14.7)
    assert row.figures == {"change": -3, "share_7d": 9, "share_30d": 8}


def test_shares_by_name_with_a_mark_for_null_are_read_too() -> None:
    value = {"IsNull": False, "Value": 0.4}
    (row,), _ = share({"latestPercentage": value, "percentageChange1d": {"Value": -12}})
    assert (row.value, row.figures) == (0.4, {"change": -12})
    assert [row.value for row in share({"latestPercentage": 0.4})[0]] == [0.4]
    assert share({"latestPercentage": {"IsNull": True, "Value": 0}}) == ([], {"no_mindshare": 1})


@pytest.mark.parametrize("value", [-0.1, 100.1])
def test_a_share_below_nothing_or_above_everything_is_implausible(value: float) -> None:
    assert share({"24h": {"percentage": value}}) == ([], {"implausible_mindshare": 1})


def test_a_story_has_its_publisher_and_its_time_in_milliseconds() -> None:
    (row,), _ = news(source={"sourceName": "Sample News"}, content="<p>Text</p>")
    assert isinstance(row, Story)
    assert (row.publisher, row.summary, row.published_at) == ("Sample News", "Text", TICK - 60)
    assert not row.published_is_estimated


@pytest.mark.parametrize("millis", [None, 0, -5, "soon"])
def test_a_story_without_a_time_gets_the_ticks_marked_as_estimated(millis: Any) -> None:
    (row,), _ = news(publishTimeMillis=millis)
    assert (row.published_at, row.published_is_estimated) == (TICK, True)


def test_seconds_where_milliseconds_are_promised_are_not_believed() -> None:
    assert news(publishTimeMillis=TICK) == ([], {"stale": 1})


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)"])
def test_a_story_without_a_web_address_is_left_out(url: Any) -> None:
    assert news(url=url) == ([], {"bad_url": 1})


@ALL
def test_an_error_inside_an_answer_is_asked_for_again(parse: Parse) -> None:
    with pytest.raises(Retryable, match="the provider reports an error"):
        read(parse, error="something failed")


@ALL
@pytest.mark.parametrize("data", [None, {}, "none"])
def test_an_answer_without_rows_is_asked_for_again(parse: Parse, data: Any) -> None:
    with pytest.raises(Retryable):
        parse(json.dumps({"data": data}).encode(), TICK)


def test_it_is_off_until_an_operator_turns_it_on_and_never_handed_on() -> None:
    assert SOURCE.off_reason
    assert SOURCE.key_required
    assert not SOURCE.redistributable
    assert SOURCE.coverage is None
