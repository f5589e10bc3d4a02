"""Pure functions on this machine's CPython: the parser against json, detectors alone."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from bench.peers.json_markets import parse_with_json
from bench.report import Line, alone, compared, interleave
from bench.stage import say
from collection.sources.coingecko import Market, parse_markets
from signals.detectors import DETECTORS
from signals.detectors.base import (
    Input,
    MarketPoint,
    NewsPoint,
    ReadingPoint,
    SourceQuote,
    SourcesPoint,
)
from tools.simulator.app import simulated_world
from tools.simulator.clock import Clock
from tools.simulator.provider import Request
from tools.simulator.providers.coingecko import markets

TICK = 1_795_348_800  # 2026-11-22T12:00:00Z
ROUNDS, PARSES, POINTS = 15, 20, 20_000
Point = MarketPoint | NewsPoint | SourcesPoint | ReadingPoint


def measure_parse() -> Iterator[Line]:
    """Yield parsing of 250 market rows, product against plain json."""
    say("parsing 250 market rows")
    body = markets_body()
    own, peer = len(parse_markets(body, TICK).rows), len(parse_with_json(body, TICK)[0])
    if own != peer:
        raise RuntimeError(f"{own} rows against the peer's {peer}")
    pair = interleave(
        ROUNDS,
        lambda: _milliseconds(lambda: parse_markets(body, TICK)),
        lambda: _milliseconds(lambda: parse_with_json(body, TICK)),
    )
    yield compared("parse_markets_msgspec_vs_json", pair, "ms", "json.loads", f"{own} rows")


def measure_decode() -> Iterator[Line]:
    """Yield reading seven fields of each of 250 market rows, typed against plain json."""
    say("decoding 250 market rows")
    body = markets_body()
    decoder = msgspec.json.Decoder(list[Market], strict=False)

    def typed() -> list[tuple[Any, ...]]:
        return [
            (one.id, one.symbol, one.name, one.current_price, one.market_cap, one.total_volume,
             one.last_updated)
            for one in decoder.decode(body)
        ]  # fmt: skip

    def plain() -> list[tuple[Any, ...]]:
        return [
            (one["id"], one["symbol"], one["name"], one["current_price"], one["market_cap"],
             one["total_volume"], one["last_updated"])
            for one in json.loads(body)
        ]  # fmt: skip

    if [row[:-1] for row in typed()] != [row[:-1] for row in plain()]:
        raise RuntimeError("the two read different values")
    pair = interleave(ROUNDS, lambda: _milliseconds(typed), lambda: _milliseconds(plain))
    yield compared(
        "decode_markets_msgspec_vs_json",
        pair,
        "ms",
        "json.loads",
        "target ratio <= 0.2; stamps are read here and left as texts there",
    )


def measure_detectors() -> Iterator[Line]:
    """Yield each detector's time for a point, over random walks or random tones."""
    made: dict[Input, Callable[[], list[Point]]] = {
        "market": market_points, "news": news_points, "sources": sources_points,
        "readings": reading_points,
    }  # fmt: skip
    for detector in DETECTORS:
        say(f"detector {detector.name}")
        points = made[detector.input]()
        times = [_microseconds_a_point(detector.step, detector.state, points) for _ in range(7)]
        yield alone(f"detector_step_us_{detector.name}", times, "us", "target <= 20")


def markets_body() -> bytes:
    """Return a page of 250 simulated coins as the provider would send it."""
    world = simulated_world(7, Clock(TICK))
    asked = {"vs_currency": "usd", "per_page": "250"}
    return markets(Request(world, "/coins/markets", asked, TICK, TICK, 25), _NO_MATCH).body


_NO_MATCH: Any = None  # the handler takes nothing from its path


def market_points() -> list[Point]:
    """Return a random walk of prices and volumes, a point a tick."""
    rng = random.Random(7)
    price, volume, points = 100.0, 1e9, list[Point]()
    for number in range(POINTS):
        price *= 1 + rng.gauss(0, 0.003)
        volume *= 1 + rng.gauss(0, 0.005)
        points.append(MarketPoint(TICK + 900 * number, price, volume, rng.gauss(0, 0.002)))
    return points


def news_points() -> list[Point]:
    """Return stories of random tone, twenty minutes apart."""
    rng = random.Random(7)
    return [
        NewsPoint(TICK + 1200 * number, rng.uniform(-1, 1), "coindesk") for number in range(POINTS)
    ]


def sources_points() -> list[Point]:
    """Return what three sources say of a random walk."""
    rng = random.Random(7)
    price, points = 100.0, list[Point]()
    for number in range(POINTS):
        price *= 1 + rng.gauss(0, 0.003)
        tick = TICK + 900 * number
        quotes = tuple(
            SourceQuote(name, price * (1 + rng.gauss(0, 0.0005)), tick - 20)
            for name in ("coinbase", "coingecko", "kraken")
        )
        points.append(SourcesPoint(tick, quotes))
    return points


def reading_points() -> list[Point]:
    """Return a random walk of the value locked in a protocol, a point an hour."""
    rng = random.Random(7)
    value, points = 5e7, list[Point]()
    for number in range(POINTS):
        value *= 1 + rng.gauss(0, 0.005)
        points.append(ReadingPoint(TICK + 3600 * number, value, rng.gauss(0, 0.003)))
    return points


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(PARSES):
        call()
    return (time.perf_counter() - began) * 1000 / PARSES


def _microseconds_a_point(
    step: Callable[[Any, Any], tuple[Any, float]], start: Callable[[], Any], points: Sequence[Point]
) -> float:
    state = start()
    began = time.process_time()
    for point in points:
        state, _ = step(state, point)
    return (time.process_time() - began) * 1e6 / len(points)
