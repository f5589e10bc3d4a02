"""Reports as the cron makes them: each period one, soon after it is over, kept as told then.

The API's cron asks every few minutes what is still to be made, so one that was missed is made by
the next run, and a new system catches up with the periods that its history covers.
"""

from typing import Any

import msgspec

from api.reads.report import tell
from api.reads.report_periods import ended
from api.reads.report_terms import time
from common.database import Database, Statement
from common.log import Logger

# How long after its end a period is told: its last tick has been stored and judged by then.
WAIT_SECONDS = {"daily": 600, "weekly": 900}
MADE_BACK = {"daily": 7, "weekly": 4}  # older ones are not caught up with
MOST_A_RUN = 3
HEADLINE_SECONDS = 14_400  # the horizon that a list tells the hits of

# Of [[period, begins, ends], ...] those that are to be made: something was measured in them, and
# they were not told yet, or told while what was due by their end was still being judged.
DUE = """
SELECT json_group_array(json_array(j.value ->> 0, j.value ->> 1, j.value ->> 2, NOT EXISTS (
  SELECT 1 FROM outcomes o WHERE o.judged_at IS NULL AND o.due_at < j.value ->> 2)))
FROM json_each(?1) j
WHERE EXISTS (SELECT 1 FROM market_levels l
    WHERE l.timestamp >= j.value ->> 1 AND l.timestamp < j.value ->> 2)
  AND NOT EXISTS (SELECT 1 FROM reports r
    WHERE r.kind = j.value ->> 0 AND r.begins_at = j.value ->> 1 AND (r.judged OR EXISTS (
      SELECT 1 FROM outcomes o WHERE o.judged_at IS NULL AND o.due_at < j.value ->> 2)))
"""
INSERT = """
INSERT INTO reports (kind, begins_at, made_at, judged, headline, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (kind, begins_at) DO UPDATE SET made_at = excluded.made_at, judged = excluded.judged,
  headline = excluded.headline, body = excluded.body
WHERE NOT judged AND excluded.judged
"""
GET = "SELECT body FROM reports WHERE kind = ?1 AND begins_at = ?2"
# A line of a list; ?2 now.
ROW = f"""json_insert(r.headline, '$.period', r.kind, '$.since', {time("r.begins_at")},
  '$.made_at', {time("r.made_at")}, '$.age_seconds', CAST(?2 AS INTEGER) - r.made_at)"""
# ?1 the kind, ?2 now, ?3 how many, ?4 what the page begins before.
LIST = f"""
SELECT json_group_array(json_array(key, item)) FROM (
  SELECT CAST(r.begins_at AS TEXT) AS key, {ROW} || '' AS item FROM reports r
  WHERE r.kind = ?1 AND r.begins_at < ?4 ORDER BY r.begins_at DESC LIMIT ?3 + 1)
"""  # noqa: S608 - a constant of ours


async def make_due(now: float, database: Database, log: Logger) -> int:
    """Make the reports that are due at `now`; return how many. Twice makes none twice."""
    at = int(now)
    wanted = [
        (period, begin, end)
        for period, count in MADE_BACK.items()
        for begin, end in ended(period, count, at)
        if at >= end + WAIT_SECONDS[period]
    ]
    found = await database.text(Statement(DUE, (_encode(wanted),))) or "[]"
    due = msgspec.json.decode(found, type=list[tuple[str, int, int, int]])[:MOST_A_RUN]
    for period, begin, end, judged in due:
        body = await tell(period, begin, end, at, database)
        told = _encode(headline(msgspec.json.decode(body)))
        values = (period, begin, at, judged, told, body)
        await database.batch([Statement(INSERT, values)])
        log("info", "report made", period=period, begins_at=begin, characters=len(body))
    return len(due)


def headline(report: dict[str, Any]) -> dict[str, Any]:
    """Return what a list of reports shows of one."""
    market, moves = report["market"] or {}, report["moves"]
    judged = [
        one["of_period"]
        for one in report["track_record"]
        if one["horizon_seconds"] == HEADLINE_SECONDS
    ]
    return {
        "total_market_cap": market.get("total_market_cap"),
        "change": market.get("change"),
        "source": market.get("source"),
        "fear_greed": (report["fear_greed"] or {}).get("value"),
        "best": _move(moves["up"]),
        "worst": _move(moves["down"]),
        "signals": report["signals"]["n"],
        "judged": sum(one["n"] for one in judged),
        "hits": sum(one["hits"] for one in judged),
    }


def _move(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return {name: rows[0][name] for name in ("asset_id", "symbol", "change")} if rows else None


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()
