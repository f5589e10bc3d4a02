"""What a source declares. Fetching, retrying, storing and counting live in the pipeline."""

from collections.abc import Callable
from typing import Literal

import msgspec

from common.models import Parsed

Parse = Callable[[bytes, int], Parsed]


class Fill(msgspec.Struct, frozen=True):
    """What the {items} of an address are: `values`, or what is known of the largest assets.

    known="asset" gives asset ids, known="address" their contracts on `chain`
    (CoinGecko's name of it). At most `at_most` items, `chunk` of them joined
    by commas in one address, each in the form of `form`.
    """

    values: tuple[str, ...] = ()
    known: Literal["asset", "address"] | None = None
    chain: str = ""
    at_most: int = 100
    chunk: int = 1
    form: str = "{}"


class Endpoint(msgspec.Struct, frozen=True):
    """One address of a source.

    `url` may hold {page}, which runs from 1 to the configured number of
    market pages, {limit}, the number of assets on them, {items} (see Fill)
    and {key}, the source's key. `post` is a JSON body for those who want one.
    `parse(body, tick)` is pure and accounts for every row; it raises
    Retryable when the body is not what was asked for. `cadence` is in
    seconds: the endpoint is due when it did not succeed since the last
    multiple of it. A `conditional` one is asked only for what changed: right
    for lists and stories, wrong for values, which are observed at every tick
    whether they moved or not.
    """

    name: str
    url: str
    parse: Parse
    cadence: int = 900
    post: bytes | None = None
    fill: Fill | None = None
    max_bytes: int = 8_000_000
    conditional: bool = False

    @property
    def paged(self) -> bool:
        """Whether the address is asked for page by page until one is empty."""
        return "{page}" in self.url


class History(msgspec.Struct, frozen=True):
    """How a source gives the past of one asset: `urls` hold {asset_id}.

    `parse(body, tick, asset_id)` is like Endpoint.parse.
    """

    urls: tuple[str, ...]
    parse: Callable[[bytes, int, str], Parsed]


class Source(msgspec.Struct, frozen=True):
    """One provider: whose data it is, what it offers and how often it may be asked.

    `requests_per_minute` and `burst` (how many of them at once) are its
    budget over all isolates. `key_name` is the secret that holds its key,
    which travels in `key_header` or in the {key} of an address; a source with
    `key_required` is off without it. `off_reason` says why it is off until
    an operator turns it on. `redistributable` is false where the terms
    forbid to hand the data on: such data is stored and never served.
    `coverage` says whose volume a market source reports: "aggregate" over all
    venues, or its own as a "venue". A source that is not `shared` counts for
    its owner alone, and a `guarded` one is fetched with the caution that an
    address from a user needs.
    """

    name: str
    attribution: str
    attribution_url: str
    endpoints: tuple[Endpoint, ...]
    requests_per_minute: float
    burst: int = 5
    key_name: str | None = None
    key_header: str | None = None
    key_required: bool = False
    off_reason: str | None = None
    redistributable: bool = True
    coverage: Literal["aggregate", "venue"] | None = None
    headers: dict[str, str] = {}
    history: History | None = None
    shared: bool = True
    guarded: bool = False
