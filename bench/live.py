"""The live hub: how long after it was published an event has reached every socket of a shard.

Beside a hub in JavaScript that does less (bench/peers/js_hub). Both are asked the
same way: sockets at their own Worker, publishing through a third Worker's binding.
Sockets, Workers and this client share the machine's cores, so that the client's own
reading is part of every number.
"""

import asyncio
import itertools
import json
import time
import urllib.request
from collections.abc import Iterator
from functools import partial

from bench.crowd import Crowd, Door
from bench.report import Line, Pair, alone, compared, percentile
from bench.stage import JS_HUB, Stage, say
from common.views import SIGNAL_OBJECT
from signals.publish import COLUMNS, TICK_ROWS

SIZES = (2_000, 4_000)
ROUNDS = 7
SETTLE_SECONDS = 0.2
SIGNAL = f"""
SELECT {SIGNAL_OBJECT} FROM signals s LEFT JOIN assets a USING (asset_id)
ORDER BY length(s.metadata) DESC LIMIT 1
"""

_keys = itertools.count(1)


def measure(stage: Stage) -> Iterator[Line]:
    """Yield p99 and p50 by event and number of sockets, and what twice the sockets cost."""
    address = stage.start_peer(JS_HUB, {})
    yield from asyncio.run(_measure(stage, address))


async def _measure(stage: Stage, address: str) -> list[Line]:
    tick = {"event": "tick", "tick": "2026-11-22T12:15:00Z", "columns": COLUMNS,
            "rows": json.loads(stage.rows(TICK_ROWS)[0][0])}  # fmt: skip
    bodies = {
        "signal": f'{{"event":"signal","signal":{stage.rows(SIGNAL)[0][0]}}}',
        "tick": json.dumps(tick, separators=(",", ":")),
    }
    ours = Crowd(Door("127.0.0.1", stage.system.ports.of("signals"), "/live", _opening))
    theirs = Crowd(Door("127.0.0.1", JS_HUB.port, "/"))
    lines: list[Line] = []
    last: dict[str, list[float]] = {}
    try:
        for size in SIZES:
            say(f"opening {size:,} sockets at each hub")
            await ours.grow(size)
            await theirs.grow(size)
            for event, body in bodies.items():
                p99, p50 = Pair([], []), Pair([], [])
                for _ in range(ROUNDS):
                    for crowd, path, worst, usual in (
                        (ours, "ours", p99.values, p50.values),
                        (theirs, "theirs", p99.peer_values, p50.peer_values),
                    ):
                        heard = await crowd.hear(partial(_publish, address, path, body))
                        worst.append(percentile(heard, 0.99) * 1000)
                        usual.append(percentile(heard, 0.5) * 1000)
                        await asyncio.sleep(SETTLE_SECONDS)
                note = f"{len(body):,} bytes to {size:,} sockets of one shard; wanted p99 500"
                for name, pair in (("p99", p99), ("p50", p50)):
                    full = f"live_{event}_{name}_ms_{size}"
                    lines.append(compared(full, pair, "ms", JS_HUB.name, note))
                if event in last:
                    shares = [a / b for a, b in zip(sorted(p99.values), last[event], strict=True)]
                    lines.append(alone(f"live_{event}_twice_the_sockets", shares, "", "wanted 2.2"))
                last[event] = sorted(p99.values)
    finally:
        ours.close()
        theirs.close()
    return lines


def _opening(number: int) -> dict[str, str]:
    """Return what the API Worker says of a connection that it authorised: each is somebody's."""
    who = {"subject": f"bench:{number}", "most": 1}
    return {"x-live": json.dumps({"shard": "shard-0", "topics": ["all"], "who": who})}


def _publish(address: str, path: str, body: str) -> None:
    key = f"bench:{time.time_ns()}:{next(_keys)}"
    sent = json.dumps([{"key": key, "body": body}]).encode()
    with urllib.request.urlopen(f"{address}/{path}", sent, timeout=60) as answer:
        told = json.loads(answer.read())
    if told["new"] != 1:
        raise RuntimeError(f"published {told}")
