"""A report on a day, a week or any other period, as SQL: what happened in it, as far as is known.

?1 the first second, ?2 the one behind the last, ?3 now, all in epoch seconds. Every
part says whose numbers it tells and when they were observed.
"""

from api.reads.report_market import FEAR_GREED, LOCKED, MARKET, MOVES
from api.reads.report_news import SENTIMENT, STORIES
from api.reads.report_signals import SIGNALS, TRACK_RECORD
from api.reads.report_terms import seen, time
from common.database import Database, Statement

_SOURCES = f"""
SELECT json_group_array(json(row)) FROM (
  SELECT json_object('source', s.source, 'runs', count(*), 'ok', sum(r.state = 'ok'),
    'success_rate', round(avg(r.state = 'ok'), 4), 'parsed', sum(r.parsed),
    {seen("max(r.tick)")},
    'attribution', s.attribution, 'attribution_url', s.attribution_url) AS row
  FROM sources s CROSS JOIN source_runs r
    ON r.source = s.source AND r.tick >= ?1 AND r.tick < ?2 AND r.state <> 'off'
  WHERE s.shared GROUP BY s.source ORDER BY s.source)
"""  # noqa: S608 - constants of ours

# ?4 the period's name, ?5 whether it is over.
REPORT = f"""
SELECT json_object('period', ?4, 'since', {time("?1")}, 'until', {time("?2")},
  'complete', json(?5), 'told_at', {time("?3")},
  'market', json(({MARKET})), 'fear_greed', json(({FEAR_GREED})), 'moves', json(({MOVES})),
  'locked', json(({LOCKED})), 'signals', json(({SIGNALS})),
  'track_record', json(({TRACK_RECORD})), 'sentiment', json(({SENTIMENT})),
  'stories', json(({STORIES})), 'sources', json(({_SOURCES})))
"""
UNITS = {
    "price": "USD", "total_market_cap": "USD", "path": "epoch seconds, USD", "total_volume": "USD",
    "volume_24h": "USD", "market_cap": "USD", "change": "percent over the period",
    "btc_dominance": "percent", "btc_dominance_change": "percentage points over the period",
    "locked": "USD", "difference": "USD over the period", "fear_greed": "points, 0 to 100",
    "confidence_score": "probability", "rate": "share", "base_rate": "share",
    "interval": "share, 95 %", "tone": "-1 to 1", "sentiment": "-1 to 1",
    "times": "items", "success_rate": "share of runs", "age_seconds": "s",
}  # fmt: skip


async def tell(period: str, since: int, end: int, now: int, database: Database) -> str:
    """Return the report on [since, end), as JSON, as far as is known now (epoch seconds)."""
    complete = "true" if end <= now else "false"
    values = (since, min(end, now), now, period, complete)
    return await database.text(Statement(REPORT, values)) or "null"
