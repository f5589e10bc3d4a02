"""A rule: a detector with other thresholds than its own."""

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from common.errors import Problem
from signals.detectors.base import Detector, Direction

MOST_DAYS = 90
MOST_SCORE = 10.0
FACTOR = 10.0  # how far a parameter may be from the detector's own


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A detector (`type`), and what is to be different.

    `params` replace numbers of the detector's Params. It fires when |score| reaches
    `least_score`, in `direction` only if that is given. It is tried on the last `days`.
    """

    type: str
    params: dict[str, float] = {}
    least_score: float = 1.0
    direction: Direction | None = None
    days: int = 30


def detector_of(rule: Rule, detectors: Sequence[Detector]) -> tuple[Detector, dict[str, float]]:
    """Return the detector of a rule and its parameters. Raises Problem."""
    by_name = {one.name: one for one in detectors}
    if rule.type not in by_name:
        raise wrong(f"There is no detector {rule.type!r}; there are {', '.join(sorted(by_name))}.")
    if not 1 <= rule.days <= MOST_DAYS:
        raise wrong(f"days must be between 1 and {MOST_DAYS}, not {rule.days}.")
    if not 1 <= rule.least_score <= MOST_SCORE:
        raise wrong(
            f"least_score must be between 1 and {MOST_SCORE:g}, not {rule.least_score:g}."
            " To be told of less, lower a threshold in params."
        )
    detector = by_name[rule.type]
    step: Any = detector.step
    find: Any = detector.find
    default = inspect.signature(step).parameters["params"].default
    params = msgspec.structs.replace(default, **_checked(rule, default))
    return msgspec.structs.replace(
        detector,
        step=_scaled(partial(step, params=params), rule.least_score),
        find=partial(find, params=params),
    ), _numbers(params)


def _scaled(step: Callable[[Any, Any], tuple[Any, float]], least: float) -> Any:
    """Return a step whose score is 1 where the detector's is `least`."""
    if least == 1:
        return step

    def scaled(state: Any, point: Any) -> tuple[Any, float]:
        state, score = step(state, point)
        return state, score / least

    return scaled


def _numbers(params: Any) -> dict[str, float]:
    told = {name: getattr(params, name) for name in params.__struct_fields__}
    return {name: value for name, value in told.items() if isinstance(value, int | float)}


def _checked(rule: Rule, default: Any) -> dict[str, float]:
    known = _numbers(default)
    checked: dict[str, float] = {}
    for name, value in rule.params.items():
        if name not in known:
            raise wrong(f"{rule.type} has no parameter {name!r}; it has {', '.join(known)}.")
        usual = known[name]
        low, high = usual / FACTOR, usual * FACTOR
        if not low <= value <= high:
            raise wrong(
                f"{name} must be between {low:g} and {high:g} (usually {usual:g}), not {value:g}."
            )
        if isinstance(usual, int) and value != int(value):
            raise wrong(f"{name} must be a whole number, not {value:g}.")
        checked[name] = int(value) if isinstance(usual, int) else float(value)
    return checked


def wrong(detail: str) -> Problem:
    """Return what a user is told of a rule that cannot be tried."""
    return Problem(400, "invalid-rule", detail)
