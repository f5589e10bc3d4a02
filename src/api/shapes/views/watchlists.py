"""Shapes of the view of watchlists."""

import msgspec

from api.shapes.common import Moment, Signal
from api.shapes.market_data import ListedAsset


class ListedWatchlist(msgspec.Struct, forbid_unknown_fields=True):
    """A list of the caller's: ids of assets in his order, and the alert rules that need it."""

    watchlist_id: str
    name: str
    assets: list[str]
    rules: list[str]
    updated_at: Moment


class Unpriced(msgspec.Struct, forbid_unknown_fields=True):
    """An asset of the list that nobody told a price of during the last day."""

    asset_id: str
    symbol: str
    name: str


class WatchlistsView(msgspec.Struct, forbid_unknown_fields=True):
    """The caller's lists by name. What follows `chosen` is of that list.

    `sparklines` are prices of a day by asset id, `signals` those of seven days, newest first.
    """

    lists: list[ListedWatchlist]
    chosen: str | None
    tick: Moment | None
    rows: list[ListedAsset]
    unpriced: list[Unpriced]
    sparklines: dict[str, list[float]]
    signals: list[Signal]
