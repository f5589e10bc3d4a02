"""mempool.space: fees, difficulty, waiting transactions and height of the Bitcoin main chain.

No key. Fee rates in sat/vB, sizes in vB, amounts in satoshi, `difficultyChange`
in percent (clamped to -75..300), `estimatedRetargetDate` in Unix milliseconds
(one page of the documentation shows seconds). Nothing says when a value was
made, so it is as old as the tick. While the node synchronises the answer is a
503 in plain text. The limits are unpublished and a ban follows repeated 429s:
not more than two requests a minute and address.
https://mempool.space/docs/api/rest
"""

import msgspec

from collection.payload import about, amount, decode, figures, number, one_row, positive
from collection.source import Endpoint, Source
from common.errors import Retryable, Skippable
from common.models import Parsed, Reading

BASE = "https://mempool.space"
GENESIS, BLOCK_SECONDS = 1_231_006_505, 600
HIGHEST_FEE = 100_000  # sat/vB; the highest ever paid for long was near 2,000
LOWEST_CHANGE, HIGHEST_CHANGE = -75, 300  # percent, by the rule of the retarget
MOST_WAITING = 100_000_000
ABOUT = about(symbol="BTC", asset_id="bitcoin", chain="bitcoin")


class Fees(msgspec.Struct, rename="camel"):
    """/api/v1/fees/recommended, in sat/vB."""

    half_hour_fee: object
    fastest_fee: object = None
    hour_fee: object = None
    economy_fee: object = None
    minimum_fee: object = None


class Difficulty(msgspec.Struct, rename="camel"):
    """/api/v1/difficulty-adjustment; changes in percent."""

    difficulty_change: object
    progress_percent: object = None
    previous_retarget: object = None
    remaining_blocks: object = None
    next_retarget_height: object = None
    estimated_retarget_date: object = None


class Waiting(msgspec.Struct):
    """/api/mempool: `vsize` in vB, `total_fee` in satoshi."""

    count: object
    vsize: object = None
    total_fee: object = None


_fees = msgspec.json.Decoder(Fees)
_difficulty = msgspec.json.Decoder(Difficulty)
_waiting = msgspec.json.Decoder(Waiting)
_height = msgspec.json.Decoder(int)


def parse_fees(body: bytes, tick: int) -> Parsed:
    """Parse the recommended fees into one "bitcoin_fee"."""
    fees = decode(body, _fees)

    def reading() -> Reading:
        value = number(fees.half_hour_fee)
        if value is None:
            raise Skippable("no_fee")
        if not 0 < value <= HIGHEST_FEE:
            raise Skippable("implausible_fee")
        return Reading(
            kind="bitcoin_fee",
            key="bitcoin",
            name="Bitcoin fee",
            value=value,
            observed_at=tick,
            figures=figures(
                fastest=positive(number(fees.fastest_fee)),
                hour=positive(number(fees.hour_fee)),
                economy=positive(number(fees.economy_fee)),
                minimum=positive(number(fees.minimum_fee)),
            ),
            about=ABOUT,
        )

    return one_row(reading)


def parse_difficulty(body: bytes, tick: int) -> Parsed:
    """Parse the expected retarget into one "bitcoin_difficulty"; `retarget_at` is epoch seconds."""
    given = decode(body, _difficulty)

    def reading() -> Reading:
        value = number(given.difficulty_change)
        if value is None:
            raise Skippable("no_change")
        if not LOWEST_CHANGE <= value <= HIGHEST_CHANGE:
            raise Skippable("implausible_change")
        retarget = positive(number(given.estimated_retarget_date))
        if retarget is not None and retarget > tick * 100:
            retarget /= 1000
        retarget = retarget and retarget // 1
        return Reading(
            kind="bitcoin_difficulty",
            key="bitcoin",
            name="Bitcoin difficulty",
            value=value,
            observed_at=tick,
            figures=figures(
                progress=amount(number(given.progress_percent)),
                previous_change=number(given.previous_retarget),
                remaining_blocks=amount(number(given.remaining_blocks)),
                retarget_height=positive(number(given.next_retarget_height)),
                retarget_at=retarget,
            ),
            about=ABOUT,
        )

    return one_row(reading)


def parse_mempool(body: bytes, tick: int) -> Parsed:
    """Parse the backlog into one "bitcoin_mempool"."""
    waiting = decode(body, _waiting)

    def reading() -> Reading:
        value = number(waiting.count)
        if value is None:
            raise Skippable("no_count")
        if not 0 <= value <= MOST_WAITING:
            raise Skippable("implausible_count")
        return Reading(
            kind="bitcoin_mempool",
            key="bitcoin",
            name="Bitcoin mempool",
            value=value,
            observed_at=tick,
            figures=figures(
                vsize=amount(number(waiting.vsize)),
                total_fee=amount(number(waiting.total_fee)),
            ),
            about=ABOUT,
        )

    return one_row(reading)


def parse_height(body: bytes, tick: int) -> Parsed:
    """Parse the bare number of the newest block into one "block_height".

    A number that is cut off is a number still, so one that is far from the
    height the chain must have by now raises Retryable.
    """
    height = decode(body, _height)
    expected = (tick - GENESIS) // BLOCK_SECONDS
    if not expected * 0.5 < height < expected * 1.5:
        raise Retryable("not the height of the main chain")
    return one_row(
        lambda: Reading("block_height", "bitcoin", "Bitcoin height", float(height), tick, {}, ABOUT)
    )


SOURCE = Source(
    name="mempool",
    attribution="Data by mempool.space",
    attribution_url="https://mempool.space",
    endpoints=(
        Endpoint("fees", f"{BASE}/api/v1/fees/recommended", parse_fees),
        Endpoint("difficulty", f"{BASE}/api/v1/difficulty-adjustment", parse_difficulty, 3600),
        Endpoint("mempool", f"{BASE}/api/mempool", parse_mempool),
        Endpoint("height", f"{BASE}/api/blocks/tip/height", parse_height),
    ),
    requests_per_minute=8,
    burst=4,
)
