"""/signals: what fired, why, and what came of it, newest first, in keyset pages."""

from typing import Annotated, Literal

import msgspec

from api.reads import units
from api.reads.asking import Cursor, Name, When, period, seal, unseal
from api.reads.signals import (
    ALL,
    ALL_IN_FULL,
    BY_ASSET,
    BY_ASSET_IN_FULL,
    BY_TYPE,
    BY_TYPE_IN_FULL,
    IS_KNOWN,
    ONE,
)
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.signals import ListedSignal, Preview, SignalInFull
from common.database import Statement, keyset_page
from common.errors import Problem
from common.signal_types import SignalType

LAST_ID = "~"  # sorts behind every id


class SignalsRequest(msgspec.Struct):
    """`type`, and filters: symbol (BTC, bitcoin, market), since and until (epoch seconds or
    ISO 8601, both included), the least confidence; detail=full adds the evidence and what came
    of each at every horizon; limit, cursor (meta.next of the page before).

    A signal without a confidence has none of at least anything.
    """

    type: SignalType | Literal["all"]
    symbol: Name | None = None
    since: When = "0"
    until: When | None = None
    min_confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    detail: Literal["brief", "full"] = "brief"
    limit: Annotated[int, msgspec.Meta(ge=1, le=250)] = 50
    cursor: Cursor | None = None


async def page(request: SignalsRequest, reads: Reads) -> Result:
    """Return a page of signals; meta.next is the cursor of the next one, null at the end.

    Raises Problem 404 for an asset that is not collected, 400 for a wrong time or
    cursor and for a span that ends before it begins.
    """
    first, before = span_of_ids(request)
    if request.cursor:
        before = min(before, *unseal(request, request.cursor))
    full = request.detail == "full"
    common = (request.limit, before, first, request.min_confidence, int(reads.now))
    if request.symbol:
        named = (request.symbol.upper(), request.symbol.lower())
        statement = Statement(
            BY_ASSET_IN_FULL if full else BY_ASSET, (*common, request.type, *named)
        )
    elif request.type == "all":
        statement = Statement(ALL_IN_FULL if full else ALL, common)
    else:
        statement = Statement(BY_TYPE_IN_FULL if full else BY_TYPE, (*common, request.type))
    found = await keyset_page(reads.database, statement, request.limit)
    if request.symbol and not found.items:
        await require_known(request.symbol, reads)
    following = None if found.next is None else seal(request, found.next)
    return Result(f"[{','.join(found.items)}]", {"next": following, "units": units.SIGNALS})


def span_of_ids(request: object) -> tuple[str, str]:
    """Return the ids that signals of the span of time asked for lie between. Raises Problem 400."""
    first, last = period(request)
    return f"{first:010d}", f"{last + 1:010d}"


def is_in_full(request: SignalsRequest, _now: float) -> bool:
    """Whether the rows hold what /signals/by-id sells."""
    return request.detail == "full"


class SignalRequest(msgspec.Struct):
    """`id`: the id of a signal."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=320, pattern=r"^[^\x00-\x1f\x7f]+$")]


async def signal(request: SignalRequest, reads: Reads) -> Result:
    """Return one signal in full. Raises Problem 404 for an id that no signal has."""
    data = await reads.database.text(Statement(ONE, (request.id, int(reads.now))))
    if data is None:
        detail = f"No signal has the id {request.id!r:.200}. /api/v1/signals/all tells ids."
        raise Problem(404, "unknown-signal", detail)
    return Result(data, {"units": units.SIGNALS})


class PreviewRequest(msgspec.Struct):
    """A rule to try on the stored past of one asset.

    `params` replace numbers of the detector's own (a wrong one is answered with those there
    are), `least_score` is how many thresholds it takes to fire, `direction` leaves out the other.
    """

    type: SignalType
    symbol: Name
    params: Annotated[
        dict[
            Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")],
            Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)],
        ],
        msgspec.Meta(max_length=20),
    ] = {}
    least_score: Annotated[float, msgspec.Meta(ge=1, le=10)] = 1.0
    direction: Literal["up", "down"] | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 7


async def preview(request: PreviewRequest, reads: Reads) -> Result:
    """Return how often a rule would have fired, and what came of it; nothing is stored.

    Raises Problem 404 for an asset that is not collected, 422 for a rule that
    cannot be, Retryable when the signals Worker does not answer.
    """
    await require_known(request.symbol, reads)
    told = await reads.outside.preview_rule(msgspec.json.encode(request).decode())
    answer = msgspec.json.decode(told, type=dict[str, msgspec.Raw])
    if "error" in answer:
        raise Problem(422, "rule-invalid", msgspec.json.decode(answer["error"], type=str))
    return Result(told)


async def require_known(symbol: str, reads: Reads) -> None:
    """Raise Problem 404 for what nothing is collected of."""
    named = (symbol.upper(), symbol.lower())
    if await reads.database.text(Statement(IS_KNOWN, named)) is None:
        detail = f"No asset with the symbol or id {symbol!r} is collected."
        raise Problem(404, "unknown-symbol", detail)


ROUTES = (
    Route(
        path="/api/v1/signals/{type}",
        summary="Signals of a type (or all), newest first, each with the reason it fired",
        description="A row has what a list needs to be read; all evidence is at"
        " /api/v1/signals/by-id/{id}, or in every row with detail=full, which costs what one"
        " explanation does: one payment for the page.",
        request=SignalsRequest,
        handler=page,
        permission="signals:read",
        answers=list[ListedSignal],
        example={"type": "all", "symbol": "BTC"},
        problems=(
            "unknown-symbol",
            "invalid-parameter",
            "contradictory-parameters",
            "invalid-cursor",
        ),
        price="explanation",
        priced_when=is_in_full,
    ),
    Route(
        path="/api/v1/signals/by-id/{id}",
        summary="One signal with its evidence, its event, what came of it, and its calibrations",
        request=SignalRequest,
        handler=signal,
        permission="signals:read",
        answers=SignalInFull,
        example={"id": "1795350600-price_anomaly-bitcoin"},
        problems=("unknown-signal",),
        price="explanation",
    ),
    Route(
        path="/api/v1/signals/preview",
        summary="Try a rule on the stored past: how often it would have fired, and what came of it",
        request=PreviewRequest,
        handler=preview,
        method="POST",
        permission="signals:preview",
        cost="heavy",
        answers=Preview,
        example={"type": "pump", "symbol": "BTC", "days": 7},
        problems=("unknown-symbol", "rule-invalid"),
        cache=PRIVATE,
    ),
)
