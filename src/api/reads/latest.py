"""The newest readings of a metric, and the lines that readings draw over time."""

import msgspec

from common.database import Statement
from common.readings import READING_KINDS
from common.views import LATEST_READINGS

# What is told by readings: their kinds.
READINGS = {
    "tvl": ("protocol_tvl",),
    "chains": ("chain_tvl",),
    "dex_volume": ("dex_volume",),
    "pools": ("pool",),
    "yields": ("yield",),
    "stablecoins": ("stablecoin",),
    "trending": ("trending",),
    "promoted": ("promoted",),
    "nft": ("nft_floor",),
    "network": (
        "bitcoin_fee", "bitcoin_mempool", "bitcoin_difficulty", "gas_price", "block_height",
        "supply",
    ),
    "fear_greed": ("fear_greed",),
    "exchange_rates": ("exchange_rate",),
}  # fmt: skip
# What the largest come first by, where that is not the value: a pool by its price, or a
# yield by its percentage, would begin with what hardly anybody holds.
ORDER = {"trending": "rank", "pools": "liquidity", "yields": "tvl"}
UNITS = msgspec.json.encode({name: kind.unit for name, kind in READING_KINDS.items()}).decode()

# ?1 [[kind, key], …], of each as its first source by name tells it; ?2 days back; ?3 minutes
# between two points, of which each is the last reading of its span.
LINES = """
WITH wanted AS (
  SELECT key AS place, value ->> 0 AS kind, value ->> 1 AS key FROM json_each(?1)
), clock AS (SELECT max(last_tick) / 60 AS minute FROM sources
), found AS (
  SELECT w.place, s.series_no, s.kind, s.key, s.name, s.source,
    row_number() OVER (PARTITION BY w.place ORDER BY s.source) AS choice
  FROM wanted w CROSS JOIN sources o
  CROSS JOIN series s ON s.source = o.source AND s.kind = w.kind AND s.key = w.key
  WHERE o.redistributable AND o.shared
)
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('kind', f.kind, 'key', f.key, 'name', f.name, 'unit', ?4 ->> f.kind,
    'source', f.source, 'points', (SELECT json_group_array(json_array(time, value)) FROM (
      SELECT (max(r.id) & 67108863) * 60 AS time, r.value FROM readings r WHERE r.id
        BETWEEN f.series_no << 26 | ((SELECT minute FROM clock) - CAST(?2 AS INTEGER) * 1440)
        AND (f.series_no << 26) | 67108863
      GROUP BY (r.id & 67108863) / CAST(?3 AS INTEGER) ORDER BY r.id))) AS item
  FROM found f WHERE f.choice = 1 ORDER BY f.place)
"""


def latest(metric: str, limit: int, now: int) -> Statement:
    """Return the statement of a metric's newest readings (api.shapes.common.Readings)."""
    wanted = msgspec.json.encode(READINGS[metric]).decode()
    return Statement(LATEST_READINGS, (wanted, UNITS, limit, ORDER.get(metric), now))


def lines(wanted: tuple[tuple[str, str], ...], days: int, minutes: int) -> Statement:
    """Return the statement of readings over time, one point in so many minutes."""
    named = msgspec.json.encode(wanted).decode()
    return Statement(LINES, (named, days, minutes, UNITS))
