"""Two weeks of a whole system, tick by tick, seeded: everything that detection ever reads.

Prices of several sources and their consensus, jumps and spikes, an asset whose past
is loaded later, one that is delisted, news, locked value that drains. Detection
runs behind every tick but some, like a Worker that is away for a while.
"""

import functools
import math
import random
import sqlite3
from pathlib import Path

from tests.signals.seeding import (
    DAY,
    START,
    STEP,
    add_asset,
    add_consensus,
    add_prices,
    add_readings,
    add_stories,
    insert_source,
    run_detection,
)
from tests.support.sqlite import SqliteDatabase

QUICK = 2 * DAY // STEP + 1  # ticks; those that follow are an hour apart
TIMES = [START + index * STEP for index in range(QUICK)]
TIMES += range(TIMES[-1] + 3600, START + 14 * DAY, 3600)
ASSETS = 16
LATE, LOADED_AT = 15, START + 100 * STEP  # the past of this asset is loaded at this tick
DELISTED, LAST_SEEN = 14, START + 150 * STEP
AWAY = range(160, 165)  # ticks without a run


class Coin:
    """A random walk with jumps, and a volume with spikes."""

    def __init__(self, number: int) -> None:
        self.rng = random.Random(number)
        self.logs, self.volume = self.rng.uniform(-3, 9), 5e6

    def step(self, market: float) -> tuple[float, float]:
        """Return the next price and 24 h volume."""
        rng = self.rng
        self.logs += market + rng.gauss(0, 0.002)
        if rng.random() < 0.004:
            self.logs += rng.choice((-0.12, 0.1))
        self.volume *= 1.6 if rng.random() < 0.003 else math.exp(rng.gauss(0, 0.004))
        return round(math.exp(self.logs), 6), round(self.volume, 2)


def build() -> SqliteDatabase:
    """Live through all of it in a new database."""
    database = SqliteDatabase()
    insert_source(database)
    insert_source(database, 2, "kraken")
    for number in range(1, ASSETS + 1):
        add_asset(database, number, [])
    database.connection.execute("UPDATE assets SET history_from = NULL WHERE asset_no = ?", (LATE,))
    market, coins = random.Random("market"), [Coin(n) for n in range(1, ASSETS + 1)]
    for index, tick in enumerate(TIMES):
        move = market.gauss(0, 0.001) - (0.06 if index == 180 else 0)
        for number, coin in enumerate(coins, start=1):
            quote(database, number, tick, *coin.step(move))
        tell(database, index, tick)
        if tick == LOADED_AT:
            load_past(database)
        if index not in AWAY:
            run_detection(database, tick)
        if index % 50 == 0:
            run_detection(database, tick)
    return database


def quote(database: SqliteDatabase, number: int, tick: int, price: float, volume: float) -> None:
    asset = f"asset-{number}"
    if number == DELISTED and tick > LAST_SEEN:
        return
    add_prices(database, number, asset, [price], start=tick, volume=volume)
    if number % 2:
        other = round(price * (1.02 if tick % 7200 == 0 and number == 3 else 1.0004), 6)
        add_prices(
            database, number, asset, [other], start=tick, source_no=2, source="kraken",
            volume=volume,
        )  # fmt: skip
        add_consensus(database, number, asset, tick, {"coingecko": price, "kraken": other})


def tell(database: SqliteDatabase, index: int, tick: int) -> None:
    rng = random.Random(tick)
    for number in (1, 2, 5):
        if rng.random() < 0.4:
            mood = -0.8 if index // 40 % 3 == 2 else 0.2
            tones = [round(max(-1, min(1, rng.gauss(mood, 0.2))), 4) for _ in range(3)]
            start = tick - rng.randrange(0, 4000)
            add_stories(database, f"asset-{number}", tones, start=start, tick=tick)
    database.connection.execute(
        "UPDATE news_items SET source = 'feed-' || (published_at / 900 % 5) WHERE tick = ?", (tick,)
    )
    if tick % 3600 == 0:
        for number in range(1, 13):
            drained = 0.6 if number == 4 and index >= 150 else 1.0
            value = round(1e8 * number * drained * math.exp(rng.gauss(0, 0.004)), 2)
            add_readings(database, number, [value], start=tick)


def load_past(database: SqliteDatabase) -> None:
    """What was stored of the asset so far is joined by a week before, as the provider tells it."""
    rng = random.Random("past")
    past = [round(50 * math.exp(rng.gauss(0, 0.002)), 6) for _ in range(300)]
    past[200] *= 1.2
    begin = START - len(past) * STEP
    add_prices(database, LATE, f"asset-{LATE}", past, start=begin)
    database.connection.execute(
        "UPDATE market_data SET observed_at = timestamp WHERE asset_id = ? AND timestamp < ?",
        (f"asset-{LATE}", START),
    )
    database.connection.execute(
        "UPDATE assets SET history_from = ?, history_loaded_at = ? WHERE asset_no = ?",
        (begin, LOADED_AT, LATE),
    )


@functools.cache
def lived() -> bytes:
    """The database of those days, as the bytes of its file."""
    database = build()
    image: bytes = database.connection.serialize()
    database.connection.close()
    return image


def stored(folder: Path) -> Path:
    """Write it into a folder, for a test to look at or to damage."""
    file = folder / "lived.sqlite"
    file.write_bytes(lived())
    return file


def rows(file: Path, sql: str) -> list[tuple[object, ...]]:
    """Read from a file."""
    connection = sqlite3.connect(file)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def change(file: Path, sql: str) -> None:
    """Change a file behind the system's back."""
    connection = sqlite3.connect(file)
    with connection:
        assert connection.execute(sql).rowcount > 0
    connection.close()
