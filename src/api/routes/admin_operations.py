"""/admin: sources and their runs, replays, alerts, top callers, and the audit log."""

from typing import Annotated, Literal

import msgspec

from api.admin import alerts as alerting_table
from api.admin import audit, callers, sources
from api.admin.operating import alerts_now, previous_day
from api.identity.step_up import require_proof
from api.identity.texts import as_json
from api.objects.fields import NothingRequest
from api.reads.asking import Cursor, seal, unseal
from api.routes.usage import DaysRequest, first_day
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.admin import AuditEntry, Caller, OperatorAlert
from api.shapes.admin_sources import Replayed, SwitchedSource, TickRun
from api.shapes.common import Moment
from common.database import Statement, keyset_page
from common.errors import Problem
from common.times import epoch, iso

SourceName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9_:-]{1,80}$", examples=["kraken"])]
AlertName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9_:-]{1,100}$", examples=["source:kraken"])]


class SwitchRequest(msgspec.Struct):
    """`enabled` null: as its declaration and SOURCE_OVERRIDES say."""

    source: SourceName
    enabled: bool | None


class PageRequest(msgspec.Struct):
    """A page, the newest first."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 25
    cursor: Cursor | None = None


class RunsRequest(msgspec.Struct):
    """Ticks with their runs, the newest first."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=48)] = 12
    cursor: Cursor | None = None


class ReplayRequest(msgspec.Struct):
    """`tick`: which one, as the run log names it."""

    tick: Moment


class AlertRequest(msgspec.Struct):
    """`action`: acknowledge what is known, snooze it for `hours`, or reopen it."""

    alert: AlertName
    action: Literal["acknowledge", "snooze", "reopen"]
    hours: Annotated[int, msgspec.Meta(ge=1, le=168)] = 24


async def switch(request: SwitchRequest, reads: Reads) -> Result:
    """Switch a source on or off from the next tick on. Raises Problem 403, 404."""
    require_proof(reads.principal, reads.now)
    head = audit.head(reads)
    wanted = (request.source, request.enabled)
    told = await reads.database.texts([
        Statement(sources.AUDIT_SWITCH, (*wanted, *head)),
        Statement(sources.SWITCH, (*wanted, head[0])),
        Statement(sources.UNSWITCH, wanted),
        Statement(sources.SWITCHED, wanted[:1]),
    ])  # fmt: skip
    if told[-1] is None:
        raise Problem(404, "no-such-source", "No source of this name has ever been collected.")
    return Result(told[-1])


async def runs(request: RunsRequest, reads: Reads) -> Result:
    """Return ticks with what each brought from each source."""
    behind = unseal(request, request.cursor)[0] if request.cursor else "9999999999"
    values = (request.limit, int(behind) if behind.isdecimal() else 0)
    text = await reads.database.text(Statement(sources.RUNS, values)) or "[]"
    found = msgspec.json.decode(text, type=list[tuple[str, str]])
    following = seal(request, found[-1][0]) if found else None
    return Result(f"[{','.join(item for _, item in found)}]", {"next": following})


async def replay(request: ReplayRequest, reads: Reads) -> Result:
    """Do a tick again from the raw bodies that were kept of it. Raises Problem 404.

    What it finds is stored; what is stored already stays. No provider is asked.
    """
    try:
        tick = epoch(request.tick)
    except ValueError:  # of the right form, and no day of any calendar
        tick = -1
    if await reads.database.text(Statement(sources.COLLECTED, (tick,))) is None:
        raise Problem(404, "no-such-tick", f"Nothing was collected at {request.tick}.")
    done = msgspec.json.decode(await reads.outside.replay(tick), type=dict[str, int])
    told = as_json({"tick": iso(tick), **done})
    await reads.database.batch([
        Statement(sources.AUDIT_REPLAY, (tick, told, *audit.head(reads))),
    ])  # fmt: skip
    return Result(told)


async def alerts(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return what is wrong now."""
    values = (int(reads.now), previous_day(reads.now))
    text = await reads.database.text(Statement(alerting_table.FACTS, values)) or ""
    return Result(as_json(alerts_now(text, reads)))


async def put_aside(request: AlertRequest, reads: Reads) -> Result:
    """Acknowledge, snooze or reopen an alert; return what is wrong now.

    Raises Problem 404 for what is not wrong.
    """
    facts = Statement(alerting_table.FACTS, (int(reads.now), previous_day(reads.now)))
    before = alerts_now(await reads.database.text(facts) or "", reads)
    if request.alert not in {one.alert for one in before}:
        raise Problem(404, "no-such-alert", "There is no such alert now; it may be over.")
    at, actor, request_id = audit.head(reads)
    known = request.action != "reopen"
    until = at + request.hours * 3_600 if request.action == "snooze" else None
    done = {"action": request.action, "until": None if until is None else iso(until)}
    values = (request.alert, at if known else None, actor if known else None, until)
    told = await reads.database.texts([
        Statement(alerting_table.AUDIT, (request.alert, as_json(done), at, actor, request_id)),
        Statement(alerting_table.PUT_ASIDE, values),
        facts,
    ])  # fmt: skip
    return Result(as_json(alerts_now(told[-1] or "", reads)))


async def log(request: PageRequest, reads: Reads) -> Result:
    """Return who changed what, the newest first."""
    behind = unseal(request, request.cursor)[0] if request.cursor else audit.LAST
    values = (request.limit + 1, behind)
    page = await keyset_page(reads.database, Statement(audit.NEWEST, values), request.limit)
    following = None if page.next is None else seal(request, page.next)
    return Result(f"[{','.join(page.items)}]", {"next": following})


async def top(request: DaysRequest, reads: Reads) -> Result:
    """Return who asked most in these days."""
    values = (first_day(request.days, reads.now),)
    return Result(await reads.database.text(Statement(callers.TOP, values)) or "[]")


ROUTES = (
    Route(
        path="/api/v1/admin/sources/{source}", method="PUT", cost="write",
        summary="Switch a source on or off from the next tick on, or leave it as declared",
        request=SwitchRequest, handler=switch, permission="admin:write", cache=PRIVATE,
        answers=SwitchedSource, problems=("step-up-required", "no-such-source"),
        example={"source": "kraken", "enabled": False},
    ),
    Route(
        path="/api/v1/admin/runs", summary="Ticks, and what each brought from each source",
        request=RunsRequest, handler=runs, permission="admin:read", cost="heavy", cache=PRIVATE,
        answers=list[TickRun], example={"limit": 4}, problems=("invalid-cursor",),
    ),
    Route(
        path="/api/v1/admin/replays", method="POST", cost="write",
        summary="Do a tick again from its raw bodies; no provider is asked",
        description="Only holes are filled: what is stored already stays as it is.",
        request=ReplayRequest, handler=replay, permission="admin:write", cache=PRIVATE,
        answers=Replayed, problems=("no-such-tick",),
        example={"tick": "2026-11-22T12:15:00Z"},
    ),
    Route(
        path="/api/v1/admin/alerts", summary="What is wrong now, since when, and what to do",
        request=NothingRequest, handler=alerts, permission="admin:read", cost="heavy",
        cache=PRIVATE, answers=list[OperatorAlert],
    ),
    Route(
        path="/api/v1/admin/alerts/{alert}", method="POST", cost="write",
        summary="Acknowledge, snooze or reopen an alert",
        description="An acknowledged alert comes back when what it is about begins anew.",
        request=AlertRequest, handler=put_aside, permission="admin:write", cache=PRIVATE,
        answers=list[OperatorAlert], problems=("no-such-alert",),
        example={"alert": "source:kraken", "action": "snooze", "hours": 4},
    ),
    Route(
        path="/api/v1/admin/audit", summary="Who changed what, the newest first",
        request=PageRequest, handler=log, permission="admin:read", cache=PRIVATE,
        answers=list[AuditEntry], example={"limit": 10}, problems=("invalid-cursor",),
    ),
    Route(
        path="/api/v1/admin/callers", summary="Who asked most, and what it brought",
        request=DaysRequest, handler=top, permission="admin:read", cost="heavy", cache=PRIVATE,
        answers=list[Caller], example={"days": 7},
    ),
)  # fmt: skip
