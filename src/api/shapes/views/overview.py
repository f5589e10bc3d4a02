"""Shapes of the overview."""

from typing import Literal

import msgspec

from api.shapes.analytics import Market
from api.shapes.common import Age, Count, Moment, Signal
from api.shapes.market_data import ListedAsset


class Source(msgspec.Struct, forbid_unknown_fields=True):
    """How a source is."""

    source: str
    state: Literal["ok", "degraded", "off"]
    reason: str | None
    last_success: Moment | None
    age_seconds: Age | None
    attribution: str
    attribution_url: str


class Beyond(msgspec.Struct, forbid_unknown_fields=True):
    """A number that is no price, from one source."""

    kind: str
    value: float
    unit: str
    label: str | None
    observed_at: Moment
    age_seconds: Age
    source: str
    attribution: str
    attribution_url: str


class Overview(msgspec.Struct, forbid_unknown_fields=True):
    """The market and everything that is new.

    `sparklines` are prices by asset id, the oldest first: the last of each half hour of a
    day, kept short without their times.
    """

    tick: Moment | None
    origin: str
    sources: list[Source]
    market: Market | None
    assets: list[ListedAsset]
    sparklines: dict[str, list[float]]
    beyond: list[Beyond]
    signals: list[Signal]
    signals_24h: Count
