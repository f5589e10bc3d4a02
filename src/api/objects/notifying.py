"""What a user wants to be notified of, and what he has read: handlers of /push."""

import msgspec

from api.objects import push as table
from api.objects.push import Preferences, SignalIds
from api.objects.watchlists import USED_BY, encode, no_such_watchlist
from api.routing import Reads, Result
from common.database import Statement
from common.errors import Problem


class ReadRequest(msgspec.Struct):
    """`signal_ids`: which signals were read; all when it is left out."""

    signal_ids: SignalIds | None = None


async def set_preferences(request: Preferences, reads: Reads) -> Result:
    """Replace the caller's preferences and return them.

    Raises Problem 404 for a watchlist that is not his, 422 without one where the
    scope needs it and for a time zone that does not exist.
    """
    owner = reads.principal.user_id
    of_list = request.scope == "watchlist"
    if of_list and request.watchlist_id is None:
        raise Problem(422, "push-needs-watchlist", "Name the watchlist_id that you mean.")
    if of_list and await reads.database.text(
        Statement(USED_BY, (request.watchlist_id, owner))
    ) is None:  # fmt: skip
        raise no_such_watchlist()
    require_zone(request.time_zone, reads)
    quiet, types = request.quiet_hours, request.types
    values = (
        owner, request.enabled, request.scope, request.watchlist_id if of_list else None,
        request.rules, None if types == "all" else encode(list(dict.fromkeys(types))),
        request.min_confidence, _minute(quiet.start) if quiet else None,
        _minute(quiet.end) if quiet else None, request.time_zone, request.daily_cap,
        request.badges, int(reads.now),
    )  # fmt: skip
    await reads.database.batch([
        Statement(table.SET_PREFERENCES, values), Statement(table.RECONSIDER, (owner,)),
    ])  # fmt: skip
    return Result(await reads.database.text(Statement(table.PREFERENCES, (owner,))) or "null")


async def mark_read(request: ReadRequest, reads: Reads) -> Result:
    """Note which signals the caller has read; return how many are left."""
    owner = reads.principal.user_id
    ids = None if request.signal_ids is None else encode(request.signal_ids)
    await reads.database.batch([Statement(table.READ, (owner, int(reads.now), ids))])
    left = await reads.database.text(Statement(table.UNREAD, (owner,)))
    return Result(f'{{"unread":{left or 0}}}')


def require_zone(zone: str, reads: Reads) -> None:
    """Raise Problem 422 for the name of no time zone."""
    if not reads.outside.knows_zone(zone):
        raise Problem(
            422, "unknown-time-zone",
            f"No time zone is called {zone!r}; an example is Europe/Berlin.",
        )  # fmt: skip


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
