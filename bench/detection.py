"""How detection grows with the number of assets: the real one, over SQLite with the real
migrations, three sources and their consensus for each asset at every tick.

States are loaded and stored, nothing is published. Time is the processor's. The first
ticks make the detectors learn and are not timed.
"""

import asyncio
import gc
import random
import time
from collections.abc import Iterator

import msgspec

from bench.growth import exponent
from bench.report import Line, alone
from bench.stage import say
from common.log import Logger
from signals.detectors import DETECTORS
from signals.pipeline import detect
from tools.sqlite_database import SqliteDatabase

SIZES = (250, 1000, 4000, 10_000)
START = 1_760_000_400
STEP = 900
LEARNING, ROUNDS = 30, 5
SOURCES = ("coingecko", "coinmarketcap", "kraken")
CONSENSUS = 31


class Quiet:
    """A hub that nobody listens to."""

    async def publish(self, events: str) -> int:
        """Take the events."""
        return len(msgspec.json.decode(events))


class Watched:
    """A deployment that watches `size` assets."""

    def __init__(self, size: int) -> None:
        self.database = SqliteDatabase()
        self._rng = random.Random(7)
        self._prices = [100.0] * size
        self._tick = START
        connection = self.database.connection
        for number, name in enumerate(SOURCES, 1):
            connection.execute(
                "INSERT INTO sources (source_no, source, coverage, state, attribution,"
                " attribution_url) VALUES (?, ?, 'aggregate', 'ok', '', '')", (number, name),
            )  # fmt: skip
        connection.executemany(
            "INSERT INTO assets (asset_no, asset_id, symbol, name, history_from)"
            " VALUES (?, ?, ?, ?, 1)",
            [(n, f"asset-{n}", f"A{n}", f"Asset {n}") for n in range(1, size + 1)],
        )
        for _ in range(LEARNING):
            self.tick()

    def tick(self) -> float:
        """Store a tick's prices, detect, and return the milliseconds that detection took."""
        self._tick += STEP
        rows = []
        for place, price in enumerate(self._prices):
            price *= 1 + self._rng.gauss(0, 0.003)
            self._prices[place] = price
            asset = place + 1
            for number, name in (*enumerate(SOURCES, 1), (CONSENSUS, "consensus")):
                key = asset << 31 | (self._tick // 60) << 5 | number
                told = price * (1 + number * 1e-5)
                rows.append((key, f"asset-{asset}", told, 5e6, 1e9, self._tick, name, self._tick))
        self.database.connection.executemany(
            "INSERT INTO market_data (id, asset_id, symbol, price, volume_24h, market_cap,"
            " timestamp, source, observed_at) VALUES (?, ?, 'A', ?, ?, ?, ?, ?, ?)", rows,
        )  # fmt: skip
        log = Logger("signal-detection", time.time, lambda _: None)
        gc.collect()
        began = time.process_time()
        asyncio.run(detect(self._tick, self._tick, DETECTORS, self.database, Quiet(), log))
        return (time.process_time() - began) * 1000


def measure() -> Iterator[Line]:
    """Yield the time of detection by number of assets, and the exponent."""
    by_size: dict[int, float] = {}
    for size in SIZES:
        say(f"detection over {size:,} assets, natively")
        watched = Watched(size)
        times = [watched.tick() for _ in range(ROUNDS)]
        by_size[size] = min(times)  # the least is what others disturbed least
        each = f"{min(times) * 1000 / size / len(DETECTORS):.1f} us an asset and detector"
        yield alone(f"growth_detect_ms_{size}", times, "ms", f"with its states and SQL; {each}")
    yield Line("growth_detect_exponent", exponent(by_size), "", note="1 is linear")
