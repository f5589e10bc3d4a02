"""What may be set from outside, with defaults that suit production.

Secrets are not settings: they are read where they are used, once a request.
"""

from typing import Any, Literal

import msgspec

Origin = Literal["live", "simulated", "recorded"]


class Settings(msgspec.Struct, frozen=True):
    """The variables of a wrangler config, in lower case.

    environment              local, staging or production
    data_origin              what the numbers are: "live", or not real
    upstream                 address that stands in for every provider:
                             https://HOST/PATH is asked as UPSTREAM/HOST/PATH
    market_pages             pages of 250 assets that a tick collects
    history_assets_per_tick  assets whose history one tick may fetch
    request_seconds          deadline of one request to a provider
    source_overrides         JSON: what an operator changes of sources
    """

    environment: str = "production"
    data_origin: Origin = "live"
    upstream: str = ""
    market_pages: int = 1
    history_assets_per_tick: int = 10
    request_seconds: float = 10.0
    source_overrides: str = ""


def read(env: Any) -> Settings:
    """Return the settings found on a Worker's `env`; raise ValueError naming a bad one."""
    found = {}
    for field in Settings.__struct_fields__:
        value = getattr(env, field.upper(), None)
        if value is not None:
            found[field] = value
    try:
        return msgspec.convert(found, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(f"wrangler config, [vars]: {error}") from None
