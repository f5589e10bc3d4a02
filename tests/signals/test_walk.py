"""A walk over a history is the signal path itself, and never sees ahead."""

import asyncio
import random
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
import pytest

from common.log import Logger
from signals.claims import HEADLINE
from signals.detectors.base import SourceQuote
from signals.history import AssetPast, History
from signals.pipeline import detect
from signals.series import NEWS_FRESH, Asset, Observation, Told
from signals.walk import Walked, walk
from tests.signals.past import ASSETS, HOUR, HOURS, START, seed_past, sensitive
from tests.signals.seeding import ListHub
from tests.support.sqlite import SqliteDatabase
from tools.backtest.stored import history_of

END = 1 << 31
DAY = 86400


@cache
def past() -> History:
    database = SqliteDatabase()
    seed_past(database)
    return history_of(database, sensitive())


@cache
def whole() -> Walked:
    return walk(sensitive(), past(), END)


@cache
def piped() -> SqliteDatabase:
    """The same past, tick by tick as the Worker runs it."""
    database = SqliteDatabase()
    ticks = seed_past(database)
    log = Logger("signal-detection", lambda: 0.0, lambda _: None)

    async def run() -> None:
        for tick in ticks:
            await detect(tick, tick, sensitive(), database, ListHub(), log)

    asyncio.run(run())
    return database


def told(walked: Walked) -> list[dict[str, Any]]:
    return [msgspec.structs.asdict(one) for one in walked.signals]


def test_the_past_holds_every_kind_of_signal_and_calibrations_that_were_used() -> None:
    types = {one.type for one in whole().signals}
    assert types >= {
        "price_anomaly", "volume_spike", "depeg", "source_trouble", "tvl_outflow", "sentiment_shift"
    }  # fmt: skip
    assert sum(one.confidence_score is not None for one in whole().signals) > 20
    assert {one.decision.accepted for one in whole().tried} == {True, False}
    assert all(whole().points.values())


def test_a_walk_finds_signal_for_signal_what_the_pipeline_finds() -> None:
    columns = (
        "id", "type", "asset_id", "symbol", "confidence_score", "explanation", "metadata",
        "created_at", "score", "known_at", "event_id",
    )  # fmt: skip
    rows = piped().rows(f"SELECT {', '.join(columns)} FROM signals ORDER BY id")
    stored = [dict(zip(columns, row, strict=True)) for row in rows]
    mine = sorted(told(whole()), key=lambda one: str(one["id"]))
    assert len(stored) > 200
    assert [{key: one[key] for key in columns} for one in mine] == stored


def test_a_walk_ends_and_combines_signals_as_the_pipeline_does() -> None:
    ended = piped().rows("SELECT id, ended_at FROM signals WHERE ended_at IS NOT NULL")
    assert dict(ended) == whole().ended
    rows = piped().rows(
        "SELECT event_id, started_at, last_at, ended_at, reasons, explanation FROM events"
    )
    assert {row[0]: row[1:] for row in rows} == {
        one.event_id: (
            one.started_at, one.last_at, one.ended_at,
            msgspec.json.encode(one.reasons).decode(), one.explanation,
        )
        for one in whole().events.values()
    }  # fmt: skip


def test_a_walk_judges_as_the_pipeline_does() -> None:
    rows = piped().rows(
        "SELECT signal_id, horizon, hit, value, threshold, control_n, control_hits, reason"
        " FROM outcomes WHERE judged_at IS NOT NULL ORDER BY 1, 2"
    )
    mine = sorted(
        (v.due.signal_id, v.due.horizon, v.outcome.hit, v.outcome.value, v.outcome.threshold,
         v.outcome.control_n, v.outcome.control_hits, v.outcome.reason)
        for v in whole().verdicts
    )  # fmt: skip
    assert len(rows) > 500
    assert mine == rows


def test_a_walk_calibrates_as_the_pipeline_does() -> None:
    rows = piped().rows(
        "SELECT type, horizon, made_at, accepted, calibration FROM calibrations ORDER BY 3, 1, 2"
    )
    mine = sorted(
        (
            (t.type, t.horizon, t.tick, t.decision.accepted,
             msgspec.json.encode(t.decision.calibration).decode())
            for t in whole().tried
        ),
        key=lambda one: (one[2], one[0], one[1]),
    )  # fmt: skip
    assert mine == rows


def test_a_walk_keeps_the_level_of_the_market_as_the_pipeline_does() -> None:
    rows = piped().rows("SELECT timestamp, level, dispersion, assets FROM market_levels")
    assert [msgspec.structs.astuple(one) for one in whole().levels] == rows


def test_two_walks_over_one_history_are_equal() -> None:
    again = walk(sensitive(), past(), END)
    assert told(again) == told(whole())
    assert (again.verdicts, again.tried) == (whole().verdicts, whole().tried)
    assert (again.levels, again.ended, again.events) == (
        whole().levels, whole().ended, whole().events,
    )  # fmt: skip


def test_the_order_in_which_the_rows_come_does_not_matter() -> None:
    rng = random.Random(1)

    def mixed(rows: Sequence[Any]) -> list[Any]:
        return rng.sample(list(rows), len(rows))

    assets = [
        one._replace(prices=mixed(one.prices), quotes=mixed(one.quotes), stories=mixed(one.stories))
        for one in past().assets
    ]
    assert told(walk(sensitive(), past()._replace(assets=assets), END)) == told(whole())


def shuffled_after(asset: Asset, time: int, rng: random.Random) -> Asset:
    """The asset with another future: prices, quotes and tones after `time` are dealt out anew."""

    def dealt(rows: Sequence[Any], when: Any, anew: Any) -> list[Any]:
        later = [row for row in rows if when(row) > time]
        values = rng.sample(later, len(later))
        return [
            *(row for row in rows if when(row) <= time),
            *(anew(row, value) for row, value in zip(later, values, strict=True)),
        ]

    def price(row: Observation, other: Observation) -> Observation:
        wild = other.price * rng.choice((0.1, 1.0, 10.0))
        return msgspec.structs.replace(row, price=wild, volume_24h=other.volume_24h)

    def quote(
        row: tuple[int, list[SourceQuote]], other: tuple[int, list[SourceQuote]]
    ) -> tuple[int, list[SourceQuote]]:
        return row[0], other[1]

    def story(row: Told, other: Told) -> Told:
        return msgspec.structs.replace(row, tone=-other.tone)

    return asset._replace(
        prices=dealt(asset.prices, lambda one: one.time, price),
        quotes=dealt(asset.quotes, lambda one: one[0], quote),
        stories=dealt(asset.stories, lambda one: one.tick, story),
    )


@pytest.mark.parametrize("share", [0.35, 0.7, 0.93])
def test_another_future_leaves_every_signal_of_the_past_byte_for_byte_as_it_was(
    share: float,
) -> None:
    rng = random.Random(share)
    time = START + int(share * HOURS) * HOUR
    readings = {
        kind: [
            (about, [
                msgspec.structs.replace(one, value=one.value * rng.uniform(0.1, 9))
                if one.time > time else one
                for one in rows
            ])
            for about, rows in some
        ]
        for kind, some in past().readings.items()
    }  # fmt: skip
    assets = [shuffled_after(one, time, rng) for one in past().assets]
    other = walk(sensitive(), past()._replace(assets=assets, readings=readings), END)

    def until(walked: Walked) -> bytes:
        return msgspec.json.encode(
            [
                [one for one in walked.signals if one.created_at <= time],
                sorted((name, at) for name, at in walked.ended.items() if at <= time),
                [v for v in walked.verdicts if v.due.fired_at + v.due.horizon <= time],
                [one for one in walked.tried if one.tick <= time],
                [one for one in walked.levels if one.time <= time],
            ]
        )

    assert len(whole().signals) > sum(one.created_at <= time for one in whole().signals) > 20
    assert until(other) == until(whole())
    assert told(other) != told(whole()), "the futures must differ for this to mean anything"


def test_a_walk_that_stops_earlier_is_the_beginning_of_one_that_goes_on() -> None:
    stop = START + HOURS // 2 * HOUR
    assert told(walk(sensitive(), past(), stop)) == [
        one for one in told(whole()) if one["created_at"] <= stop
    ]


def test_a_signal_has_the_probability_of_the_calibration_that_was_made_before_it() -> None:
    seen = 0
    for one in told(whole()):
        tried = [
            t for t in whole().tried
            if (t.type, t.horizon) == (one["type"], HEADLINE) and t.tick < one["created_at"]
        ]  # fmt: skip
        if one["confidence_score"] is None:
            continue
        calibration = tried[-1].decision.calibration
        assert calibration.newest + HEADLINE <= tried[-1].tick < one["created_at"]
        bands = [band.p for band in calibration.bands]
        assert one["confidence_score"] in ([calibration.base_rate] if calibration.flat else bands)
        seen += 1
    assert seen > 20


def test_calibrations_are_tried_once_a_day() -> None:
    tries = [(one.type, one.horizon, one.tick // DAY) for one in whole().tried]
    assert len(tries) == len(set(tries))


def test_a_claim_is_judged_at_the_first_tick_at_or_after_its_horizon() -> None:
    """Judged later it would miss the calibration of that day; earlier it would be a guess."""
    last = past().assets[0].prices[-1].time
    due = {(v.due.signal_id, v.due.horizon) for v in whole().verdicts}
    for one in whole().signals:
        for horizon in (HOUR, 4 * HOUR, DAY):
            assert ((one.id, horizon) in due) == (one.created_at + horizon <= last)


def test_a_tick_is_handed_no_more_than_was_known_by_then() -> None:
    one = past().assets[0]
    assert len(past().assets) == ASSETS
    asset = AssetPast(one)
    prices: list[Observation] = []
    stories: dict[str, Told] = {}
    before = 0
    for tick in sorted(set(asset.times())):
        new = asset.new(tick, before)
        assert new is not None
        assert all(price.time <= tick for price in new.prices)
        assert all(said <= tick for said, _ in new.quotes)
        assert all(story.tick <= tick for story in new.stories)
        assert not prices or new.prices[0] == prices[-1]
        prices += new.prices[bool(prices) :]
        assert all(s.tick > before - NEWS_FRESH for s in new.stories)
        stories |= {story.news_id: story for story in new.stories}
        before = tick
    assert prices == one.prices
    assert stories == {story.news_id: story for story in one.stories}


def test_nothing_is_told_of_an_asset_that_has_no_price_yet() -> None:
    story = Told(START, START, 0.5, "feed", "story")
    price = Observation(START + HOUR, 1.0, None, None, START + HOUR, "x")
    asset = AssetPast(Asset(1, "a", "A", [price], (), [story]))
    assert asset.new(START, START) is None
    found = asset.new(START + HOUR, START)
    assert found is not None
    assert (found.prices, list(found.stories)) == ([price], [])


def test_a_history_of_nothing_gives_nothing() -> None:
    assert walk(sensitive(), History([]), END).signals == []
