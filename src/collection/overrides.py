"""What an operator may change of a source without touching code.

SOURCE_OVERRIDES is a JSON object by source name, "*" meaning all of them:

    {"messari": {"enabled": true},
     "coingecko": {"bases": {"https://api.coingecko.com": "https://pro-api.coingecko.com"},
                   "key_header": "x-cg-pro-api-key", "requests_per_minute": 300}}

What an administrator switched on or off while the system runs is a row of source_switches, and
counts after that.

Limits, hosts and header names differ by plan and change without notice, so
none of them is only in code.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from collection.source import Source
from common.database import Database, Statement

SWITCHES = """
SELECT json_group_object(source, json(iif(enabled, 'true', 'false'))) FROM source_switches
"""
TURNED_OFF = "turned off by the operator"
BASE = r"^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$"


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields that may be set; `bases` maps the beginning of addresses to another."""

    enabled: bool | None = None
    requests_per_minute: Annotated[float, msgspec.Meta(gt=0)] | None = None
    burst: Annotated[int, msgspec.Meta(ge=1)] | None = None
    key_header: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9-]+$")] | None = None
    bases: dict[str, Annotated[str, msgspec.Meta(pattern=BASE)]] = {}


_overrides = msgspec.json.Decoder(dict[str, Override])


def overridden(sources: Iterable[Source], text: str) -> list[Source]:
    """Return the sources as SOURCE_OVERRIDES wants them.

    Raises ValueError that names what is wrong with the setting.
    """
    if not text:
        return list(sources)
    try:
        wanted = _overrides.decode(text)
    except msgspec.DecodeError as error:
        raise ValueError(f"SOURCE_OVERRIDES: {error}") from None
    known = {source.name for source in sources} | {"*"}
    if unknown := sorted(set(wanted) - known):
        raise ValueError(
            f"SOURCE_OVERRIDES: no source is called {unknown[0]!r};"
            f" there are {', '.join(sorted(known))}"
        )
    found = list(sources)
    for name in sorted(wanted, key=lambda name: name != "*"):  # what is said by name counts
        found = [
            _apply(source, wanted[name]) if name in ("*", source.name) else source
            for source in found
        ]
    return found


async def switched(sources: Iterable[Source], database: Database) -> list[Source]:
    """Return the sources as administrators switched them; what is unknown by now is passed over."""
    text = await database.text(Statement(SWITCHES)) or "{}"
    wanted = msgspec.json.decode(text, type=dict[str, bool])
    return [
        _apply(source, Override(enabled=wanted[source.name])) if source.name in wanted else source
        for source in sources
    ]


def _apply(source: Source, override: Override) -> Source:
    changed: dict[str, object] = {}
    if override.enabled is not None:
        changed["off_reason"] = None if override.enabled else TURNED_OFF
    if override.requests_per_minute is not None:
        changed["requests_per_minute"] = override.requests_per_minute
    if override.burst is not None:
        changed["burst"] = override.burst
    if override.key_header is not None:
        changed["key_header"] = override.key_header
    if override.bases:
        changed["endpoints"] = tuple(
            msgspec.structs.replace(endpoint, url=_moved(endpoint.url, override.bases))
            for endpoint in source.endpoints
        )
        if source.history:
            urls = tuple(_moved(url, override.bases) for url in source.history.urls)
            changed["history"] = msgspec.structs.replace(source.history, urls=urls)
    return msgspec.structs.replace(source, **changed)


def _moved(url: str, bases: dict[str, str]) -> str:
    for base, other in bases.items():
        if url.startswith(base):
            return other.rstrip("/") + url[len(base.rstrip("/")) :]
    return url
