"""Runs detectors over new points: pure, in the order of time, one pass.

A detector scores, its trigger says what that changes: an event fires, turns
to the other side, or is over. What is kept of a series is the status of its
trigger beside the detector's own state.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from signals.detectors.base import Detector, Finding
from signals.series import Inputs, Item, Series
from signals.trigger import Status

State = TypeVar("State")


class Kept(msgspec.Struct, Generic[State], frozen=True, array_like=True):
    """What is stored of one series: the status of the trigger and the detector's state."""

    status: Status
    state: State


class Fired(NamedTuple):
    """A finding with what it was made from; `tick` is when it could be known."""

    detector: Detector
    series: Series
    finding: Finding
    score: float
    item: Item

    @property
    def tick(self) -> int:
        """When it could be known, epoch seconds."""
        return self.item.tick

    @property
    def signal_id(self) -> str:
        """The id of the signal that is made of it."""
        return signal_id(self.tick, self.detector.name, self.series.key)


class Ended(NamedTuple):
    """An event that is over: by which detector, of which series, when it had fired."""

    detector: Detector
    key: str
    fired_at: int
    tick: int

    @property
    def signal_id(self) -> str:
        """The id of the signal that is over."""
        return signal_id(self.fired_at, self.detector.name, self.key)


def signal_id(tick: int, detector: str, key: str) -> str:
    """Return the id of a signal: ids sort by time, and the same finding has the same one."""
    return f"{tick:010d}-{detector}-{key}"


States = dict[str, dict[str, Kept[Any]]]  # detector -> key of a series -> what is kept
TICK = 900  # seconds between two runs


class Result(NamedTuple):
    """What a run found, in the order of time, and the states that are new.

    `broken` are [detector, key] of the states that its detector could not go on from.
    """

    fired: list[Fired]
    ended: list[Ended]
    changed: States
    broken: list[tuple[str, str]]


def run(
    detectors: Sequence[Detector],
    inputs: Inputs,
    states: Mapping[str, Mapping[str, Any]],
    tick: int,
) -> Result:
    """Step every detector over every new point up to `tick`."""
    result = Result([], [], {detector.name: {} for detector in detectors}, [])
    for detector in detectors:
        known, changed = states.get(detector.name, {}), result.changed[detector.name]
        for series in inputs.get(detector.input, ()):
            if detector.kinds and series.key.partition(":")[0] not in detector.kinds:
                continue
            before = known.get(series.key)
            try:
                after = _walk(detector, series, before or Kept(Status(), detector.state()), result)
            except Exception:  # noqa: BLE001 - one damaged series must not cost the others
                result.broken.append((detector.name, series.key))
                continue
            if before is None or after is not before:
                changed[series.key] = after
        for key, kept in {**known, **changed}.items():
            status = _unless_silent(detector, key, kept, tick, result)
            if status is not kept.status:
                changed[key] = Kept(status, kept.state)
    result.fired.sort(key=lambda one: (one.tick, one.detector.name, one.series.key))
    result.ended.sort(key=lambda one: (one.tick, one.detector.name, one.key))
    return result


def _walk(detector: Detector, series: Series, kept: Kept[Any], result: Result) -> Kept[Any]:
    status, state = kept.status, kept.state
    step, trigger = detector.step, detector.trigger
    for item in series.items:
        if status.side:  # whatever runs there were: it ends when a run at every tick ends it
            heard = Kept(status, state)
            status = _unless_silent(detector, series.key, heard, item.tick - 1, result)
        before = state
        state, score = step(before, item.point)
        if state is before:
            continue  # the detector has seen it, or it says nothing
        if not item.fresh or not (status.side or score >= 1 or score <= -1):
            continue
        now, change = trigger.pull(status, item.tick, score)
        if change in ("turned", "ended"):
            result.ended.append(Ended(detector, series.key, status.fired_at, item.tick))
        if change in ("fired", "turned"):
            finding = _rounded(detector.find(before, item.point))
            result.fired.append(Fired(detector, series, finding, round(score, 6), item))
        status = now
    same = status is kept.status and state is kept.state
    return kept if same else Kept(status, state)


def _rounded(finding: Finding) -> Finding:
    """Return a finding with ten digits a number: the last ones depend on the machine."""
    replace = msgspec.structs.replace
    return replace(
        finding,
        measured=replace(finding.measured, value=_digits(finding.measured.value)),
        statistic=replace(
            finding.statistic,
            value=_digits(finding.statistic.value),
            threshold=_digits(finding.statistic.threshold),
        ),
        context={name: _digits(value) for name, value in finding.context.items()},
    )


def _digits(value: float) -> float:
    return float(f"{value:.10g}")


def _unless_silent(
    detector: Detector, key: str, kept: Kept[Any], until: int, result: Result
) -> Status:
    """End the event of a series that has been silent, at the first tick that could tell it."""
    status = kept.status
    if status.side:
        silent_at = -(-(kept.state.time + detector.trigger.silence) // TICK) * TICK
        if silent_at <= until:
            status, change = detector.trigger.silent(status, kept.state.time, silent_at)
            if change:
                result.ended.append(Ended(detector, key, kept.status.fired_at, silent_at))
    return status
