"""/reports: a day or a week in one answer: what moved, what fired, how right it was."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

import msgspec

from api.reads.report import REPORT, UNITS
from api.reads.report_markdown import markdown
from api.routing import Reads, Result, Route
from api.shapes.reports import Report
from common.database import Statement
from common.envelope import Answer
from common.errors import Problem
from common.times import iso

DAY = 86_400
DAYS = {"daily": 1, "weekly": 7}
EARLIEST = date(2009, 1, 3)  # of the first block of Bitcoin
MARKDOWN = "text/markdown; charset=utf-8"


class ReportRequest(msgspec.Struct):
    """`period`, and any `date` in it (UTC); without one the last whole period."""

    period: Literal["daily", "weekly"]
    date: (
        Annotated[
            str,
            msgspec.Meta(
                pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                max_length=10,
                description="a day in UTC, YYYY-MM-DD",
                examples=["2026-11-22"],
            ),
        ]
        | None
    ) = None
    format: Annotated[
        Literal["json", "markdown"],
        msgspec.Meta(description="markdown is for reading, and has no envelope"),
    ] = "json"


async def report(request: ReportRequest, reads: Reads) -> Result | Answer:
    """Return the report. Raises Problem 400 for a date that is none, or has not begun."""
    since, end = bounds(request.period, request.date, reads.now)
    until = min(end, int(reads.now))
    complete = "true" if end <= reads.now else "false"
    values = (since, until, int(reads.now), request.period, complete)
    data = await reads.database.text(Statement(REPORT, values)) or "null"
    if request.format == "json":
        return Result(data, {"units": UNITS})
    told: dict[str, Any] = msgspec.json.decode(data)
    meta = {"generated_at": iso(reads.now), "origin": reads.origin}
    return Answer(200, {"content-type": MARKDOWN}, markdown(told, meta))


def bounds(period: str, day: str | None, now: float) -> tuple[int, int]:
    """Return the first second of a period and the one behind it, in epoch seconds.

    A day and a week (Monday to Sunday, ISO 8601) are of UTC. Raises Problem 400.
    """
    length = DAYS[period]
    today = datetime.fromtimestamp(now, UTC).date()
    first = today.toordinal() - length if day is None else _read(day, today).toordinal()
    if period == "weekly":
        first -= (first - 1) % 7
    begin = (first - date(1970, 1, 1).toordinal()) * DAY
    return begin, begin + length * DAY


def _read(day: str, today: date) -> date:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= today:
        raise Problem(
            400, "invalid-parameter",
            f"date: give a day from {EARLIEST} to today, {today}, as YYYY-MM-DD in UTC.",
        )  # fmt: skip
    return found


ROUTES = (
    Route(
        path="/api/v1/reports/{period}",
        summary="A day or a week: what moved, what fired and what came of it, health of sources",
        description="All parts are of the period and as far as is known now: outcomes of young"
        " signals are still to come. format=markdown is the same, for reading.",
        request=ReportRequest,
        handler=report,
        permission="analytics:read",
        answers=Report,
        cost="heavy",
        example={"period": "daily"},
        problems=("invalid-parameter",),
        media_type="application/json, text/markdown",
    ),
)
