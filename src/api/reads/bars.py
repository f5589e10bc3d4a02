"""Bars of an asset's stored prices: open, high, low and close of each interval.

A bar is made of the prices of record: at each tick the consensus, or the only
source that may be told. It is named by its first second. Every statement reads
at most as many intervals as the page has bars, counted from the first price
that there is, so neither a long history nor a hole in it makes a page dear.
"""

from typing import Literal

import msgspec

from common.views import may_be_told

Interval = Literal["15m", "1h", "1d"]
SECONDS: dict[str, int] = {"15m": 900, "1h": 3600, "1d": 86_400}

# The asset of a name, which may be a symbol that several share: its id, or the largest of them.
# (upper) and (lower) are the parameters that hold the name.
_WANTED = """SELECT a.asset_no, a.asset_id, a.symbol, a.name FROM assets a
  WHERE a.asset_id = (lower) OR a.symbol = (upper)
  ORDER BY a.asset_id = (lower) DESC, a.asset_no LIMIT 1"""


def wanted(upper: str, lower: str) -> str:
    """Return SQL that finds the asset of a name, given in upper and in lower case."""
    return _WANTED.replace("(upper)", upper).replace("(lower)", lower)


# ?1, ?2 the asset's name in upper and lower case, ?3 the length of a bar, ?4 the first and ?5 the
# last one, multiples of it, all in minutes; ?6 how many bars. In another asset's units: ?7, ?8.
_BARS = f"""
WITH asked AS (SELECT CAST(?3 AS INTEGER) AS step, CAST(?4 AS INTEGER) AS since,
  CAST(?5 AS INTEGER) AS until, CAST(?6 AS INTEGER) AS most
), wanted AS ({wanted("?1", "?2")}
), other AS ((other)
), edge AS (
  SELECT w.*, q.*, w.asset_no << 31 AS base, (SELECT m.id & 2147483647 FROM market_data m
    WHERE m.id BETWEEN (w.asset_no << 31) | (q.since << 5)
      AND (w.asset_no << 31) | ((q.until + q.step - 1) << 5) | 31 AND {may_be_told("m")}
    ORDER BY m.id (order) LIMIT 1) / 32 / q.step * q.step AS at
  FROM wanted w CROSS JOIN asked q
), page AS (SELECT *, (first) AS first, (last) AS last FROM edge
), ticks AS (
  SELECT (m.id & 2147483647) / 32 AS minute, p.step, m.price, m.volume_24h, m.market_cap,
    m.source, m.observed_at, (rate) AS rate, max(m.id)
  FROM page p JOIN market_data m ON m.id BETWEEN p.base | (p.first << 5)
    AND p.base | ((p.last + p.step - 1) << 5) | 31
  WHERE {may_be_told("m")} GROUP BY m.id >> 5
), bars AS (
  SELECT minute / step * step AS minute, min(minute) AS opened, max(minute) AS closed,
    max(price * rate) AS high, min(price * rate) AS low, count(*) AS observed
  FROM ticks WHERE rate IS NOT NULL GROUP BY minute / step
), told AS (
  SELECT b.minute, strftime('%Y-%m-%dT%H:%M:%SZ', b.minute * 60, 'unixepoch') AS time,
    o.price * o.rate AS open, b.high, b.low, c.price * c.rate AS close,
    c.volume_24h * c.rate AS volume_24h, c.market_cap * c.rate AS market_cap, b.observed, c.source,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.observed_at, 'unixepoch') AS observed_at,
    c.observed_at AS observed_s
  FROM bars b JOIN ticks o ON o.minute = b.opened JOIN ticks c ON c.minute = b.closed
)
"""  # noqa: S608 - constants of ours
_RATE = f"""(SELECT 1 / x.price FROM market_data x
    WHERE x.id BETWEEN ((SELECT asset_no FROM other) << 31) | (((m.id & 2147483647) >> 5) << 5)
      AND ((SELECT asset_no FROM other) << 31) | (m.id & 2147483647) | 31
      AND {may_be_told("x")} ORDER BY x.id DESC LIMIT 1)"""  # noqa: S608


def bar(now: str) -> str:
    """Return SQL of a bar as JSON, from a row of `told`; `now` is the parameter with the time."""
    return f"""json_object('time', time, 'open', open, 'high', high, 'low', low, 'close', close,
  'volume_24h', volume_24h, 'market_cap', market_cap, 'observed', observed, 'source', source,
  'observed_at', observed_at, 'age_seconds', CAST({now} AS INTEGER) - observed_s)"""


def newest_first(rated: bool = False) -> str:
    """Return SQL of the tables `wanted`, `other`, `page` and `told`, going back from ?5."""
    return _fill("DESC", "max(since, at - (most - 1) * step)", "at", rated)


def oldest_first() -> str:
    """Return the same going on from ?4."""
    return _fill("ASC", "at", "min(until, at + (most - 1) * step)", False)


def _fill(order: str, first: str, last: str, rated: bool) -> str:
    return (
        _BARS.replace("(order)", order)
        .replace("(first)", first)
        .replace("(last)", last)
        .replace("(other)", wanted("?7", "?8") if rated else "SELECT NULL AS symbol")
        .replace("(rate)", _RATE if rated else "1.0")
    )


def span(interval: str, first: int, last: int) -> tuple[int, int, int]:
    """Return the length of a bar and the bars that begin in [first, last] seconds, in minutes."""
    seconds = SECONDS[interval]
    bounds = -(-first // seconds) * seconds, last // seconds * seconds
    return seconds // 60, bounds[0] // 60, bounds[1] // 60


# A page of bars going back, and the minute that the next one goes back from: its last bar's, or
# where there are older ones only before ?4, that. The parameters behind those above are now, and
# the first bar that there is a next page for.
_HISTORY = """
SELECT json_object('asset_id', w.asset_id, 'symbol', w.symbol,
  'currency', (SELECT symbol FROM other),
  'next', (SELECT CASE WHEN EXISTS (SELECT 1 FROM market_data m
      WHERE m.id BETWEEN p.base | (p.since << 5) AND (p.base | (p.first << 5)) - 1) THEN p.first
    WHEN EXISTS (SELECT 1 FROM market_data m
      WHERE m.id BETWEEN p.base | ((begin) << 5) AND (p.base | (p.since << 5)) - 1) THEN p.since
    END FROM page p),
  'bars', (SELECT json_group_array(json(item)) FROM (
    SELECT (bar) AS item FROM told ORDER BY minute DESC)))
FROM wanted w
"""


def _history(rated: bool, now: str, begin: str) -> str:
    begin = f"CAST({begin} AS INTEGER)"
    return newest_first(rated) + _HISTORY.replace("(bar)", bar(now)).replace("(begin)", begin)


HISTORY, HISTORY_IN = _history(False, "?7", "?8"), _history(True, "?9", "?10")


class History(msgspec.Struct):
    """What HISTORY tells; `next` is the minute that older ones lie before, if there are any."""

    asset_id: str
    symbol: str
    currency: str | None
    next: int | None
    bars: msgspec.Raw
