"""`make tick [AT=<ISO time>]`: one collection tick on the running system.

`make replay AT=<ISO time>` does a tick again from its raw bodies, asking no provider.
"""

import argparse
import contextlib
import sys
import time
from datetime import UTC, datetime

from tools.pyworkers.errors import SetupError
from tools.system.layout import PORT_BASE, Ports
from tools.system.running import Sources, System
from tools.system.setup import LOCAL


def main() -> int:
    """Fire the cron, or replay a tick, and wait until its chain has finished."""
    parser = argparse.ArgumentParser(prog="make tick", description=__doc__)
    parser.add_argument("--replay", action="store_true", help="from the raw bodies of --at")
    parser.add_argument("--at", help="the scheduled time, ISO 8601; the present minute if absent")
    parser.add_argument("--port-base", type=int, default=PORT_BASE)
    arguments = parser.parse_args()
    began = time.monotonic()
    try:
        system = System(LOCAL, Ports.at(arguments.port_base), Sources())
        if arguments.replay:
            return _replay(arguments.at, system)
        at = _scheduled(arguments.at, system)
        newest = system.last_tick()
        if at < newest:
            print(
                f"note: {_iso(newest)} was collected already. Prices of an older tick are stored,"
                " but detectors do not look back."
            )
        system.tick(at)
        runs = system.ask("collection", f"/?tick={at}")["runs"]
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError:
        where = Ports(arguments.port_base).address("collection")
        print(f"✗ tick\n  why:   nothing answers at {where}", file=sys.stderr)
        print("  to do: start the system with `make dev`, or name its PORT_BASE", file=sys.stderr)
        return 2
    print(f"tick {_iso(at)} in {time.monotonic() - began:.1f} s")
    for name, run in runs.items():
        print(f"  {name:<17} {run['state']:<9} {run['reason'] or ''}")
    return 0


def _replay(text: str | None, system: System) -> int:
    if not text:
        raise SetupError("replay", "of which tick?", "make replay AT=2026-11-22T12:15Z")
    at = _epoch(text)
    done = system.replay(at)
    print(f"replayed {_iso(at)}: {done['sources']} sources, {done['rows_written']} rows written")
    if not done["sources"]:
        print("  nothing was kept of that tick")
    return 0


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%MZ")


def _scheduled(text: str | None, system: System) -> int:
    """Return the tick's time; the simulator's clock, if there is one, goes on from there."""
    if not text:
        try:
            return int(system.now()) // 60 * 60
        except OSError:
            return int(time.time()) // 60 * 60
    at = _epoch(text)
    with contextlib.suppress(OSError):  # live sources have no clock of ours
        system.set_clock(at)
    return at


def _epoch(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SetupError("tick", f"{text!r} is no ISO 8601 time", "AT=2026-11-22T12:15Z") from None
    if not 2009 <= moment.year < 2100:
        raise SetupError("tick", f"{text} is out of reach", "choose a time from 2009 to 2099")
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


if __name__ == "__main__":
    raise SystemExit(main())
