"""A tick at full size on the real Workers: everything due, from every source.

1,000 assets from CoinGecko and CoinMarketCap and those of two exchanges,
5,000 DeFi protocols, 3,000 yield pools besides the pools of exchanges, and
300 news stories, all of them new. Ticks are fired a minute off the quarter
hour, which asks for everything whatever its cadence. The providers answer at
once: their answers are made before.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from bench.report import Line, alone
from bench.stage import Stage, say
from bench.ticks import Tick, fire
from tools.system.running import Sources

TICKS: Final = 5
ASSETS, PAGES = 1000, 4
FULL = Sources(
    served_by="bench.newsroom",
    options=("--coins", str(ASSETS), "--scale", "full"),
    variables={"MARKET_PAGES": str(PAGES), "HISTORY_ASSETS_PER_TICK": "250"},
)
STORED = """
SELECT (SELECT count(DISTINCT asset_id) FROM market_data WHERE timestamp = ?1),
  (SELECT count(DISTINCT source) FROM market_data WHERE timestamp = ?1 AND source <> 'consensus'),
  (SELECT count(*) FROM readings r JOIN series s ON s.series_no = r.id >> 26
   WHERE r.id & 67108863 = ?1 / 60 AND s.kind = 'protocol_tvl'),
  (SELECT count(*) FROM readings r JOIN series s ON s.series_no = r.id >> 26
   WHERE r.id & 67108863 = ?1 / 60 AND s.kind IN ('yield', 'pool')),
  (SELECT count(*) FROM news_items WHERE tick = ?1),
  (SELECT count(*) FROM news_items WHERE tick = ?1 AND duplicate_of IS NULL)
"""


class Size(msgspec.Struct, array_like=True, order=True):
    """What a tick stored of each kind."""

    assets: int
    market_sources: int
    protocols: int
    pools: int
    stories: int
    originals: int

    def __str__(self) -> str:
        return (
            f"{self.assets:,} assets of {self.market_sources} market sources,"
            f" {self.protocols:,} protocols, {self.pools:,} pools,"
            f" {self.stories} new stories ({self.originals} of them no repetition)"
        )


# Some of what the providers list has no value; it is sent, parsed, and left out.
LEAST = Size(assets=990, market_sources=3, protocols=4800, pools=2000, stories=300, originals=60)


def measure(stage: Stage) -> Iterator[Line]:
    """Yield the lines of the full tick."""
    ticks: list[Tick] = []
    sizes: list[Size] = []
    for number in range(TICKS):
        ticks.append(fire(stage, stage.next_tick() + 60))
        say(f"full tick {number + 1} of {TICKS}: {ticks[-1]}")
        sizes.append(msgspec.convert(stage.rows(STORED, ticks[-1].at)[0], Size))
        check(sizes[-1])
    yield from lines(ticks, f"{min(sizes)}")


def lines(ticks: list[Tick], size: str) -> Iterator[Line]:
    """Yield what is said of full ticks."""
    yield alone(
        "full_tick_ms", [t.total_ms for t in ticks], "ms", f"target < 10,000; {size}"
    )  # fmt: skip
    yield alone(
        "full_tick_collection_ms", [t.collection_ms for t in ticks], "ms", "without detection"
    )
    yield alone(
        "full_tick_detection_ms", [t.detection_ms for t in ticks], "ms",
        "target <= 2,000; all detectors, states, signals, publishing, judging",
    )  # fmt: skip
    yield alone(
        "full_tick_cron_to_signal_ms", [t.total_ms for t in ticks], "ms",
        "target < 5,000; from the cron to stored and published signals",
    )  # fmt: skip
    yield alone(
        "full_tick_memory_mb", [max(t.memory_bytes for t in ticks) / 1e6], "MB",
        "target < 90; the collection Worker's interpreter, the most of all ticks so far",
    )  # fmt: skip
    yield alone(
        "full_tick_requests", [t.requests for t in ticks], "requests",
        "target <= 60; daily and six-hourly lists included",
    )  # fmt: skip
    yield alone(
        "full_tick_rows_written_per_observation",
        [t.collection_rows / t.observations for t in ticks], "rows",
        f"target <= 2; {min(t.observations for t in ticks):,} observations",
    )  # fmt: skip


def check(size: Size) -> None:
    """Raise RuntimeError when less was stored than is to be measured."""
    if any(getattr(size, name) < getattr(LEAST, name) for name in Size.__struct_fields__):
        raise RuntimeError(f"a smaller tick than is to be measured: {size}")
