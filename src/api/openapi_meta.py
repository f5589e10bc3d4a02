"""What `meta` holds beside an answer's data, by route; see common.envelope.

What a handler puts into Result.meta is described here; a test compares both.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from api.reads.bars import Interval
from api.routing import Route
from api.shapes.common import Count, Moment

Cursor = Annotated[
    str, msgspec.Meta(description="what to send as `cursor` for the next page; null is the end")
]
Unknown = Annotated[
    list[str], msgspec.Meta(description="those of the symbols that nothing is collected of")
]

Units = Annotated[
    dict[str, str],
    msgspec.Meta(description="the unit of each figure of the data, by the figure's name"),
]


class Stale(msgspec.Struct, forbid_unknown_fields=True):
    """Why the answer is older than it should be, and since when."""

    since: Moment
    reason: str


class Meta(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """About the answer: when it was made, and what its data is.

    Simulated data is never of real markets. `stale` stands only in an answer
    that is older than it should be.
    """

    generated_at: Moment
    origin: Literal["live", "simulated", "recorded"]
    stale: Stale | UnsetType = UNSET


class PageMeta(Meta, forbid_unknown_fields=True, kw_only=True):
    """About a page of a list."""

    next: Cursor | None


class FiguresMeta(Meta, forbid_unknown_fields=True, kw_only=True):
    """About figures."""

    units: Units


class FiguresPageMeta(PageMeta, forbid_unknown_fields=True, kw_only=True):
    """About a page of a list with figures."""

    units: Units


class MarketListMeta(FiguresPageMeta, forbid_unknown_fields=True, kw_only=True):
    """About a page of assets; `unknown` stands where `symbols` were asked for."""

    unknown: Unknown | UnsetType = UNSET


class HistoryMeta(FiguresPageMeta, forbid_unknown_fields=True, kw_only=True):
    """About a page of bars: of what asset, how long each is, in which currency."""

    asset_id: str
    symbol: str
    interval: Interval
    currency: str


class NamedMeta(FiguresMeta, forbid_unknown_fields=True, kw_only=True):
    """About figures of several assets."""

    unknown: Unknown


class FeedItemsMeta(Meta, forbid_unknown_fields=True, kw_only=True):
    """About the rows of a feed: what they name as their source, and which of the two they are."""

    source: str
    kind: Literal["reading", "news"]


class LogHead(msgspec.Struct, forbid_unknown_fields=True):
    """The newest entry of the signal log."""

    seq: Count
    hash: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class LogMeta(Meta, forbid_unknown_fields=True, kw_only=True):
    """About a page of the signal log; `head` is null while there is no entry."""

    next: (
        Annotated[int, msgspec.Meta(description="`after` of the next page; null is the end")] | None
    )
    head: LogHead | None


# Whose answers say their units, besides those below.
FIGURES = (
    "/api/v1/signals/{type}", "/api/v1/signals/by-id/{id}", "/api/v1/news",
    "/api/v1/entities/{name}", "/api/v1/watchlists/{watchlist_id}",
    "/api/v1/me/usage", "/api/v1/reports", "/api/v1/reports/{period}", "/api/v1/reports/custom",
)  # fmt: skip
FIGURES_BELOW = ("/api/v1/analytics/", "/api/v1/dashboard/")
# Those that are neither Meta nor, of a list with cursors, PageMeta. Several are in the order in
# which the route declares the alternatives of its answer.
OF_PATHS: dict[str, tuple[type[Meta], ...]] = {
    "/api/v1/market-data": (MarketListMeta,),
    "/api/v1/market-data/{symbol}": (FiguresMeta, HistoryMeta),
    "/api/v1/signal-log": (LogMeta,),
    "/api/v1/analytics/volatility": (NamedMeta,),
    "/api/v1/analytics/correlation": (NamedMeta,),
    "/api/v1/feeds/{feed_id}/items": (FeedItemsMeta,),
}


def metas_of(route: Route) -> tuple[type[Any], ...]:
    """Return the types of a route's `meta`, of which an answer has one."""
    if route.path in OF_PATHS and route.method == "GET":
        return OF_PATHS[route.path]
    figures = route.path in FIGURES or route.path.startswith(FIGURES_BELOW)
    if "cursor" in route.request.__struct_fields__:
        return (FiguresPageMeta if figures else PageMeta,)
    return (FiguresMeta if figures and route.method != "DELETE" else Meta,)
