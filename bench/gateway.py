"""The gateway against its peers: the same route over the same rows, key and limit included.

Peers are a bare Python Worker (the floor), FastAPI on a Python Worker (what
people use) and Hono on a JavaScript Worker (what they would take instead).
All are asked through a `wrangler dev` of their own, whose proxy costs each of
them the same and so draws every ratio towards 1.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import NamedTuple

from bench import cpu, load
from bench.asking import body_of, once_each, require_same_rows, spellings
from bench.load import Target
from bench.report import Line, alone, compared, interleave, percentile
from bench.stage import BARE, FASTAPI, HONO, TWIN, Stage, say
from common import data_version

PATH = "/api/v1/market-data/"
ROUNDS = 7
REQUESTS, SECONDS = 100_000, 2.5  # a round ends at the first of the two
WARM_UP, WARM_UP_SECONDS = 1_500, 6.0
COLD_ROUNDS = 7  # each asks with another spelling
COUNTED_SECONDS = 4.0  # between two readings of the processor time, which has steps of 10 ms
MANY, SINGLES, SINGLE_ROUNDS = 32, 20, 15
NOTICE_SECONDS = 2.5  # after so long, the API knows of new data
ASSETS = "SELECT asset_id FROM assets ORDER BY asset_no LIMIT 250"
# Lists to ask for one row and for a hundred; {unlike} makes each address another.
LISTS = {
    "assets": "/api/v1/market-data?min_price=-{unlike}&limit=",
    "signals": "/api/v1/signals/all?since={unlike}&limit=",
}


class Contest(NamedTuple):
    """Who is asked, and with which key."""

    own: str
    fastapi: str
    hono: str
    bare: str
    headers: dict[str, str]

    def target(self, address: str, path: str) -> Target:
        """Return a request to one of them."""
        return Target(address + path, self.headers)


def measure(stage: Stage) -> Iterator[Line]:
    """Yield the lines of the gateway."""
    headers = {"authorization": f"Bearer {stage.system.account.api_key}"}
    own = stage.system.ports.address("api")
    size = len(body_of(Target(f"{own}{PATH}BTC", headers)))
    fastapi, hono = stage.start_peer(FASTAPI, {}), stage.start_peer(HONO, {})
    contest = Contest(own, fastapi, hono, stage.start_bare_worker(size), headers)
    require_same_rows([body_of(contest.target(one, f"{PATH}BTC")) for one in (own, fastapi, hono)])
    yield from _warm(contest)
    if cpu.available():
        yield _overhead(contest, stage)
        yield _payable(contest, stage)
    yield _cold(contest, stage)
    yield _tail(contest)
    yield from _rows(contest)


def _warm(contest: Contest) -> Iterator[Line]:
    own = contest.target(contest.own, f"{PATH}BTC")
    peers = (
        ("bare", Target(contest.bare), BARE.name, "target ratio >= 0.5"),
        ("fastapi", contest.target(contest.fastapi, f"{PATH}BTC"), FASTAPI.name,
         "target ratio >= 1.8; the peer reads KV each time"),
        ("hono", contest.target(contest.hono, f"{PATH}BTC"), HONO.name,
         "for the record; the peer reads KV each time"),
    )  # fmt: skip
    for target in (own, *(peer[1] for peer in peers)):
        load.run(target, WARM_UP, seconds=WARM_UP_SECONDS)
    for name, peer, called, note in peers:
        say(f"gateway, warm, against the {called}")
        pair = interleave(ROUNDS, _rate_of(own), _rate_of(peer))
        yield compared(f"gateway_warm_vs_{name}", pair, "req/s", called, note)


def _overhead(contest: Contest, stage: Stage) -> Line:
    say("processor time of a request")
    own = _cpu_of(contest.target(contest.own, f"{PATH}BTC"), stage.system.ports.of("api"))
    pair = interleave(ROUNDS, own, _cpu_of(Target(contest.bare), BARE.port))
    differences = [a - b for a, b in zip(pair.values, pair.peer_values, strict=True)]
    return alone(
        "gateway_cpu_overhead_ms", differences, "ms",
        "key, limit, cache and headers: processor time of the Worker's process,"
        f" {median(pair.values):.3f} ms a request, less the bare Worker's"
        f" {median(pair.peer_values):.3f} ms",
    )  # fmt: skip


def _payable(contest: Contest, stage: Stage) -> Line:
    say("what being payable costs a free route")
    twin = stage.start_twin({"X402": ""})
    targets = [contest.target(one, f"{PATH}BTC") for one in (contest.own, twin)]
    for target in targets:
        load.run(target, WARM_UP, seconds=WARM_UP_SECONDS)
    pair = interleave(
        ROUNDS, _cpu_of(targets[0], stage.system.ports.of("api")), _cpu_of(targets[1], TWIN.port)
    )
    return compared(
        "gateway_free_route_with_x402", pair, "ms", TWIN.name,
        "target ratio 1 within noise; processor time of a request to a free route",
    )  # fmt: skip


def _cold(contest: Contest, stage: Stage) -> Line:
    say("gateway, cold, against FastAPI")
    assets = [str(row[0]) for row in stage.rows(ASSETS)]
    written = spellings(assets, COLD_ROUNDS)

    def rate_of(address: str) -> Callable[[], float]:
        rounds = iter(written)

        def rate() -> float:
            # What the API has in KV is of older data then; the peer has no such spelling.
            stage.write(data_version.RAISE.sql)
            time.sleep(NOTICE_SECONDS)
            targets = [contest.target(address, PATH + symbol) for symbol in next(rounds)]
            return once_each(targets, 4).rate

        return rate

    pair = interleave(COLD_ROUNDS, rate_of(contest.own), rate_of(contest.fastapi))
    return compared(
        "gateway_cold_vs_fastapi", pair, "req/s", FASTAPI.name,
        f"target ratio >= 1.5; {len(written[0])} assets, each asked for once a round;"
        " both read KV, then D1, and write KV",
    )  # fmt: skip


def _tail(contest: Contest) -> Line:
    say(f"latency at {MANY} connections")
    market = contest.target(contest.own, f"{PATH}BTC")
    rounds = [load.run(market, REQUESTS, MANY, SECONDS).latencies for _ in range(ROUNDS)]
    p50, p99 = ([percentile(one, share) for one in rounds] for share in (0.5, 0.99))
    ratios = [high / low for high, low in zip(p99, p50, strict=True)]
    note = f"target < 5; {1000 * median(p50):.1f} ms and {1000 * median(p99):.1f} ms"
    return alone(f"gateway_p99_over_p50_{MANY}", ratios, "ratio", note)


def _rows(contest: Contest) -> Iterator[Line]:
    for name, path in LISTS.items():
        say(f"100 {name} against 1")
        unlike = iter(range(10**6))
        for state in ("cached", "uncached"):
            many, one = (
                _times_of(contest, path, limit, unlike if state == "uncached" else None)
                for limit in (100, 1)
            )
            pair = interleave(SINGLE_ROUNDS, many, one)
            size = len(body_of(contest.target(contest.own, path.format(unlike=0) + "100")))
            yield compared(
                f"gateway_100_rows_over_1_{name}_{state}", pair, "ms", "1 row",
                f"target ratio <= 1.3; {size:,} bytes",
            )  # fmt: skip


def _times_of(
    contest: Contest, path: str, limit: int, unlike: Iterator[int] | None
) -> Callable[[], float]:
    """Return a measure of the median milliseconds of SINGLES requests, one after the other."""

    def milliseconds() -> float:
        numbers = [0 if unlike is None else next(unlike) for _ in range(SINGLES)]
        targets = [contest.target(contest.own, f"{path.format(unlike=n)}{limit}") for n in numbers]
        return 1000 * median(once_each(targets, 1).latencies)

    return milliseconds


def _rate_of(target: Target) -> Callable[[], float]:
    return lambda: load.run(target, REQUESTS, seconds=SECONDS).rate


def _cpu_of(target: Target, port: int) -> Callable[[], float]:
    pid = cpu.worker_on(port)

    def milliseconds() -> float:
        before = cpu.seconds(pid)
        answered = len(load.run(target, REQUESTS, seconds=COUNTED_SECONDS).latencies)
        return 1000 * (cpu.seconds(pid) - before) / answered

    return milliseconds
