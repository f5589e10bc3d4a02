"""`make dev`: the whole system, running, with crons on time, until Ctrl-C."""

import argparse
import contextlib
import json
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from tools.pyworkers.errors import SetupError
from tools.system import setup, site
from tools.system.layout import FURTHER_CRONS, PORT_BASE, PROJECT, TICK_SECONDS, Ports
from tools.system.running import Sources, System

MODES = {"simulated": "simulated", "live": "live", "replay": "recorded"}
HISTORY_DAYS = 14
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MOST_STARTS = 10  # of a process that keeps dying without saying why
LATEST = 300  # seconds after its time that a tick is still fired: providers give the present


def main() -> int:
    """Start, fire crons, stop. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="make dev", description=__doc__)
    parser.add_argument("--sources", choices=sorted(MODES), default="simulated")
    parser.add_argument("--replay", type=Path, help="folder of recorded responses or CSVs")
    parser.add_argument("--port-base", type=int, default=PORT_BASE)
    parser.add_argument("--state", type=Path, default=setup.LOCAL, help="folder of the state")
    arguments = parser.parse_args()
    # SIGINT too: a shell that starts us in the background has it ignored.
    before = {name: signal.signal(name, _interrupt) for name in SIGNALS}
    system: System | None = None
    try:
        sources = _sources(arguments.sources, arguments.replay)
        ports = Ports.at(arguments.port_base)
        setup.prepare(_say)
        state = arguments.state.resolve()
        config = "dev" if state == setup.LOCAL else state.name  # a config of its own for each
        system = System(state, ports, sources, config)
        system.start(_say)
        keep_time_monotonic(system)
        _load_history(system)
        _announce(system)
        _run_crons(system)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    finally:
        for name in SIGNALS:  # a second Ctrl-C must not leave half of it behind
            signal.signal(name, signal.SIG_IGN)
        if system is not None and system.running():
            _say("stopping …")
            system.stop()
            _say("stopped; nothing is left running")
        for name, handler in before.items():
            signal.signal(name, handler)


def _sources(mode: str, replay: Path | None) -> Sources:
    if (mode == "replay") != (replay is not None):
        raise SetupError(
            "sources", "SOURCES=replay and REPLAY=DIR belong together",
            "make dev SOURCES=replay REPLAY=<folder>",
        )  # fmt: skip
    if replay is not None and not replay.is_dir():
        raise SetupError("sources", f"{replay} is no folder", "name a folder with REPLAY=DIR")
    return Sources(MODES[mode], replay.resolve() if replay else None)


def keep_time_monotonic(system: System) -> None:
    """Let simulated time go on behind the newest tick, should that lie in the future.

    `make tick AT=...` may have been there; ticks before it would be ignored.
    """
    newest = system.last_tick()
    if system.sources.mode == "simulated" and newest > system.now():
        system.set_clock(newest)
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(newest))
        _say(f"a tick was fired for {moment} UTC: simulated time goes on from there")
        _say("  (`make clean` starts over)")


def _load_history(system: System) -> None:
    """Fire one tick until every asset has its history (its prices are stored once)."""
    at = int(system.now()) // 60 * 60
    _say(f"loading {HISTORY_DAYS} days of history")
    missing: int | None = None
    while missing != 0:
        began = time.monotonic()
        system.tick(at)
        left = int(system.ask("collection", "/")["history_missing"])
        _say(f"  {left} assets to go ({time.monotonic() - began:.1f} s)")
        if left == missing:
            _say("  no progress; the crons go on with it")
            return
        missing = left


def _announce(system: System) -> None:
    described = system.describe()
    file = system.local / "demo.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(described, indent=1))
    print(f"\nCryptoIntel is running on {system.sources.mode} data.\n")
    for source, found in system.ask("collection", "/")["sources"].items():
        if found["state"] != "ok":
            print(f"  ! {source} is {found['state']}: {found['reason']}")
    for name, value in described.items():
        print(f"  {name:<11} {value}")
    key = described["api_key"]
    print(f"\n  curl -H 'Authorization: Bearer {key}' {described['api']}/api/v1/market-data/BTC")
    print("  make tick    fires a tick now; the next one comes by itself on the quarter hour")
    print(f"  logs in {system.local}/logs; Ctrl-C stops everything\n", flush=True)


def _run_crons(system: System) -> NoReturn:
    _, due = schedule(system.now(), 0)
    seen, shown = _newest_change(), site.newest_change()
    minute = time.time() // 60
    while True:
        time.sleep(1)
        seen = _revive_after_change(system, seen)
        if (newest := site.newest_change()) > shown:
            shown = newest
            site.build()
        if time.time() // 60 > minute:
            minute = time.time() // 60
            _fire_further(system)
        try:
            fire, due = schedule(system.now(), due)
        except OSError:
            continue  # the simulator is gone; that has been reported
        if fire is not None:
            _fire(system, fire)


def schedule(now: float, due: int) -> tuple[int | None, int]:
    """Return the tick to fire at `now`, None for none, and when the next one is due.

    `due` is what was said the last time. A clock that was set forward has
    passed ticks that nobody can make up for, one that was set back comes to
    earlier ones first.
    """
    following = int(now) // TICK_SECONDS * TICK_SECONDS + TICK_SECONDS
    if now < due <= following:
        return None, due
    return (due if due <= now < due + LATEST else None), following


def _fire_further(system: System) -> None:
    """Fire the crons that look after what is due. One that fails comes again in a minute."""
    for worker in FURTHER_CRONS:
        with contextlib.suppress(SetupError, OSError, ValueError):
            system.fire(worker, time.time())


def _fire(system: System, at: int) -> None:
    try:
        system.tick(at)
        _say(f"tick {time.strftime('%Y-%m-%d %H:%M', time.gmtime(at))} UTC")
    except (SetupError, OSError) as error:
        print(error, file=sys.stderr, flush=True)


def _revive_after_change(system: System, seen: float) -> float:
    """Start dead processes again; return the time of the newest source file.

    One that died of a Python error waits for a file to change, any other is
    started at once, but not for ever.
    """
    newest = _newest_change()
    for process in system.dead():
        # What a signal ended was not broken, whatever it printed before.
        broken = "Traceback" in process.tail() and not process.was_killed()
        if not process.reported:
            process.reported = True
            print(f"\n{process.name} has ended:\n{process.tail()}\n", file=sys.stderr, flush=True)
            if broken:
                _say("mend the file and save it: the Worker starts again then")
        if newest > seen or (not broken and process.starts < MOST_STARTS):
            _say(f"starting {process.name} again")
            system.revive(process)
    return newest


def _newest_change() -> float:
    return max(file.stat().st_mtime for file in (PROJECT / "src").rglob("*.py"))


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
