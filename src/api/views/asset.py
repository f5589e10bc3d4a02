"""The view of one asset: candles, prices by source, signals, news, and what it moves with."""

from typing import Annotated

import msgspec

from api.reads import units
from api.reads.asking import LAST_MOMENT, Name
from api.reads.bars import SECONDS, Interval, newest_first
from api.reads.quality import ASSET_TONE
from api.reads.returns import CLOSES, Window, correlation, log_returns
from api.routes.entities import DAY, ENTITY
from api.routing import Reads, Result, Route
from api.shapes.views.asset import AssetView
from api.views.parts import ASSET_SIGNALS, ROWS
from common.database import Statement
from common.errors import Problem
from common.times import iso

# What each source said at the asset's newest tick, the largest volume first, and
# how the consensus came about. Of a source that may not be handed on not even
# its part in the consensus is told.
PRICES = """
WITH open AS (SELECT * FROM sources WHERE redistributable AND shared
), best AS (
  SELECT id, inputs, observed_at FROM market_data WHERE id = (
    SELECT m.id FROM assets a JOIN market_data m
      ON m.id BETWEEN a.asset_no << 31 AND (a.asset_no << 31) | 2147483647
    WHERE a.asset_id = ?1 ORDER BY m.id DESC LIMIT 1)
)
SELECT json_object('age_seconds', CAST(?2 AS INTEGER) - b.observed_at,
  'consensus', CASE WHEN b.inputs IS NOT NULL THEN json_object(
    'used', (SELECT json_group_object(key, value) FROM json_each(b.inputs, '$.used')
      WHERE key IN (SELECT source FROM open)),
    'rejected', (SELECT json_group_object(key, value) FROM json_each(b.inputs, '$.rejected')
      WHERE key IN (SELECT source FROM open)),
    'spread', b.inputs -> 'spread') END,
  'sources', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('source', m.source, 'price', m.price, 'volume_24h', m.volume_24h,
      'market_cap', m.market_cap,
      'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', m.observed_at, 'unixepoch'),
      'age_seconds', CAST(?2 AS INTEGER) - m.observed_at, 'attribution', o.attribution,
      'attribution_url', o.attribution_url) AS item
    FROM market_data m JOIN open o ON o.source = m.source
    WHERE m.id BETWEEN b.id & ~31 AND (b.id & ~31) | 30
    ORDER BY m.volume_24h DESC NULLS LAST, m.source)))
FROM best b
"""

# As many as the chart marks; the list below it begins with the newest of them.
NEWS = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('title', n.title, 'url', n.url, 'source', coalesce(o.attribution, n.source),
    'published_at', strftime('%Y-%m-%dT%H:%M:%SZ', n.published_at, 'unixepoch'),
    'age_seconds', CAST(?2 AS INTEGER) - n.published_at,
    'sentiment', n.sentiment, 'sentiment_model', n.sentiment_model) AS item
  FROM news_mentions m JOIN news_items n USING (news_id) LEFT JOIN sources o ON o.source = n.source
  WHERE m.entity_type = 'asset' AND m.entity_name = ?1
    AND coalesce(o.redistributable AND o.shared, 1)
  ORDER BY m.published_at DESC LIMIT 60)
"""

ASSET = f"""
SELECT json_object('asset', json(({ROWS})) -> 0, 'origin', ?3,
  'prices', json(({PRICES})), 'signals', json(({ASSET_SIGNALS})), 'news', json(({NEWS})))
WHERE EXISTS (SELECT 1 FROM assets WHERE asset_id = ?1)
"""  # noqa: S608

# ?7 the interval's name, ?8 now.
CANDLES = f"""
{newest_first()}
SELECT json_object('interval', ?7, 'window_seconds', CAST(?3 AS INTEGER) * 60,
  'source', (SELECT source FROM told ORDER BY minute DESC LIMIT 1),
  'observed_at', (SELECT observed_at FROM told ORDER BY minute DESC LIMIT 1),
  'age_seconds', CAST(?8 AS INTEGER) - (SELECT max(observed_s) FROM told),
  'bars', (SELECT json_group_array(json(item)) FROM (
    SELECT json_array(minute * 60, open, high, low, close, volume_24h) AS item
    FROM told ORDER BY minute)))
"""  # noqa: S608 - a constant of ours

DAYS: dict[Interval, int] = {"15m": 7, "1h": 30, "1d": 365}  # unless told
MENTION_DAYS, MENTION_WINDOW = 7, 6 * 3600
RELATION_DAYS = 30
# A week of hourly returns, with the largest assets that move: what is tied to a currency
# stands still in comparison, and its r says nothing.
CORRELATION_DAYS, COMPARED, CANDIDATES = 7, 8, 14
LEAST_RANGE = 0.005  # of the highest close over the lowest, less one

UNITS: units.Units = units.ASSETS | units.STORIES | units.TONES | {
    "used": "USD", "spread": "share", "bars": "epoch seconds, USD, USD, USD, USD, USD",
    "correlation": "from -1 to 1", "count": "stories", "stories": "stories",
    "window_seconds": "s",
}  # fmt: skip


class AssetRequest(msgspec.Struct):
    """`asset_id`; `interval` of the candles, and how many `days` of them."""

    asset_id: Name
    interval: Interval = "15m"
    days: (
        Annotated[
            int,
            msgspec.Meta(ge=1, le=365, description="unless told 7 of 15m, 30 of 1h, 365 of 1d"),
        ]
        | None
    ) = None


async def asset(request: AssetRequest, reads: Reads) -> Result:
    """Return an asset's view. Raises Problem 404 for an unknown asset."""
    asset_id, now, interval = request.asset_id, int(reads.now), request.interval
    step = SECONDS[interval] // 60
    count = max(1, (request.days or DAYS[interval]) * 1440 // step)
    # A recording has a present of its own, which only its rows tell: all of them are read.
    live = reads.origin != "recorded"
    mentioned = (now - MENTION_DAYS * DAY) // MENTION_WINDOW * MENTION_WINDOW if live else 0
    related = now // DAY - RELATION_DAYS if live else 0
    named = msgspec.json.encode([(None, asset_id, asset_id)]).decode()
    hours = CORRELATION_DAYS * 24
    told = await reads.database.texts([
        Statement(ASSET, (asset_id, now, reads.origin)),
        Statement(CANDLES, (None, asset_id, step, 0, LAST_MOMENT // 60, count, interval, now)),
        Statement(ASSET_TONE, (mentioned, MENTION_WINDOW, now, None, asset_id)),
        Statement(ENTITY, (asset_id, related, '["asset"]', now)),
        Statement(CLOSES, (named, 1, hours)),
        Statement(CLOSES, (None, CANDIDATES, hours)),
    ])  # fmt: skip
    data, candles, mentions, entity, own, largest = told
    if data is None:
        raise Problem(404, "unknown-asset", f"No asset with the id {asset_id!r} is collected.")
    correlated = msgspec.json.encode(correlations(own or "", largest or "", now)).decode()
    more = {
        "candles": candles, "mentions": mentions, "entity": entity or "null",
        "correlation": correlated,
    }  # fmt: skip
    members = "".join(f',"{name}":{text}' for name, text in more.items())
    return Result(data.removesuffix("}") + members + "}", {"units": UNITS})


def correlations(own: str, largest: str, now: int) -> dict[str, object]:
    """Return how an asset moved with the largest others, from what CLOSES told of both."""
    mine, others = (msgspec.json.decode(text, type=Window) for text in (own, largest))
    rows: list[dict[str, object]] = []
    for one in mine.assets:
        returns = log_returns(one.closes)
        for other in others.assets:
            known = [close for close in other.closes if close is not None]
            if other.asset_id == one.asset_id or len(rows) == COMPARED:
                continue
            if not known or max(known) / min(known) - 1 < LEAST_RANGE:
                continue
            value, n = correlation(returns, log_returns(other.closes))
            rows.append({
                "asset_id": other.asset_id, "symbol": other.symbol, "name": other.name,
                "correlation": value, "n": n,
            })  # fmt: skip
    return {
        "method": "Pearson's correlation of log returns between full hours of the price of record",
        "window_seconds": CORRELATION_DAYS * DAY, "source": "consensus",
        "as_of": None if mine.until is None else iso(mine.until),
        "age_seconds": None if mine.until is None else now - mine.until,
        "with": rows,
    }  # fmt: skip


ROUTES = (
    Route(
        path="/api/v1/dashboard/asset",
        summary="The view of one asset: candles, prices by source, signals, news, correlation",
        request=AssetRequest,
        handler=asset,
        permission="dashboard:read",
        answers=AssetView,
        example={"asset_id": "bitcoin", "interval": "1h"},
        problems=("unknown-asset",),
        cost="view",
    ),
)
