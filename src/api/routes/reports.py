"""/reports: a day, a week or any period in one answer: what moved, what fired, how right it was."""

from typing import Annotated, Any, Literal

import msgspec

from api.reads import report_made
from api.reads.asking import Cursor, When, seal, unseal
from api.reads.report import UNITS, tell
from api.reads.report_csv import csv
from api.reads.report_markdown import markdown
from api.reads.report_periods import bounds, span
from api.routing import Reads, Result, Route
from api.shapes.reports import MadeReport, Report
from common.database import Statement, keyset_page
from common.envelope import Answer
from common.errors import Problem
from common.times import iso

MARKDOWN, CSV = "text/markdown; charset=utf-8", "text/csv; charset=utf-8; header=present"
BEHIND_ALL = "9999999999"

Day = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        max_length=10,
        description="a day in UTC, YYYY-MM-DD",
        examples=["2026-11-22"],
    ),
]
Format = Annotated[
    Literal["json", "csv", "markdown"],
    msgspec.Meta(description="csv and markdown have no envelope; csv is a line a figure"),
]


class ReportRequest(msgspec.Struct):
    """`period`, and any `date` in it (UTC); without one the last whole period."""

    period: Literal["daily", "weekly"]
    date: Day | None = None
    format: Format = "json"
    as_of: Annotated[
        Literal["now", "made"],
        msgspec.Meta(description="made: as it was told when the period was over, and kept"),
    ] = "now"


class SpanRequest(msgspec.Struct):
    """`since` and `until`, the moment behind the last: 15 minutes to 31 days; until now, untold."""

    since: When
    until: When | None = None
    format: Format = "json"


class MadeRequest(msgspec.Struct):
    """Which kind, limit, cursor (meta.next of the page before)."""

    kind: Literal["daily", "weekly"] = "daily"
    limit: Annotated[int, msgspec.Meta(ge=1, le=250)] = 50
    cursor: Cursor | None = None


async def report(request: ReportRequest, reads: Reads) -> Result | Answer:
    """Return the report of a day or a week.

    Raises Problem 400 for a date that is none, or has not begun; 404 for one that was not made.
    """
    since, end = bounds(request.period, request.date, reads.now)
    if request.as_of == "made":
        return await made(request.period, since, request.format, reads)
    data = await tell(request.period, since, end, int(reads.now), reads.database)
    return rendered(data, request.format, reads)


async def custom(request: SpanRequest, reads: Reads) -> Result | Answer:
    """Return the report of any period. Raises Problem 400 for a wrong one, 404 for an empty one."""
    since, end = span(request.since, request.until, reads.now)
    data = await tell("custom", since, end, int(reads.now), reads.database)
    told = msgspec.json.decode(data)
    parts = (told["market"], told["moves"]["assets"], told["signals"]["n"], told["sources"])
    if not any(parts):
        raise Problem(
            404, "no-data-in-period",
            f"Nothing was collected from {iso(since)} to {told['until']}; ask for a later period.",
        )  # fmt: skip
    return rendered(data, request.format, reads)


async def listed(request: MadeRequest, reads: Reads) -> Result:
    """Return the reports that were made of days or of weeks, the newest first."""
    before = unseal(request, request.cursor)[0] if request.cursor else BEHIND_ALL
    if not before.isdecimal():
        raise Problem(400, "invalid-cursor", "cursor: hand back meta.next as it was.")
    values = (request.kind, int(reads.now), request.limit, int(before))
    found = await keyset_page(
        reads.database, Statement(report_made.LIST, values), request.limit
    )  # fmt: skip
    following = None if found.next is None else seal(request, found.next)
    return Result(f"[{','.join(found.items)}]", {"units": UNITS, "next": following})


async def made(period: str, since: int, form: str, reads: Reads) -> Result | Answer:
    """Return a report as the cron told it. Raises Problem 404 where none was made."""
    data = await reads.database.text(Statement(report_made.GET, (period, since)))
    if data is None:
        raise no_such_report(period, since)
    return rendered(data, form, reads)


def no_such_report(period: str, since: int) -> Problem:
    """Return what is told of a report that was not made."""
    return Problem(
        404, "no-such-report",
        f"No {period} report was made of {iso(since)[:10]}. It is made minutes after its end;"
        f" /api/v1/reports/{period} tells it as far as is known now.",
    )  # fmt: skip


def rendered(data: str, form: str, reads: Reads) -> Result | Answer:
    """Return a report (JSON) in the format that is wanted."""
    if form == "json":
        return Result(data, {"units": UNITS})
    told: dict[str, Any] = msgspec.json.decode(data)
    if form == "markdown":
        meta = {"generated_at": iso(reads.now), "origin": reads.origin}
        return Answer(200, {"content-type": MARKDOWN}, markdown(told, meta))
    name = f"cryptointel-{reads.origin}-{told['period']}-{told['since'][:10]}"
    disposition = f'attachment; filename="{name}.csv"'
    headers = {"content-type": CSV, "content-disposition": disposition}
    return Answer(200, headers, csv(told))


_READ = "All parts are of the period and as far as is known now: outcomes of young signals are"
_READ += " still to come. format=markdown is the same, for reading; csv for a spreadsheet."
FORMATS = "application/json, text/markdown, text/csv"
ROUTES = (
    Route(
        path="/api/v1/reports",
        summary="The reports that were made of days or weeks, with what they begin with",
        request=MadeRequest,
        handler=listed,
        permission="analytics:read",
        answers=list[MadeReport],
        example={"kind": "weekly", "limit": 10},
        problems=("invalid-cursor",),
    ),
    Route(
        path="/api/v1/reports/{period}",
        summary="A day or a week: what moved, what fired and what came of it, health of sources",
        description=_READ,
        request=ReportRequest,
        handler=report,
        permission="analytics:read",
        answers=Report,
        cost="heavy",
        example={"period": "daily"},
        problems=("invalid-parameter", "no-such-report"),
        media_type=FORMATS,
    ),
    Route(
        path="/api/v1/reports/custom",
        summary="The same for any period of at most 31 days",
        description=_READ,
        request=SpanRequest,
        handler=custom,
        permission="analytics:read",
        answers=Report,
        cost="heavy",
        example={"since": "2026-11-20T00:00:00Z", "until": "2026-11-22T12:00:00Z"},
        problems=("invalid-parameter", "contradictory-parameters", "no-data-in-period"),
        media_type=FORMATS,
    ),
)
