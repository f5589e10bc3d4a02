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
from signals.detectors.base import Detector, MarketPoint, NewsPoint
from tools.simulator.app import simulated_world
from tools.simulator.clock import Clock
from tools.simulator.provider import Request
from tools.simulator.providers.coingecko import markets

TICK = 1_795_348_800  # 2026-11-22T12:00:00Z
ROUNDS, PARSES, POINTS = 15, 20, 20_000
Point = MarketPoint | NewsPoint


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
    """Yield each detector's time for a point, over a random walk or random tones."""
    for detector in DETECTORS:
        say(f"detector {detector.name}")
        points = market_points() if detector.input == "market" else news_points()
        times = [_microseconds_a_point(detector, points) for _ in range(7)]
        yield alone(f"detector_step_us_{detector.name}", times, "us")


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


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(PARSES):
        call()
    return (time.perf_counter() - began) * 1000 / PARSES


def _microseconds_a_point(detector: Detector, points: Sequence[Point]) -> float:
    step, state = detector.step, detector.state()
    began = time.perf_counter()
    for point in points:
        state, _ = step(state, point)
    return (time.perf_counter() - began) * 1e6 / len(points)
