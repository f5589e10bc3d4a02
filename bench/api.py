"""The API Worker against the bare Worker: requests per second and latency."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import msgspec

from bench import load
from bench.asking import body_of
from bench.load import Target
from bench.report import Line, Pair, alone, compared, interleave, percentile
from bench.stage import PEERS, Stage, say

ROUNDS = 9
# A round ends at the first of the two. It is longer than the API keeps an
# answer, else each would begin with a read of the database.
REQUESTS, SECONDS = 10_000, 2.5
WARM_UP = 400
TARGET_RATIO = 0.55


def measure(stage: Stage) -> Iterator[Line]:
    """Yield the lines of the API."""
    system = stage.system
    address, key = system.ports.address("api"), system.account.api_key
    with_key = {"authorization": f"Bearer {key}"}
    market = Target(f"{address}/api/v1/market-data/BTC", with_key)
    bare = Target(stage.start_bare_worker(_size(market)))
    yield _ceiling()
    say("API against the bare Worker")
    for target in (market, bare):
        load.run(target, WARM_UP, seconds=4 * SECONDS)
    yield compared(
        "api_market_data_throughput", interleave(ROUNDS, _rate_of(market), _rate_of(bare)),
        "req/s", "bare Python Worker",
        f"target ratio >= {TARGET_RATIO}; wrangler dev's proxy before both draws it towards 1",
    )  # fmt: skip
    yield from _latencies(market, bare)
    yield _information("api_health", Target(f"{address}/health"), "D1, KV and the hub are asked")
    signals = Target(f"{address}/api/v1/signals/all?limit=100", with_key)
    count = len(msgspec.json.decode(body_of(signals))["data"])
    yield _information("api_signals_100", signals, f"{count} signals, {_size(signals)} bytes")


def _rate_of(target: Target) -> Callable[[], float]:
    return lambda: load.run(target, REQUESTS, seconds=SECONDS).rate


def _information(name: str, target: Target, note: str) -> Line:
    say(name)
    load.run(target, 20)
    rates = [load.run(target, 300, seconds=1.5).rate for _ in range(5)]
    return alone(name, rates, "req/s", note)


def _latencies(market: Target, bare: Target) -> Iterator[Line]:
    say("latency at 8 connections")
    rounds = [
        [load.run(target, REQUESTS, 8, SECONDS).latencies for target in (market, bare)]
        for _ in range(5)
    ]
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        own, peer = ([1000 * percentile(one[at], share) for one in rounds] for at in (0, 1))
        yield compared(f"api_latency_ms_{name}", Pair(own, peer), "ms", "bare Python Worker")


def _ceiling() -> Line:
    """Measure the load generator against a server that does nothing."""
    say("load generator alone")
    command = [sys.executable, str(PEERS / "trivial_server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            target = Target(f"http://127.0.0.1:{int(server.stdout.readline())}/")
            load.run(target, 1000)
            rates = [load.run(target, 5000, seconds=SECONDS).rate for _ in range(5)]
        finally:
            server.terminate()
    return alone("client_ceiling", rates, "req/s", "the load generator against a trivial server")


def _size(target: Target) -> int:
    return len(body_of(target))
