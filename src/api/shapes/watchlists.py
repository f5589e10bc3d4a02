"""Shapes of answers about watchlists."""

import msgspec

from api.shapes.common import Moment
from api.shapes.market_data import ListedAsset


class Watchlist(msgspec.Struct, forbid_unknown_fields=True):
    """A named list of assets, by id, in the order of its owner."""

    watchlist_id: str
    name: str
    assets: list[str]
    created_at: Moment
    updated_at: Moment


class WatchlistWithRows(Watchlist, forbid_unknown_fields=True):
    """A watchlist with the newest price of each asset that has one, in its order."""

    rows: list[ListedAsset]


class RemovedWatchlist(msgspec.Struct, forbid_unknown_fields=True):
    """What was removed."""

    watchlist_id: str
