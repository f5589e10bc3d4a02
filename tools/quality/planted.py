"""Measure what detection finds of the events of the simulator's market.

    python -m tools.quality.planted [--seed N ...] [--days D] [--json]

All detectors run over all that would have been collected of 250 coins and 300 protocols, as
the Workers run them. Two weeks of hourly history and two days only teach; then D days count.
For every kind of event: how many there were and how many could be known, how many the detector
that should find it found within one tick, and how many by two hours after their end; and the
seconds from the start of an event to the signal that found it. For every detector: how many
of its signals there were, how many were right (`own`: by an event of the kinds that it is
there for), and the false ones for each asset and day. What each word means exactly stands in
planted_rules.py. Several seeds count together. Nothing is fitted here; unusual_reading
watches none of this data.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from signals import engine, series
from signals.detectors import DETECTORS
from signals.history import History
from tools.quality.planted_market import Lived, live
from tools.quality.planted_rules import (
    AFTERWARDS,
    FINDS,
    TOUCHES,
    Fire,
    Sought,
    knowable,
    right,
)
from tools.simulator.events import KINDS, Event
from tools.simulator.instants import DAY

Figures = dict[str, Any]


@dataclass
class Tally:
    """What was counted of one kind of event, or of one detector, over all seeds."""

    events: int = 0
    knowable: int = 0
    by_the_end: int = 0
    delays: list[int] = field(default_factory=list)
    fired: int = 0
    right: int = 0
    own: int = 0
    asset_days: float = 0.0


@dataclass
class Found:
    """All tallies: by kind of event and detector, and by detector."""

    kinds: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    detectors: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))


def detect(history: History, until: int) -> tuple[list[Fire], dict[str, int]]:
    """Return every signal of a history, and how many series each detector watched.

    One run over all of it: the engine finds the same whatever runs there were.
    """
    inputs, _ = series.inputs_of(history.assets, history.readings, {}, [], None)
    result = engine.run(DETECTORS, inputs, {}, until)
    fires = [
        Fire(one.detector.name, one.tick, one.series.asset_id, one.finding.direction)
        for one in result.fired
    ]
    return fires, {name: len(states) for name, states in result.changed.items()}


def count(lived: Lived, fires: Sequence[Fire], watched: dict[str, int], into: Found) -> None:
    """Add what one market had, and what was found of it."""
    mine: dict[str, list[Fire]] = defaultdict(list)
    for fire in fires:
        mine[fire.detector].append(fire)
    for event in lived.events:
        for detector, kinds in FINDS.items():
            if event.kind not in kinds:
                continue
            known = knowable(event, detector, lived.told.get(event.id, ()))
            sought = Sought(event, lived.coins[event.asset].id, detector, known)
            last = max(sought.deadline, event.end + AFTERWARDS)
            if event.start < lived.first or last > lived.until:
                continue
            tally = into.kinds[event.kind, detector]
            tally.events += 1
            tally.knowable += known is not None
            tally.by_the_end += sought.first_of(mine[detector], last) is not None
            if (tick := sought.found(mine[detector])) is not None:
                tally.delays.append(tick - event.start)
    on_asset = _by_asset(lived)
    for detector, kinds in TOUCHES.items():
        tally = into.detectors[detector]
        tally.asset_days += watched.get(detector, 0) * (lived.until - lived.first) / DAY
        for fire in mine[detector]:
            if fire.tick >= lived.first:
                events = on_asset.get(fire.asset_id, ())
                tally.fired += 1
                tally.right += right(fire, events, kinds)
                tally.own += right(fire, events, FINDS[detector])


def _by_asset(lived: Lived) -> dict[str, list[Event]]:
    """Return the events on each asset; those on a coin are on the coins that follow it too."""
    on_coin: dict[str, list[Event]] = defaultdict(list)
    for event in lived.events:
        on_coin[lived.coins[event.asset].id].append(event)
    followed = {c.id: on_coin[c.follows] for c in lived.coins if c.follows in on_coin}
    return {name: on_coin.get(name, []) + followed.get(name, []) for name in {*on_coin, *followed}}


def report(found: Found) -> Iterator[Figures]:
    """Yield the figures of every kind of event, then of every detector."""
    for (kind, detector), tally in sorted(found.kinds.items(), key=lambda one: _order(*one[0])):
        delays = sorted(tally.delays)
        yield {
            "kind": kind,
            "by": detector,
            "events": tally.events,
            "knowable": tally.knowable,
            "found": len(delays),
            "recall": _share(len(delays), tally.events),
            "recall_by_the_end": _share(tally.by_the_end, tally.events),
            "median_delay_s": median(delays) if delays else None,
            "p90_delay_s": delays[-(-9 * len(delays) // 10) - 1] if delays else None,
        }
    for detector, tally in found.detectors.items():
        yield {
            "detector": detector,
            "fired": tally.fired,
            "right": tally.right,
            "own": tally.own,
            "precision": _share(tally.right, tally.fired),
            "false_per_asset_day": round(
                (tally.fired - tally.right) / max(1.0, tally.asset_days), 5
            ),
        }


def _order(kind: str, detector: str) -> tuple[int, str]:
    return list(KINDS).index(kind), detector


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def _table(figures: Sequence[Figures]) -> str:
    lines: list[str] = []
    for title in ("kind", "detector"):
        rows = [one for one in figures if title in one]
        cells = [list(rows[0]), *([_cell(value) for value in one.values()] for one in rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines += ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
        lines.append("")
    return "\n".join(lines)


def _cell(value: object) -> str:
    return "-" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.quality.planted",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, nargs="+", default=[7], help="of markets (7)")
    parser.add_argument("--days", type=int, default=6, help="that count (6)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args(arguments)
    if given.days < 1 or min(given.seed) < 0:
        parser.error("--days must be at least 1 and a seed at least 0")
    found = Found()
    for seed in given.seed:
        lived = live(seed, given.days)
        count(lived, *detect(lived.history, lived.until), found)
    figures = list(report(found))
    sys.stdout.write(
        "".join(json.dumps(one) + "\n" for one in figures) if given.json else _table(figures)
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
