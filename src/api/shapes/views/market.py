"""Shapes of the screener."""

from typing import Annotated

import msgspec
from msgspec import Meta

from api.shapes.common import Age, Confidence, Count, Moment, Percent, Usd

# Column by column, thousands of rows take half the bytes: no name is repeated.
Trend = Annotated[
    str,
    Meta(
        description="A character for the price at the end of each two hours of the last day, the"
        " oldest first: its code less 35 is the height, from 0 (the lowest) to 56 (the highest);"
        " a space where there was no price",
    ),
]


class Fired(msgspec.Struct, forbid_unknown_fields=True):
    """What fired on an asset within a day of the newest tick: how often, and what last.

    `lasting` are the signals that are not over. `calibration` says how far to believe that what
    the last one says will follow within `horizon_seconds`.
    """

    signals_24h: Count
    lasting: Count
    signal_id: str
    type: str
    direction: str | None
    explanation: str
    created_at: Moment
    ended_at: Moment | None
    horizon_seconds: Count | None
    calibration: Confidence | None


class Columns(msgspec.Struct, forbid_unknown_fields=True):
    """Each column of the assets, all of one length and in one order: the largest asset first.

    `source` is a place in `source_names`, `sources` how many of those agreed on the price.
    """

    asset_id: list[str]
    symbol: list[str]
    name: list[str]
    price: list[Usd]
    change_1h: list[Percent | None]
    change_24h: list[Percent | None]
    change_7d: list[Percent | None]
    volume_24h: list[Usd | None]
    market_cap: list[Usd | None]
    sources: list[Count]
    source: list[Count]
    age_seconds: list[Age]
    trend: list[Trend]


class MarketView(msgspec.Struct, forbid_unknown_fields=True):
    """Every asset seen during the last day, and by asset id what fired on it."""

    tick: Moment | None
    origin: str
    source_names: list[str]
    columns: Columns
    signals: dict[str, Fired]
