"""The signal path over a history, tick by tick, without a database: what a backtest is.

At each tick no more is handed on than was known by then, and what came of it is
kept: states, the market's levels, open events, claims that are not due yet,
calibrations. A tick does what signals.pipeline and signals.judging do, by the same
functions in the same order: step, build, combine, judge, and on a new day
calibrate. A test holds the two against each other, signal for signal.

So nothing can be seen ahead: a detector is given the rows of its tick, a signal the
calibrations made at ticks before it, a claim a path that ends at its horizon. Wrong
where the history was made later than it says: prices that were corrected
afterwards, stories that are dated back.
"""

import heapq
from collections.abc import Sequence
from typing import NamedTuple

from signals import engine, events, market, series
from signals.calibration import Calibration, Judged
from signals.calibration_gate import Decision, gate
from signals.claims import HORIZONS, Path, Step
from signals.detectors.base import Detector, Input
from signals.engine import Ended, Fired
from signals.events import Event
from signals.history import Agreed, AssetPast, History, Readings, ReadingsPast, between, on_market
from signals.judging import MOST_A_TICK, Verdict, due_of, is_new_day, outcome_of
from signals.series import Asset, Inputs
from signals.signal import Pending, Signal, build, pending
from signals.store.judging import BEFORE_SECONDS, MOST_OUTCOMES, Due

Kind = tuple[str, int]  # type of signal, horizon


class Tried(NamedTuple):
    """A calibration that was tried at a tick."""

    type: str
    horizon: int
    tick: int
    decision: Decision


class Walked:
    """What came of a walk, in the order of time. `fired` and `signals` belong together.

    `ended` is by signal, `judged` and `calibrations` (those in use at the end) by type
    and horizon, `series` and `points` count what each input brought.
    """

    def __init__(self) -> None:
        self.ticks: list[int] = []
        self.series: dict[Input, set[str]] = {}
        self.points: dict[Input, int] = {}
        self.fired: list[Fired] = []
        self.signals: list[Signal] = []
        self.ended: dict[str, int] = {}
        self.events: dict[str, Event] = {}
        self.verdicts: list[Verdict] = []
        self.judged: dict[Kind, list[Judged]] = {}
        self.calibrations: dict[Kind, Calibration] = {}
        self.tried: list[Tried] = []
        self.levels: list[market.Level] = []


def walk(detectors: Sequence[Detector], history: History, until: int) -> Walked:
    """Do every tick of a history up to `until` (epoch seconds)."""
    assets = [AssetPast(one) for one in history.assets]
    readings = {
        kind: [ReadingsPast(*one) for one in some] for kind, some in history.readings.items()
    }
    ticks = {time for one in assets for time in one.times()}
    ticks.update(time for some in readings.values() for one in some for time in one.times())
    walking = _Walk(detectors, history)
    for tick in sorted(ticks):
        if tick > until:
            break
        before = walking.done.ticks[-1] if walking.done.ticks else tick
        new = [each for one in assets if (each := one.new(tick, before))]
        told = {k: [r for one in some if (r := one.new(tick))] for k, some in readings.items()}
        walking.detect(tick, new, told)
        walking.judge(tick)
        walking.calibrate(tick)
    return walking.done


class _Walk:
    """What a database would hold between ticks."""

    def __init__(self, detectors: Sequence[Detector], history: History) -> None:
        self.done = Walked()
        self._detectors, self._history = detectors, history
        self._claims = {one.name: one.claim for one in detectors}
        self._states: engine.States = {one.name: {} for one in detectors}
        self._recent: dict[str, Event] = {}
        self._due: list[tuple[int, str, Pending]] = []
        self._paths: dict[str, list[Step]] = {}
        self._level_at: dict[int, float] = {}
        self._made_at = self._version = 0

    def detect(self, tick: int, new: list[Asset], told: dict[str, list[Readings]]) -> None:
        """Step over what is new, and build, combine and keep what fired and what ended."""
        done = self.done
        done.ticks.append(tick)
        inputs = self._inputs(tick, new, told)
        result = engine.run(self._detectors, inputs, self._states, tick)
        for name, changed in result.changed.items():
            self._states[name].update(changed)
        agreed: Agreed = self._history.agreed(result.fired) if result.fired else {}
        signals = [
            build(one, agreed.get((one.series.asset_id, one.tick)), done.calibrations, tick)
            for one in result.fired
        ]
        for one, signal in zip(result.fired, signals, strict=True):
            for claim in pending(one, signal):
                heapq.heappush(self._due, (claim.due_at, claim.signal_id, claim))
        done.fired += result.fired
        done.signals += self._combined(tick, signals, result.ended)

    def _inputs(self, tick: int, new: list[Asset], told: dict[str, list[Readings]]) -> Inputs:
        done = self.done
        for one in new:
            path = self._paths.setdefault(one.asset_id, [])
            last = path[-1].time if path else 0
            path += [Step(p.time, p.price, p.volume_24h) for p in one.prices if p.time > last]
        for about, readings in (one for some in told.values() for one in some):
            path = self._paths.setdefault(about.key, [])
            last = path[-1].time if path else 0
            path += [Step(r.time, r.value) for r in readings if r.time > last]
        newest = done.levels[-1] if done.levels else None
        since = min((one.prices[0].time for one in new if one.prices), default=tick)
        known = between(done.levels, since - market.QUARTER, tick)
        refused = {tick: self._history.refused.get(tick, ())}
        inputs, levels = series.inputs_of(new, told, refused, known, newest)
        done.levels += levels
        self._level_at.update((one.time, one.level) for one in levels)
        for name, some in inputs.items():
            done.series.setdefault(name, set()).update(one.key for one in some)
            count = sum(item.tick == tick for one in some for item in one.items)
            done.points[name] = done.points.get(name, 0) + count
        return inputs

    def _combined(self, tick: int, signals: list[Signal], ended: list[Ended]) -> list[Signal]:
        if not signals and not ended:
            return []
        done = self.done
        done.ended.update((one.signal_id, one.tick) for one in ended)
        since = tick - events.WINDOW
        known = [e for e in self._recent.values() if e.ended_at is None or e.last_at >= since]
        changed, placed = events.combine(known, signals, ended)
        self._recent = {one.event_id: one for one in [*known, *changed]}
        done.events.update((one.event_id, one) for one in changed)
        return placed

    def judge(self, tick: int) -> None:
        """Judge the claims that are due, each on a path that ends at its horizon."""
        for _ in range(MOST_A_TICK):
            if not self._due or self._due[0][0] > tick:
                return
            claim = heapq.heappop(self._due)[2]
            due = due_of(claim)
            outcome = outcome_of(due, self._claims.get(due.type), self._path(due))
            self.done.verdicts.append(Verdict(due, outcome))
            if outcome.hit is not None:
                self.done.judged.setdefault((due.type, due.horizon), []).append(
                    Judged(
                        due.fired_at, claim.score, outcome.hit, outcome.control_n,
                        outcome.control_hits, outcome.value or 0.0, claim.issued,
                    )
                )  # fmt: skip

    def _path(self, due: Due) -> Path:
        since, until = due.fired_at - BEFORE_SECONDS, due.fired_at + due.horizon
        if due.subject in (series.MARKET, series.SOURCES):
            levels = between(self.done.levels, since, until)
            return [Step(one.time, market.index(one.level)) for one in levels]
        steps = between(self._paths.get(due.subject, []), since, until)
        if ":" in due.subject:
            return steps
        # Only now: the level at a step's time may have come later than the step.
        return [on_market(one, self._level_at) for one in steps]

    def calibrate(self, tick: int) -> None:
        """On a new day, learn from what was judged."""
        if not is_new_day(tick, self._made_at):
            return
        done, made = self.done, False
        for kind in [(one.name, horizon) for one in self._detectors for horizon in HORIZONS]:
            if not (known := done.judged.get(kind)):
                continue
            newest = sorted(known, key=lambda one: one.at)[-MOST_OUTCOMES:]
            current = done.calibrations.get(kind)
            decision = gate(current, newest, kind[1], tick, self._version + 1)
            done.calibrations[kind] = decision.calibration
            done.tried.append(Tried(*kind, tick, decision))
            made = True
        if made:
            self._made_at, self._version = tick, self._version + 1
