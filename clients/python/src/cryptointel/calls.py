"""What can be asked: paths and parameters, once for both clients."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, TypedDict

from cryptointel.requests import segment
from cryptointel.types import Interval, SignalType, Sort

When = str | int | datetime  # ISO 8601, epoch seconds, or a time with a zone
Names = str | list[str]


class AssetFilters(TypedDict, total=False):
    """Which assets, and in which order."""

    symbols: Names
    min_price: float
    max_price: float
    min_market_cap: float
    max_market_cap: float
    min_volume_24h: float
    max_volume_24h: float
    min_change_1h: float
    max_change_1h: float
    min_change_24h: float
    max_change_24h: float
    sort: Sort
    order: Literal["asc", "desc"]
    limit: int
    cursor: str


class BarFilters(TypedDict, total=False):
    """Which bars; `since` and `until` are the first and last moment that one may begin at."""

    since: When
    until: When
    currency: str
    limit: int
    cursor: str


class SignalFilters(TypedDict, total=False):
    """Which signals, and whether with all their evidence (detail="full")."""

    symbol: str
    since: When
    until: When
    min_confidence: float
    detail: Literal["brief", "full"]
    limit: int
    cursor: str


class NewsFilters(TypedDict, total=False):
    """Which stories."""

    symbol: str
    entity: str
    source: str
    min_sentiment: float
    max_sentiment: float
    since: When
    until: When
    limit: int
    cursor: str


class Call(NamedTuple):
    """A path of the API and its parameters."""

    path: str
    params: Mapping[str, Any]


def assets(filters: AssetFilters) -> Call:
    """List assets."""
    return Call("/api/v1/market-data", filters)


def price(symbol: str, currency: str) -> Call:
    """Ask for the newest price of an asset."""
    return Call(f"/api/v1/market-data/{segment(symbol)}", {"currency": currency})


def bars(symbol: str, interval: Interval, filters: BarFilters) -> Call:
    """List bars of an asset's history."""
    names = {"since": "from", "until": "to"}
    params = {names.get(name, name): value for name, value in filters.items()}
    return Call(f"/api/v1/market-data/{segment(symbol)}", {"history": interval, **params})


def signals(kind: SignalType | Literal["all"], filters: SignalFilters) -> Call:
    """List signals."""
    return Call(f"/api/v1/signals/{segment(kind)}", filters)


def signal(signal_id: str) -> Call:
    """Ask for one signal in full."""
    return Call(f"/api/v1/signals/by-id/{segment(signal_id)}", {})


def analytics(metric: str, params: Mapping[str, Any]) -> Call:
    """Ask for a figure of the market."""
    return Call(f"/api/v1/analytics/{segment(metric)}", params)


def news(filters: NewsFilters) -> Call:
    """List stories."""
    return Call("/api/v1/news", filters)


def entity(name: str, kind: str | None, days: int | None) -> Call:
    """Ask who mentions an entity."""
    return Call(f"/api/v1/entities/{segment(name)}", {"type": kind, "days": days})


def watchlist(watchlist_id: str | None = None) -> Call:
    """Ask for one watchlist, or for all."""
    path = "/api/v1/watchlists"
    return Call(path if watchlist_id is None else f"{path}/{segment(watchlist_id)}", {})


def report(period: Literal["daily", "weekly"], day: str | date | None) -> Call:
    """Ask for a report."""
    return Call(f"/api/v1/reports/{segment(period)}", {"date": day})


def view(name: str, params: Mapping[str, Any]) -> Call:
    """Ask for what a view of the dashboard shows."""
    return Call(f"/api/v1/dashboard/{segment(name)}", params)
