"""mempool.space: Bitcoin fees, the waiting transactions, difficulty and hash rate.

Shapes after the service's own documentation and recordings. The traps are kept: recommended
fees are whole numbers and precise ones may lie below 1, the tip height is bare text, and in
the difficulty adjustment every stamp is in milliseconds except `previousTime`.
https://mempool.space/docs/api/rest
"""

import math
import re

from tools.simulator.chain_time import (
    RETARGET,
    SPACING,
    bitcoin_height,
    difficulty,
    fee_level,
    found_at,
    hashrate,
    retarget_factor,
)
from tools.simulator.instants import DAY
from tools.simulator.provider import Answer, Provider, Request, json_answer

_BLOCK_VSIZE = 997_953.25
_BLOCKS = 8
# US dollars per unit, roughly.
_FIAT = {"USD": 1.0, "EUR": 1.16, "GBP": 1.33, "CAD": 0.72, "CHF": 1.25, "AUD": 0.66, "JPY": 0.0065}
_SPANS = {"24h": 1, "3d": 3, "1w": 7, "1m": 30, "3m": 91, "6m": 182, "1y": 365}


def precise_fees(request: Request, _: re.Match[str]) -> Answer:
    """`/v1/fees/precise`: sat/vB with up to three decimals."""
    return json_answer(_fees(request.now), request.now)


def recommended_fees(request: Request, _: re.Match[str]) -> Answer:
    """`/v1/fees/recommended`: the same, rounded up to whole sat/vB."""
    fees = {name: max(1, math.ceil(fee)) for name, fee in _fees(request.now).items()}
    return json_answer(fees, request.now)


def mempool_blocks(request: Request, _: re.Match[str]) -> Answer:
    """`/v1/fees/mempool-blocks`: the blocks to come, the dearest first."""
    count = _waiting(request.now) / _BLOCK_VSIZE
    blocks = []
    for place in range(_BLOCKS):
        median = _fee_at(request.now, place + 0.5)
        # The last one stands for everything that waits behind it.
        size = _BLOCK_VSIZE * (max(count - place, 1) if place == _BLOCKS - 1 else 1)
        ends = (_fee_at(request.now, place), _fee_at(request.now, place + 1))
        fees = [ends[1] + (ends[0] - ends[1]) * step / 5 for step in range(6)]
        blocks.append(
            {
                "blockSize": round(size * 1.75),
                "blockVSize": size,
                "nTx": round(size / 260) - 37 * place,
                "totalFees": round(size * median),
                "medianFee": median,
                "feeRange": [*fees, ends[0] * (40 if place == 0 else 1)],
            }
        )
    return json_answer(blocks, request.now)


def mempool(request: Request, _: re.Match[str]) -> Answer:
    """`/mempool`: what waits; the histogram is [sat/vB, vsize], dearest first."""
    size = _waiting(request.now)
    steps = [(_fee_at(request.now, place), size // 12) for place in range(12)]
    total = round(sum(fee * part for fee, part in steps))
    answer = {
        "count": size // 410,
        "vsize": size,
        "total_fee": total,
        "fee_histogram": [[round(fee, 5), part] for fee, part in steps],
    }
    return json_answer(answer, request.now)


def difficulty_adjustment(request: Request, _: re.Match[str]) -> Answer:
    """`/v1/difficulty-adjustment`: where the epoch of 2016 blocks stands."""
    now, height = request.now, bitcoin_height(request.now)
    epoch = height // RETARGET
    done, began = height % RETARGET, found_at(epoch * RETARGET)
    average = (now - began) / done if done else float(SPACING)
    left = RETARGET - done
    answer = {
        "progressPercent": done / RETARGET * 100,
        "difficultyChange": max(-75.0, min(300.0, (SPACING / average - 1) * 100)),
        "estimatedRetargetDate": round((now + left * average) * 1000),
        "remainingBlocks": left,
        "remainingTime": round(left * average * 1000),
        "previousRetarget": (retarget_factor(epoch - 1) - 1) * 100,
        "previousTime": began,
        "nextRetargetHeight": (epoch + 1) * RETARGET,
        "timeAvg": round(average * 1000),
        "adjustedTimeAvg": round(average * 1000),
        "timeOffset": 0,
        "expectedBlocks": (now - began) / SPACING,
    }
    return json_answer(answer, request.now)


def tip_height(request: Request, _: re.Match[str]) -> Answer:
    """`/blocks/tip/height`: a number as text."""
    height = bitcoin_height(request.now)
    return Answer(str(height).encode(), found_at(height), "text/plain; charset=utf-8")


def prices(request: Request, _: re.Match[str]) -> Answer:
    """`/v1/prices`: whole units of money per bitcoin; -1 where none is known."""
    market = request.world.market
    known = market.snapshot(request.now).price.tolist()
    price = next(
        (p for coin, p in zip(market.coins, known, strict=True) if coin.id == "bitcoin"), math.nan
    )
    answer: dict[str, int] = {"time": request.now // 300 * 300}
    for name, dollars in _FIAT.items():
        answer[name] = -1 if math.isnan(price) else round(price / dollars)
    return json_answer(answer, request.now)


def mining_hashrate(request: Request, match: re.Match[str]) -> Answer:
    """`/v1/mining/hashrate/{span}`: one mean a day (Unix s), and each epoch of the span."""
    if match["span"] not in _SPANS:
        return json_answer({"error": "Invalid interval"}, request.now, 400)
    first = request.now // DAY - _SPANS[match["span"]] + 1
    days = [day * DAY for day in range(first, request.now // DAY + 1)]
    height = bitcoin_height(request.now)
    oldest = bitcoin_height(days[0]) // RETARGET
    epochs = range(oldest, height // RETARGET + 1)
    answer = {
        "hashrates": [{"timestamp": day, "avgHashrate": hashrate(day)} for day in days],
        "difficulty": [
            {
                "timestamp": found_at(epoch * RETARGET),
                "difficulty": difficulty(epoch),
                "height": epoch * RETARGET,
            }
            for epoch in epochs
        ],
        "currentHashrate": hashrate(request.now),
        "currentDifficulty": difficulty(height // RETARGET),
    }
    return json_answer(answer, request.now)


def _fees(now: int) -> dict[str, float]:
    places = {"fastestFee": 0.5, "halfHourFee": 2.5, "hourFee": 5.5}
    fees = {name: round(_fee_at(now, place), 3) for name, place in places.items()}
    floor = round(fee_level(now) * 0.05, 3)
    return fees | {"economyFee": round(floor * 2, 3), "minimumFee": floor}


def _fee_at(now: int, place: float) -> float:
    """The fee that a transaction pays for being so many blocks behind the tip."""
    return fee_level(now) * (0.25 + 0.75 * math.exp(-place / 3))


def _waiting(now: int) -> int:
    """The virtual size of all that waits, in vB."""
    return int(_BLOCK_VSIZE * (8 + 9 * fee_level(now)))


PROVIDERS = (
    Provider(
        "mempool.space",
        (
            ("/api/v1/fees/recommended", recommended_fees),
            ("/api/v1/fees/precise", precise_fees),
            ("/api/v1/fees/mempool-blocks", mempool_blocks),
            ("/api/mempool", mempool),
            ("/api/v1/difficulty-adjustment", difficulty_adjustment),
            ("/api/blocks/tip/height", tip_height),
            ("/api/v1/prices", prices),
            ("/api/v1/mining/hashrate/(?P<span>[^/]+)", mining_hashrate),
        ),
    ),
)
