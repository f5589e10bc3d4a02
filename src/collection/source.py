"""What a source declares. Fetching, retrying, storing and counting live in the pipeline."""

from collections.abc import Callable

import msgspec

from common.models import Parsed

Parse = Callable[[bytes, int], Parsed]


class Endpoint(msgspec.Struct, frozen=True):
    """One address of a source.

    `url` may hold {page}, which runs from 1 to the configured number of
    market pages. `parse(body, tick)` is pure and accounts for every row; it
    raises Retryable when the body is not what was asked for. `cadence` is in
    seconds: the endpoint is due at ticks that are a multiple of it.
    """

    name: str
    url: str
    parse: Parse
    cadence: int = 900
    paged: bool = False


class History(msgspec.Struct, frozen=True):
    """How a source gives the past of one asset: `urls` hold {asset_id}.

    `parse(body, tick, asset_id)` is like Endpoint.parse.
    """

    urls: tuple[str, ...]
    parse: Callable[[bytes, int, str], Parsed]


class Source(msgspec.Struct, frozen=True):
    """One provider: its name, its terms, what it offers and how often it may be asked.

    `key_name` is the secret that holds its key and `key_header` the header it
    travels in; a source with `key_required` is off without it.
    """

    name: str
    attribution: str
    attribution_url: str
    endpoints: tuple[Endpoint, ...]
    requests_per_minute: int
    key_name: str | None = None
    key_header: str | None = None
    key_required: bool = False
    history: History | None = None
