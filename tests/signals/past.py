"""A past with everything in it, in a database: events of every kind, gaps, several sources."""

import math
import random
from functools import partial
from typing import Any

import msgspec

from signals.detectors import DETECTORS
from signals.detectors.base import Detector
from tests.support.sqlite import SqliteDatabase

HOUR = 3600
START = 1_760_054_400  # the beginning of a day
ASSETS = 12
HOURS = 15 * 24
FEEDS = ("coindesk", "decrypt")

SENSITIVE = {
    "price_anomaly": {"step_sigmas": 2.2, "smallest_step": 0.003, "drift_sigmas": 3.0},
    "volume_spike": {"sigmas": 2.0, "multiple": 1.3},
}


def sensitive() -> list[Detector]:
    """Every detector, two of them so sensitive that there is soon something to learn from."""
    return [_with(one, SENSITIVE.get(one.name, {})) for one in DETECTORS]


def _with(detector: Detector, changed: dict[str, float]) -> Detector:
    if not changed:
        return detector
    step: Any = detector.step
    find: Any = detector.find
    params = msgspec.structs.replace(step.__defaults__[0], **changed)
    return msgspec.structs.replace(
        detector, step=partial(step, params=params), find=partial(find, params=params)
    )


def seed_past(database: SqliteDatabase, seed: int = 5, hours: int = HOURS) -> list[int]:
    """Fill a database with an hourly past; return its ticks."""
    run = database.connection.execute
    rng = random.Random(seed)
    known = (("coingecko", 1, "aggregate"), ("kraken", 2, "venue"), ("defillama", None, None))
    for name, number, coverage in known:
        run(
            "INSERT INTO sources (source, source_no, coverage, state, attribution,"
            " attribution_url) VALUES (?, ?, ?, 'ok', 'a', 'https://a.example')",
            (name, number, coverage),
        )
    ticks = [START + index * HOUR for index in range(hours)]
    market = [rng.gauss(0, 0.004) for _ in ticks]
    for number in range(1, ASSETS + 1):
        _asset(database, random.Random(f"{seed} {number}"), number, ticks, market)
    for number in range(60 * hours // HOURS):
        _story(database, rng, number, ticks)
    for number in range(12):  # bad news of one asset within three hours, among ordinary ones
        _story(database, rng, 1000 + number, ticks[hours // 2 + number // 4 :][:1], tone=-0.9)
    for number in range(1, 13):
        _protocol(database, random.Random(f"{seed} tvl {number}"), number, ticks)
    for tick in ticks[hours // 2 : hours // 2 + 12]:  # kraken tells old prices for half a day
        run(
            "INSERT INTO source_runs (source, tick, state, requests, bytes, parsed, skipped,"
            " milliseconds) VALUES ('kraken', ?, 'ok', 1, 1, 20, '{\"stale\": 20}', 1)",
            (tick,),
        )
    run("UPDATE sources SET last_tick = ?", (ticks[-1],))
    return ticks


def _asset(
    database: SqliteDatabase, rng: random.Random, number: int, ticks: list[int], market: list[float]
) -> None:
    asset, run = f"asset-{number}", database.connection.execute
    run(
        "INSERT INTO assets (asset_no, asset_id, symbol, name, history_from)"
        " VALUES (?, ?, ?, ?, ?)",
        (number, asset, asset.upper(), asset.title(), ticks[0]),
    )
    pegged, logs, volume = number == ASSETS, 0.0, 5e6
    for index, tick in enumerate(ticks):
        logs = rng.gauss(0, 0.0005) if pegged else logs + market[index] + rng.gauss(0, 0.004)
        if pegged and 200 < index < 215:
            logs -= 0.05
        jump = rng.random() < 0.02 and not pegged
        logs += rng.choice((-0.06, 0.07)) if jump else 0.0
        volume = max(1e6, volume * math.exp(rng.gauss(0, 0.02)) * (1.5 if jump else 1.0))
        if number == 3 and 100 < index < 112:
            continue  # an asset that was not listed for half a day
        price = (1.0 if pegged else 100.0) * math.exp(logs)
        other = price * (1.03 if number == 2 and 150 < index < 156 else math.exp(0.0003))
        quoted = [("coingecko", 1, price, volume), ("kraken", 2, other, volume / 9)]
        made = {"used": {"coingecko": price, "kraken": other}, "rejected": {}, "spread": 0.001}
        inputs = msgspec.json.encode(made).decode()
        for source, no, value, traded in [*quoted, ("consensus", 31, price, volume)]:
            run(
                "INSERT INTO market_data (id, asset_id, symbol, price, volume_24h, market_cap,"
                " timestamp, source, observed_at, inputs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (number << 31 | tick // 60 << 5 | no, asset, asset.upper(), value, traded, 1e9,
                 tick, source, tick - 20 * no, inputs if no == 31 else None),
            )  # fmt: skip


def _story(
    database: SqliteDatabase,
    rng: random.Random,
    number: int,
    ticks: list[int],
    tone: float | None = None,
) -> None:
    run = database.connection.execute
    tick = rng.choice(ticks)
    time = tick - (300 + number % 4 if tone else rng.choice((300, 1800, 20_000)))
    feed, told = rng.choice(FEEDS), rng.choice((0.1, 0.2, -0.1)) if tone is None else tone
    run(
        "INSERT INTO news_items (news_id, source, title, url, published_at, tick, sentiment)"
        " VALUES (?, ?, 'A headline', 'https://news.example/1', ?, ?, ?)",
        (f"story-{number:04d}", feed, time, tick, told),
    )
    run(
        "INSERT INTO news_mentions (entity_type, entity_name, published_at, news_id, source)"
        " VALUES ('asset', ?, ?, ?, ?)",
        (f"asset-{1 if tone else rng.randint(1, 2)}", time, f"story-{number:04d}", feed),
    )


def _protocol(database: SqliteDatabase, rng: random.Random, number: int, ticks: list[int]) -> None:
    run = database.connection.execute
    run(
        "INSERT INTO series (series_no, source, kind, key, name, about)"
        " VALUES (?, 'defillama', 'protocol_tvl', ?, ?, '{}')",
        (number, f"protocol-{number}", f"Protocol {number}"),
    )
    logs = 18.0
    for index, tick in enumerate(ticks[::2]):
        if 120 < index < 130:
            continue  # the source is away, and with it what would end an event
        logs += rng.gauss(0, 0.003) - (0.5 if number == 4 and index == 120 else 0.0)
        run(
            "INSERT INTO readings (id, value, observed_at) VALUES (?, ?, ?)",
            (number << 26 | tick // 60, math.exp(logs), tick),
        )
