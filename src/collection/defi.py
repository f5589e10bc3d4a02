"""What the DeFi sources have in common: limits of plausibility, the largest rows, pools.

The limits are ten times and more of what was ever seen: they catch wrong
units, overflows and made-up tokens, not what is merely unusual.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import msgspec

from collection import payload
from collection.chains import canonical_chain, token_address
from collection.payload import Rows, amount, decode, number
from common.errors import Skippable
from common.models import Parsable, Parsed, Reading

Payload = TypeVar("Payload")

MOST_DOLLARS: Final = 1e15
LEAST_LIQUIDITY, MOST_LIQUIDITY = 1_000, 1e11  # US dollars; less lets one order set the price
MOST_VOLUME: Final = 1e12  # of one pool in 24 h, US dollars
MOST_PRICE: Final = 1e9
LONGEST_KEY: Final = 200

_raw_array: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])


def dollars(value: object, what: str, most: float = MOST_DOLLARS) -> float:
    """Return a plausible amount of US dollars. Raises Skippable "no_…" or "implausible_…"."""
    found = number(value)
    if found is None:
        raise Skippable(f"no_{what}")
    if not 0 <= found < most:
        raise Skippable(f"implausible_{what}")
    return found


def change(value: object) -> float | None:
    """Return a change in percent, None when unknown; nothing falls by more than 100 %."""
    found = number(value)
    return found if found is not None and found >= -100 else None


def text(value: str | None, what: str) -> str:
    """Return `value` without white space around it. Raises Skippable "no_…" when none is left."""
    found = (value or "").strip()
    if not found:
        raise Skippable(f"no_{what}")
    return found[:LONGEST_KEY]


def chain_of(names: list[str] | None) -> str | None:
    """Return the one chain of a protocol by its canonical name, or "multi-chain"."""
    if not names:
        return None
    return canonical_chain(names[0]) if len(names) == 1 else "multi-chain"


def parse_largest(
    body: bytes | msgspec.Raw,
    rows: Rows[Payload],
    size: Callable[[Payload], float],
    build: Callable[[Payload], Reading],
    limit: int,
) -> Parsed:
    """Parse a JSON array into the `limit` largest readings, largest first.

    `size` says how large a row is and, as `build`, raises Skippable for one
    that cannot be used. What is left when the limit is reached counts as
    "over_limit" and is never built, which is most of the work on long arrays.
    """
    skipped: Counter[str] = Counter()
    sized: list[tuple[float, Payload]] = []
    for one in _decoded(body, rows):
        if one is None:
            skipped["malformed"] += 1
            continue
        try:
            sized.append((size(one), one))
        except Skippable as skip:
            skipped[skip.reason] += 1
    sized.sort(key=lambda pair: -pair[0])
    built: dict[str, Parsable] = {}
    for place, (_, one) in enumerate(sized):
        if len(built) == limit:
            skipped["over_limit"] += len(sized) - place
            break
        try:
            row = build(one)
        except Skippable as skip:
            skipped[skip.reason] += 1
            continue
        if row.key in built:
            skipped["duplicate"] += 1
        else:
            built[row.key] = row
    return Parsed(list(built.values()), skipped)


def _decoded(body: bytes | msgspec.Raw, rows: Rows[Payload]) -> Iterable[Payload | None]:
    try:
        return rows.array.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raw = decode(body, _raw_array)
        return rows.one_by_one(raw)


def pool(
    tick: int,
    *,
    chain: str | None,
    address: str | None,
    name: str,
    price: object,
    liquidity: object,
    volume: object,
    figures: dict[str, float | str],
    about: dict[str, str],
) -> Reading:
    """Return a liquidity pool as a reading: the price of its base token in US dollars.

    `liquidity` and `volume` (24 h) are in US dollars and may be text. The key
    is "chain:address" with the chain's canonical name. Raises Skippable; a
    pool below LEAST_LIQUIDITY is "thin".
    """
    on = canonical_chain(text(chain, "chain"))
    key = token_address(on, text(address, "address"))
    value = payload.price(number(price))
    if value >= MOST_PRICE:
        raise Skippable("implausible_price")
    depth = dollars(liquidity, "liquidity", MOST_LIQUIDITY)
    if depth < LEAST_LIQUIDITY:
        raise Skippable("thin")
    traded = number(volume)
    if traded is not None and not 0 <= traded < MOST_VOLUME:
        raise Skippable("implausible_volume")
    return Reading(
        kind="pool",
        key=key,
        name=name.strip()[:LONGEST_KEY] or key,
        value=value,
        observed_at=tick,
        figures=payload.figures(liquidity=depth, volume_24h=traded) | figures,
        about=payload.about(chain=on, address=contract(on, address)) | about,
    )


def contract(chain: str | None, address: str | None) -> str | None:
    """Return a contract as it stands in the key of a pool: lower case where case says nothing."""
    return token_address(chain or "", address or "").partition(":")[2] or None


def worth(value: object) -> float | None:
    """Return a diluted value or market cap in US dollars, None when it cannot be."""
    found = amount(number(value))
    return found if found and found < MOST_DOLLARS else None


def count(value: object) -> float | None:
    """Return a number of trades or traders, None when it cannot be."""
    return amount(number(value))
