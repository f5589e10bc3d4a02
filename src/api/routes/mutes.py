"""/mutes: assets and types of signals that the caller does not want to see, for a time or for good.

What is muted goes on to be detected, judged and told by alert rules: only lists that a person
looks at leave it out. Each call says how it is to be, so it may be sent twice.
"""

from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec

from api.objects import mutes as table
from api.objects.fields import NothingRequest
from api.objects.watchlists import encode
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.mutes import Mute, RemovedMute
from common.database import Statement
from common.errors import Problem
from common.signal_types import SignalType

Kind = Literal["asset", "type"]
TYPES: tuple[str, ...] = get_args(SignalType)
Subject = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[^\x00-\x20\x7f]+$",
        min_length=1,
        max_length=80,
        description="of the kind asset what a signal is about (its asset_id), of type its type",
        examples=["bitcoin"],
    ),
]


class MuteRequest(msgspec.Struct):
    """`kind` and `subject`: what is muted."""

    kind: Kind
    subject: Subject


class NewMute(MuteRequest, kw_only=True):
    """What is muted, and `until` when; without it for good."""

    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


async def listed(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return what the caller muted and is not over, the newest first."""
    values = (reads.principal.user_id, int(reads.now))
    return Result(await reads.database.text(Statement(table.LIST, values)) or "[]")


async def mute(request: NewMute, reads: Reads) -> Result:
    """Mute an asset or a type for the caller, or change until when.

    Raises Problem 422 for a type that there is not and a time that is over, 409 when as many are
    muted as may be.
    """
    owner, now = reads.principal.user_id, int(reads.now)
    if request.kind == "type" and request.subject not in TYPES:
        raise Problem(422, "mute-invalid", f"subject: a type is one of {', '.join(TYPES)}.")
    until = None
    if request.until is not None:
        until = int(min(table.LAST, request.until.timestamp()))
        if until <= now:
            raise Problem(422, "mute-invalid", "until: this moment is over; give a later one.")
    named = (owner, request.kind, request.subject)
    await reads.database.batch([
        Statement(table.FORGET, (owner, now)),
        Statement(table.PUT, (*named, until, now, table.MOST_MUTES)),
    ])  # fmt: skip
    found = await reads.database.text(Statement(table.GET, named))
    if found is None:
        raise Problem(
            409, "mute-limit",
            f"You have muted {table.MOST_MUTES} things, as many as one may; unmute one first.",
        )  # fmt: skip
    return Result(found)


async def unmute(request: MuteRequest, reads: Reads) -> Result:
    """Show signals of an asset or a type again, muted or not."""
    named = (reads.principal.user_id, request.kind, request.subject)
    await reads.database.batch([Statement(table.DELETE, named)])
    return Result(encode({"kind": request.kind, "subject": request.subject}))


EXAMPLE = {"kind": "asset", "subject": "bitcoin"}
PATH = "/api/v1/mutes/{kind}/{subject}"
ROUTES = (
    Route(
        path="/api/v1/mutes",
        summary="What you muted: assets and types whose signals you do not want to see",
        request=NothingRequest,
        handler=listed,
        permission="watchlists:read",
        answers=list[Mute],
        cache=PRIVATE,
    ),
    Route(
        path=PATH,
        summary="Mute an asset or a type of signals, for a time or for good",
        description="Alert rules go on to fire. Sending it again changes until when.",
        request=NewMute,
        handler=mute,
        permission="watchlists:write",
        method="PUT",
        answers=Mute,
        example={**EXAMPLE, "until": "2026-11-23T12:00:00Z"},
        problems=("mute-invalid", "mute-limit"),
        cost="write",
        cache=PRIVATE,
    ),
    Route(
        path=PATH,
        summary="Show signals of an asset or a type again",
        request=MuteRequest,
        handler=unmute,
        permission="watchlists:write",
        method="DELETE",
        answers=RemovedMute,
        example=EXAMPLE,
        cost="write",
        cache=PRIVATE,
    ),
)
