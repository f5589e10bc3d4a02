"""The view of administrators: alerts, sources, newest runs, flags, and what was changed last."""

import msgspec

from api.admin import alerts, audit, flags, sources
from api.admin.operating import alerts_now, previous_day
from api.identity.texts import as_json
from api.objects.fields import NothingRequest
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.views.administration import AdminView
from common.database import Statement
from common.errors import Retryable

RUNS_SHOWN, ENTRIES_SHOWN = 8, 20
NEWEST = 9_999_999_999  # behind every tick
TICK = """
SELECT json_quote(strftime('%Y-%m-%dT%H:%M:%SZ', max(last_tick), 'unixepoch')) FROM sources
"""
UNITS = {
    "age_seconds": "s", "bytes": "bytes", "milliseconds": "ms", "slowest_ms": "ms",
    "cadence_seconds": "s", "per_minute": "requests a minute", "rollout_percent": "%",
}  # fmt: skip


async def admin(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return what an operator looks at first."""
    now = int(reads.now)
    told = await reads.database.texts([
        Statement(TICK),
        Statement(alerts.FACTS, (now, previous_day(reads.now))),
        Statement(sources.SOURCES, (now,)),
        Statement(sources.FEEDS),
        Statement(sources.RUNS, (RUNS_SHOWN, NEWEST)),
        Statement(flags.LIST),
        Statement(audit.NEWEST, (ENTRIES_SHOWN, audit.LAST)),
    ])  # fmt: skip
    members = {
        "tick": told[0] or "null",
        "alerts": as_json(alerts_now(told[1] or "", reads)),
        "sources": told[2] or "[]",
        "declared": await _declared(reads),
        "feeds": told[3] or "null",
        "runs": _items(told[4]),
        "flags": told[5] or "[]",
        "audit": _items(told[6]),
    }
    body = ",".join(f'"{name}":{text}' for name, text in members.items())
    return Result(f"{{{body}}}", {"units": UNITS})


async def _declared(reads: Reads) -> str:
    """Return what collection knows of its sources; null while it does not answer."""
    try:
        return await reads.outside.declared_sources()
    except Retryable:
        return "null"


def _items(page: str | None) -> str:
    """Return the items of a page of [key, item] as one array."""
    found = msgspec.json.decode(page or "[]", type=list[tuple[str, str]])
    return f"[{','.join(item for _, item in found)}]"


ROUTES = (
    Route(
        path="/api/v1/dashboard/admin",
        summary="The administrators' page: alerts, sources, newest runs, flags, newest changes",
        request=NothingRequest,
        handler=admin,
        permission="admin:read",
        answers=AdminView,
        cost="view",
        cache=PRIVATE,
    ),
)
