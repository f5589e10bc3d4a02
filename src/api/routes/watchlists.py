"""/watchlists: named lists of assets, each with its market in one call."""

import secrets
from typing import Annotated

import msgspec

from api.objects.fields import EXAMPLE_ID, Id, Name, NothingRequest, Symbol
from api.objects.watchlists import (
    BY_NAME,
    DELETE,
    INSERT,
    LIST,
    MOST_ASSETS,
    MOST_LISTS,
    UPDATE,
    USED_BY,
    WITH_ROWS,
    encode,
    no_such_watchlist,
    resolve_symbols,
)  # fmt: skip
from api.reads import units
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.watchlists import RemovedWatchlist, Watchlist, WatchlistWithRows
from common.database import Statement
from common.errors import Conflict, Problem


class WatchlistRequest(msgspec.Struct):
    """`watchlist_id`: as given when the list was made."""

    watchlist_id: Id


class NewWatchlist(msgspec.Struct):
    """`name`, and `symbols`: tickers (BTC) or asset ids (bitcoin), in the order to be kept."""

    name: Name
    symbols: Annotated[list[Symbol], msgspec.Meta(max_length=MOST_ASSETS)]


class ChangedWatchlist(msgspec.Struct):
    """All of a watchlist anew; see NewWatchlist."""

    watchlist_id: Id
    name: Name
    symbols: Annotated[list[Symbol], msgspec.Meta(max_length=MOST_ASSETS)]


async def listed(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the caller's watchlists, by name."""
    return Result(await reads.database.text(Statement(LIST, (reads.principal.user_id,))) or "[]")


async def shown(request: WatchlistRequest, reads: Reads) -> Result:
    """Return a watchlist with its market. Raises Problem 404."""
    return await _shown(request.watchlist_id, reads)


async def create(request: NewWatchlist, reads: Reads) -> Result:
    """Store a watchlist.

    Raises Problem 422 for what is not collected, 409 when the caller has a
    list of that name, or as many as one may have.
    """
    assets = await resolve_symbols(request.symbols, reads.database)
    list_id, owner, name = secrets.token_hex(8), reads.principal.user_id, request.name.strip()
    values = (list_id, owner, name, encode(assets), int(reads.now), MOST_LISTS)
    await reads.database.batch([Statement(INSERT, values)])
    # Asked, not counted: a write that was sent twice wrote nothing the second time.
    found = await reads.database.text(Statement(BY_NAME, (owner, name)))
    if found is None:
        raise Problem(
            409, "watchlist-limit",
            f"You have {MOST_LISTS} watchlists, as many as one may; remove one first.",
        )  # fmt: skip
    stored, item = msgspec.json.decode(found, type=tuple[str, msgspec.Raw])
    if stored != list_id:
        raise _exists(name)
    return Result(bytes(item).decode(), status=201)


async def replace(request: ChangedWatchlist, reads: Reads) -> Result:
    """Replace a watchlist of the caller's and return it. Raises Problem 404, and as create."""
    assets = await resolve_symbols(request.symbols, reads.database)
    name = request.name.strip()
    values = (request.watchlist_id, reads.principal.user_id, name, encode(assets), int(reads.now))
    try:
        await reads.database.batch([Statement(UPDATE, values)])
    except Conflict:
        raise _exists(name) from None
    return await _shown(request.watchlist_id, reads)


async def remove(request: WatchlistRequest, reads: Reads) -> Result:
    """Remove a watchlist of the caller's. Raises Problem 404, 409 when an alert rule needs it."""
    values = (request.watchlist_id, reads.principal.user_id)
    used_by = await reads.database.text(Statement(USED_BY, values))
    if used_by is None:
        raise no_such_watchlist()
    await reads.database.batch([Statement(DELETE, values)])
    if await reads.database.text(Statement(USED_BY, values)) is not None:
        names = ", ".join(msgspec.json.decode(used_by, type=list[str]))
        raise Problem(
            409, "watchlist-in-use", f"These alert rules need it: {names}. Change them first."
        )
    return Result(encode({"watchlist_id": request.watchlist_id}))


async def _shown(watchlist_id: str, reads: Reads) -> Result:
    values = (watchlist_id, reads.principal.user_id, int(reads.now))
    found = await reads.database.text(Statement(WITH_ROWS, values))
    if found is None:
        raise no_such_watchlist()
    return Result(found, {"units": units.ASSETS})


def _exists(name: str) -> Problem:
    return Problem(
        409, "watchlist-exists", f"You have a watchlist named {name!r}; choose another name."
    )


EXAMPLE = {"name": "Majors", "symbols": ["BTC", "ETH"]}
ROUTES = (
    Route(
        path="/api/v1/watchlists",
        summary="Your watchlists",
        request=NothingRequest,
        handler=listed,
        permission="watchlists:read",
        answers=list[Watchlist],
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/watchlists",
        summary="Make a watchlist",
        request=NewWatchlist,
        handler=create,
        permission="watchlists:write",
        method="POST",
        answers=Watchlist,
        status=201,
        example=EXAMPLE,
        problems=("unknown-symbols", "watchlist-exists", "watchlist-limit"),
        cost="write",
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/watchlists/{watchlist_id}",
        summary="A watchlist of yours with the newest prices of its assets",
        request=WatchlistRequest,
        handler=shown,
        permission="watchlists:read",
        answers=WatchlistWithRows,
        example={"watchlist_id": EXAMPLE_ID},
        problems=("no-such-watchlist",),
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/watchlists/{watchlist_id}",
        summary="Replace a watchlist of yours",
        request=ChangedWatchlist,
        handler=replace,
        permission="watchlists:write",
        method="PUT",
        answers=WatchlistWithRows,
        example={"watchlist_id": EXAMPLE_ID, **EXAMPLE},
        problems=("no-such-watchlist", "unknown-symbols", "watchlist-exists"),
        cost="write",
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/watchlists/{watchlist_id}",
        summary="Remove a watchlist of yours",
        request=WatchlistRequest,
        handler=remove,
        permission="watchlists:write",
        method="DELETE",
        answers=RemovedWatchlist,
        example={"watchlist_id": EXAMPLE_ID},
        problems=("no-such-watchlist", "watchlist-in-use"),
        cost="write",
        cache=PRIVATE,
    ),
)
