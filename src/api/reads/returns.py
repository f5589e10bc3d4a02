"""Hourly log returns of assets: how much they moved, and how much together.

Both figures are Pearson's, of the returns between full hours of the window; an
hour without a price breaks the series there and nothing is filled in. Volatility
is realised volatility: the sample's standard deviation, times the root of the
hours of a year (Andersen and Bollerslev 1998, without a model of jumps).
"""

import math
from collections.abc import Sequence
from itertools import combinations, pairwise

import msgspec

from api.reads.listing import IS_NAMED, NAMED
from common.views import LARGEST_FIRST, listed_assets, may_be_told

HOURS_A_YEAR = 8760
LEAST_RETURNS = 24  # fewer say nothing worth a number

# ?1 names, NULL for the largest; ?2 how many; ?3 hours of the window.
# A close is the last price of the hour that ends then; the newest hour is the last full one.
_CLOCK = "(SELECT tick FROM clock) / 3600 * 60"  # its end, in minutes
CLOSES = f"""
WITH RECURSIVE {NAMED}, {listed_assets(IS_NAMED)}, chosen AS (
  SELECT row_number() OVER (ORDER BY {LARGEST_FIRST}) AS place, base, asset_id, symbol, name
  FROM listed ORDER BY place LIMIT ?2
), hours (ago) AS (
  SELECT CAST(?3 AS INTEGER) UNION ALL SELECT ago - 1 FROM hours WHERE ago > 0
)
SELECT json_object('until', {_CLOCK} * 60,
  'unknown', (SELECT json_group_array(name) FROM named WHERE asset_no IS NULL),
  'assets', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('asset_id', asset_id, 'symbol', symbol, 'name', name, 'closes', (
      SELECT json_group_array((SELECT m.price FROM market_data m
        WHERE m.id BETWEEN (c.base | (({_CLOCK} - ago * 60 - 60) << 5) | 31) + 1
          AND c.base | (({_CLOCK} - ago * 60) << 5) | 31 AND {may_be_told("m")}
        ORDER BY m.id DESC LIMIT 1)) FROM hours)) AS item
    FROM chosen c ORDER BY place)))
"""  # noqa: S608 - constants of ours


class Closes(msgspec.Struct):
    """The hourly closes of an asset, oldest first; None for an hour without a price."""

    asset_id: str
    symbol: str
    name: str
    closes: list[float | None]


class Window(msgspec.Struct):
    """What CLOSES tells; `until` in epoch seconds, None while nothing was collected."""

    until: int | None
    unknown: list[str]
    assets: list[Closes]


Returns = list[float | None]


def log_returns(closes: Sequence[float | None]) -> Returns:
    """Return the log return of each hour, None where either price is missing."""
    return [
        math.log(after / before) if before is not None and after is not None else None
        for before, after in pairwise(closes)
    ]


def volatility(returns: Returns) -> tuple[float | None, int]:
    """Return the annualised standard deviation in percent, and of how many returns."""
    known = [one for one in returns if one is not None]
    if len(known) < LEAST_RETURNS:
        return None, len(known)
    mean = math.fsum(known) / len(known)
    variance = math.fsum((one - mean) ** 2 for one in known) / (len(known) - 1)
    return round(100 * math.sqrt(variance * HOURS_A_YEAR), 4), len(known)


def correlation(first: Returns, second: Returns) -> tuple[float | None, int]:
    """Return Pearson's r of two series at the hours that both have, and how many those are."""
    both = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    n = len(both)
    if n < LEAST_RETURNS:
        return None, n
    mean_a, mean_b = math.fsum(a for a, _ in both) / n, math.fsum(b for _, b in both) / n
    var_a = math.fsum((a - mean_a) ** 2 for a, _ in both)
    var_b = math.fsum((b - mean_b) ** 2 for _, b in both)
    if min(var_a, var_b) <= 1e-18:  # one of them stood still
        return None, n
    together = math.fsum((a - mean_a) * (b - mean_b) for a, b in both)
    return round(max(-1.0, min(1.0, together / math.sqrt(var_a * var_b))), 4), n


def volatilities(assets: Sequence[Closes]) -> list[dict[str, object]]:
    """Return the volatility of each asset."""
    rows: list[dict[str, object]] = []
    for one in assets:
        value, n = volatility(log_returns(one.closes))
        named = {"asset_id": one.asset_id, "symbol": one.symbol, "name": one.name}
        rows.append({**named, "volatility": value, "n": n})
    return rows


def correlations(assets: Sequence[Closes]) -> list[dict[str, object]]:
    """Return the correlation of each pair."""
    returns = {one.asset_id: log_returns(one.closes) for one in assets}
    rows: list[dict[str, object]] = []
    for a, b in combinations(assets, 2):
        value, n = correlation(returns[a.asset_id], returns[b.asset_id])
        rows.append(
            {"asset_ids": [a.asset_id, b.asset_id], "symbols": [a.symbol, b.symbol],
             "correlation": value, "n": n}
        )  # fmt: skip
    return rows
