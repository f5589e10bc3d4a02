"""Shapes of /market-data."""

import msgspec

from api.shapes.common import Age, Count, MarketRow, Moment

Amount = float  # in the answer's currency


class SourceQuote(msgspec.Struct, forbid_unknown_fields=True):
    """What one source said at the newest tick, in the answer's currency."""

    source: str
    price: Amount
    volume_24h: Amount | None
    market_cap: Amount | None
    observed_at: Moment
    age_seconds: Age
    attribution: str
    attribution_url: str


class Consensus(msgspec.Struct, forbid_unknown_fields=True):
    """How one price was made of several: those used, those left out and why, how far apart.

    `spread` is the distance of the used prices, as a share of the price.
    """

    used: dict[str, Amount]
    rejected: dict[str, str]
    spread: float | None


class Rate(msgspec.Struct, forbid_unknown_fields=True):
    """What the US dollars were multiplied with: units of the currency for one of them."""

    units_per_usd: float
    source: str
    attribution: str | None
    attribution_url: str | None
    observed_at: Moment
    age_seconds: Age


class Latest(msgspec.Struct, forbid_unknown_fields=True):
    """The newest price of an asset, and what each source says; amounts in `currency`.

    `rate` is null for US dollars, `consensus` where there is one source only.
    """

    asset_id: str
    symbol: str
    name: str
    price: Amount
    volume_24h: Amount | None
    market_cap: Amount | None
    currency: str
    rate: Rate | None
    source: str
    observed_at: Moment
    age_seconds: Age
    tick: Moment
    consensus: Consensus | None
    sources: list[SourceQuote]


class Bar(msgspec.Struct, forbid_unknown_fields=True):
    """An interval of an asset's history, named by its first second.

    The prices are those of record at its ticks, `observed` many of them. `volume_24h`
    and `market_cap` are as told at the last one, `source` and `observed_at` too:
    the volume is over the 24 hours before it, not of the interval.
    """

    time: Moment
    open: Amount
    high: Amount
    low: Amount
    close: Amount
    volume_24h: Amount | None
    market_cap: Amount | None
    observed: Count
    source: str
    observed_at: Moment
    age_seconds: Age


class ListedAsset(MarketRow, forbid_unknown_fields=True):
    """A row of a list: as of the newest tick, amounts in US dollars."""

    age_seconds: Age
