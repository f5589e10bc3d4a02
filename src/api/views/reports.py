"""The views of reports: those that were made, and one of them, which visitors may read too.

Reports of other periods are reckoned anew, so they are asked for at /api/v1/reports.
"""

from typing import Literal

import msgspec

from api.reads.report import UNITS
from api.reads.report_made import ROW
from api.reads.report_periods import bounds
from api.reads.report_terms import time
from api.routes.reports import FORMATS, Day, Format, made, no_such_report, rendered
from api.routing import Reads, Result, Route
from api.shapes.views.reports import ReportsView, ReportView
from common.database import Statement
from common.envelope import Answer

MOST_DAILY, MOST_WEEKLY = 35, 26


def _newest(kind: str, most: int) -> str:
    return f"""(SELECT json_group_array(json(item)) FROM (
    SELECT {ROW} AS item FROM reports r WHERE r.kind = '{kind}'
    ORDER BY r.begins_at DESC LIMIT {most}))"""  # noqa: S608 - constants of ours


# ?2 now. What is stored reaches from the first level of the market to the last tick.
REPORTS = f"""
SELECT json_object('daily', json({_newest("daily", MOST_DAILY)}),
  'weekly', json({_newest("weekly", MOST_WEEKLY)}),
  'stored_since', {time("(SELECT min(timestamp) FROM market_levels)")},
  'tick', {time("(SELECT max(last_tick) FROM sources)")}, 'asked_at', {time("?2")})
"""  # noqa: S608
# ?1 the kind, ?2 when it begins.
REPORT = f"""
SELECT json_object('report', json(r.body),
  'previous', {
    time('''(SELECT max(o.begins_at) FROM reports o
    WHERE o.kind = r.kind AND o.begins_at < r.begins_at)''')
},
  'following', {
    time('''(SELECT min(o.begins_at) FROM reports o
    WHERE o.kind = r.kind AND o.begins_at > r.begins_at)''')
})
FROM reports r WHERE r.kind = ?1 AND r.begins_at = ?2
"""  # noqa: S608


class ReportsRequest(msgspec.Struct):
    """No parameters."""


class ReportViewRequest(msgspec.Struct):
    """`kind`, and any `date` in the period (UTC)."""

    kind: Literal["daily", "weekly"]
    date: Day
    format: Format = "json"


async def made_reports(request: ReportsRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the reports that were made, and since when others can be asked for."""
    text = await reads.database.text(Statement(REPORTS, (None, int(reads.now))))
    return Result(text or "null", {"units": UNITS})


async def made_report(request: ReportViewRequest, reads: Reads) -> Result | Answer:
    """Return a made report. Raises Problem 400 for a wrong date, 404 where none was made."""
    since, _ = bounds(request.kind, request.date, reads.now)
    if request.format != "json":
        return await made(request.kind, since, request.format, reads)
    data = await reads.database.text(Statement(REPORT, (request.kind, since)))
    if data is None:
        raise no_such_report(request.kind, since)
    return rendered(data, "json", reads)


ROUTES = (
    Route(
        path="/api/v1/dashboard/reports",
        summary="The view of reports: the days and weeks that were told",
        request=ReportsRequest,
        handler=made_reports,
        permission="dashboard:read",
        answers=ReportsView,
        cost="view",
    ),
    Route(
        path="/api/v1/dashboard/report",
        summary="The view of one report, as it was told when its period was over",
        request=ReportViewRequest,
        handler=made_report,
        permission="dashboard:read",
        answers=ReportView,
        example={"kind": "daily", "date": "2026-11-22"},
        problems=("invalid-parameter", "no-such-report"),
        cost="view",
        media_type=FORMATS,
    ),
)
