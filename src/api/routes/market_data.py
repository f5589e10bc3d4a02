"""/market-data: the newest price of an asset, with its sources and their ages."""

from typing import Annotated

import msgspec

from api.routing import Reads, Result, Route
from common.database import Statement
from common.errors import Problem

Symbol = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]

# The largest asset of that symbol: symbols are not unique. The last row of its
# newest minute is the price: the consensus, or the only source's row.
LATEST = """
WITH wanted AS (
  SELECT a.asset_no, a.asset_id, a.symbol, a.name FROM assets a
  WHERE a.asset_id = ?2 OR a.symbol = ?1
  ORDER BY a.asset_id = ?2 DESC, a.asset_no LIMIT 1
), best AS (
  SELECT m.*, w.name FROM wanted w JOIN market_data m ON m.id = (
    SELECT id FROM market_data
    WHERE id BETWEEN w.asset_no << 31 AND (w.asset_no << 31) | 2147483647
    ORDER BY id DESC LIMIT 1)
)
SELECT json_object(
  'asset_id', b.asset_id, 'symbol', b.symbol, 'name', b.name,
  'price', b.price, 'volume_24h', b.volume_24h, 'market_cap', b.market_cap,
  'currency', 'USD', 'source', b.source,
  'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', b.observed_at, 'unixepoch'),
  'age_seconds', CAST(?3 AS INTEGER) - b.observed_at,
  'tick', strftime('%Y-%m-%dT%H:%M:%SZ', b.timestamp, 'unixepoch'),
  'consensus', json(b.inputs),
  'sources', (SELECT json_group_array(json_object(
    'source', m.source, 'price', m.price, 'volume_24h', m.volume_24h,
    'market_cap', m.market_cap,
    'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', m.observed_at, 'unixepoch'),
    'age_seconds', CAST(?3 AS INTEGER) - m.observed_at,
    'attribution', s.attribution, 'attribution_url', s.attribution_url))
    FROM market_data m JOIN sources s ON s.source = m.source
    WHERE m.id BETWEEN b.id & ~31 AND (b.id & ~31) | 30 AND s.redistributable AND s.shared))
FROM best b
"""


class MarketDataRequest(msgspec.Struct):
    """`symbol`: a ticker (BTC) or an asset id (bitcoin), in any case."""

    symbol: Symbol


async def latest(request: MarketDataRequest, reads: Reads) -> Result:
    """Return the newest price. Raises Problem 404 for an asset that is not collected."""
    symbol = request.symbol
    parameters = (symbol.upper(), symbol.lower(), int(reads.now))
    data = await reads.database.text(Statement(LATEST, parameters))
    if data is None:
        raise Problem(
            404,
            "unknown-symbol",
            f"No asset with the symbol or id {symbol!r} is collected."
            " /api/v1/dashboard/overview lists those that are.",
        )
    return Result(data)


ROUTES = (
    Route(
        path="/api/v1/market-data/{symbol}",
        summary="Newest price of an asset, with every source and its age",
        request=MarketDataRequest,
        handler=latest,
        max_age=300,
    ),
)
