"""Shapes of the overview."""

from typing import Literal

import msgspec

from api.shapes.analytics import Market, TonePoint
from api.shapes.common import Age, Count, Moment, Percent, Signal, Tone, Usd
from api.shapes.market_data import ListedAsset
from api.shapes.views.market import Fired


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


class ShownAsset(ListedAsset, forbid_unknown_fields=True):
    """A row of a list, with its change of a week."""

    change_7d: Percent | None


class Breadth(msgspec.Struct, forbid_unknown_fields=True):
    """How many assets there are, and how many of them rose and fell within a day."""

    assets: Count
    up: Count
    down: Count


class DayBefore(msgspec.Struct, forbid_unknown_fields=True):
    """The mean tone of the stories of the day before."""

    tone: Tone | None
    n: Count


class Mood(msgspec.Struct, forbid_unknown_fields=True):
    """The mean tone of the stories of a day, each counted once.

    `points` are windows of two hours, the oldest first, none without a story; `sources` says
    how many came from each source, `age_seconds` is that of the newest, of `newest_at`.
    """

    tone: Tone | None
    n: Count
    newest_at: Moment | None
    age_seconds: Age | None
    window_seconds: Count
    sources: dict[str, int]
    before: DayBefore
    points: list[TonePoint]


class Overview(msgspec.Struct, forbid_unknown_fields=True):
    """The market and everything that is new.

    `assets` are the hundred largest, and those that moved most within an hour, a day and a
    week among those with a volume of `least_volume`; `breadth` counts all of them. `sparklines`
    are prices of those that moved by asset id, the oldest first: the last of each half hour of
    a day, kept short without their times. `reasons` tells by asset id what fired on these
    assets. `signalled_24h` are the assets of the `signals_24h`.
    """

    tick: Moment | None
    origin: str
    sources: list[Source]
    market: Market | None
    breadth: Breadth
    assets: list[ShownAsset]
    least_volume: Usd
    sparklines: dict[str, list[float]]
    reasons: dict[str, Fired]
    beyond: list[Beyond]
    sentiment: Mood
    signals: list[Signal]
    signals_24h: Count
    signalled_24h: Count
