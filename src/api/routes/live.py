"""/live: signals and ticks as they are stored, by WebSocket or as server-sent events.

Who may connect is decided here, before anything is opened; the connection then
hangs on a shard of the hub (signals.hub_shard).
"""

from typing import Annotated

import msgspec

from api.objects.live import EVENT_STREAM, TICKET, make_ticket, open_live
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.live import LiveTicket
from common.envelope import Answer
from common.errors import Problem

Topics = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
Cursor = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class LiveRequest(msgspec.Struct):
    """What to be sent, from which event on, and by which leave.

    `topics` are separated by commas: all, market, type:price_anomaly,
    asset:bitcoin, watchlist:<id>. `after` is the number of the last event that
    you have. `ticket` stands for a credential.
    """

    topics: Topics = "all"
    after: Cursor | None = None
    ticket: Annotated[str, msgspec.Meta(pattern=TICKET, max_length=60)] | None = None


class ViewRequest(msgspec.Struct):
    """`topics` and `after` as those of /api/v1/live."""

    topics: Topics = "all"
    after: Cursor | None = None


class TicketRequest(msgspec.Struct):
    """No parameters."""


async def socket(request: LiveRequest, reads: Reads) -> Answer:
    """Open a WebSocket. Raises Problem 401 without a credential; see open_live."""
    _require_caller(request, reads)
    return await open_live(reads, request.topics, request.after, request.ticket, upgrade=True)


async def stream(request: LiveRequest, reads: Reads) -> Answer:
    """Open a stream of server-sent events. Raises Problem 401; see open_live."""
    _require_caller(request, reads)
    return await open_live(reads, request.topics, request.after, request.ticket, upgrade=False)


async def view_socket(request: ViewRequest, reads: Reads) -> Answer:
    """Open a WebSocket for a page of the dashboard."""
    return await open_live(reads, request.topics, request.after, None, upgrade=True)


async def view_stream(request: ViewRequest, reads: Reads) -> Answer:
    """Open a stream of server-sent events for a page of the dashboard."""
    return await open_live(reads, request.topics, request.after, None, upgrade=False)


async def ticket(request: TicketRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Give leave to connect once: a page must not have a key in an address."""
    return Result(await make_ticket(reads), status=201)


def _require_caller(request: LiveRequest, reads: Reads) -> None:
    if reads.principal.kind == "guest" and request.ticket is None:
        raise Problem(
            401, "key-missing", "Send a key as 'Authorization: Bearer ci_…', or a ticket.",
            {"www-authenticate": "Bearer"},
        )  # fmt: skip


_DESCRIPTION = (
    "What is sent, and what a client may say, is told in docs/live.md: events in the order of"
    " their numbers, each with the number of the one before; `after` resumes with nothing missed"
    " and nothing twice. Send the key in the header Authorization, or from a page a `ticket` of"
    " POST /api/v1/live/tickets."
)
_VIEW_PROBLEMS = ("no-such-watchlist", "too-many-connections")
_PROBLEMS = (
    *_VIEW_PROBLEMS, "key-missing", "credential-invalid", "scope-missing", "role-missing",
    "ticket-invalid",
)  # fmt: skip
_EXAMPLE = {"topics": "type:price_anomaly,asset:bitcoin"}
ROUTES = (
    Route(
        path="/api/v1/live",
        summary="Signals and ticks as they come, by WebSocket",
        description=_DESCRIPTION,
        request=LiveRequest,
        handler=socket,
        permission="public",
        knows_caller=True,
        status=101,
        example=_EXAMPLE,
        problems=(*_PROBLEMS, "upgrade-required"),
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/live/events",
        summary="The same as server-sent events",
        description="An event's id is what Last-Event-ID resumes after. " + _DESCRIPTION,
        request=LiveRequest,
        handler=stream,
        permission="public",
        knows_caller=True,
        media_type=EVENT_STREAM,
        example=_EXAMPLE,
        problems=_PROBLEMS,
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/live/tickets",
        summary="Leave to open one live connection, for pages",
        description="Good once, for half a minute, as `ticket` of /api/v1/live or /live/events.",
        request=TicketRequest,
        handler=ticket,
        permission="signals:read",
        method="POST",
        answers=LiveTicket,
        status=201,
        cost="write",
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/dashboard/live",
        summary="The dashboard's live stream, by WebSocket",
        description="As /api/v1/live.",
        request=ViewRequest,
        handler=view_socket,
        permission="dashboard:read",
        status=101,
        problems=(*_VIEW_PROBLEMS, "upgrade-required"),
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/dashboard/live/events",
        summary="The dashboard's live stream, as server-sent events",
        description="As /api/v1/live/events.",
        request=ViewRequest,
        handler=view_stream,
        permission="dashboard:read",
        media_type=EVENT_STREAM,
        problems=_VIEW_PROBLEMS,
        cache=PRIVATE,
    ),
)
