"""What a type of signal says will follow, and whether it did.

A claim is judged on a path: the prices of record before and after a moment
(or the readings of a series), never on anything that was not stored. The same
measure at earlier moments of the same path, where nothing had fired, is the
base rate that a signal has to beat.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

HORIZONS = (3600, 4 * 3600, 24 * 3600)  # seconds
HEADLINE = 4 * 3600  # the one whose probability is a signal's confidence


class Step(msgspec.Struct, frozen=True, array_like=True):
    """A stored point: epoch seconds; price in US dollars or a reading; 24 h volume in US dollars.

    `market` is the log level of the whole market at that time, None where it is not known.
    """

    time: int
    value: float
    volume_24h: float | None = None
    market: float | None = None


class Measure(NamedTuple):
    """What came out and what was claimed: it holds when `value >= threshold`."""

    value: float
    threshold: float


Terms = dict[str, float]  # numbers of the finding that the claim rests on


class Claim(msgspec.Struct, frozen=True):
    """`says` finishes the sentence "signals like this were followed by ...".

    `measure(before, after, sigma, horizon, terms)` compares the step at a
    moment with the one `horizon` seconds later; `sigma` is the path's own
    noise per 15 minutes, the market's move removed. None: cannot be told.
    `terms` names the numbers of a finding's context that it needs; one with a
    direction has it in the term "sign", and its base rate asks both ways.
    """

    name: str
    says: str
    measure: Callable[[Step, Step, float, int, Terms], Measure | None]
    terms: tuple[str, ...] = ()


Path = Sequence[Step]
MOVE_SIGMAS = 2.0


def own_return(before: Step, after: Step) -> float:
    """Return the log return from one step to another, the market's removed where it is known."""
    total = math.log(after.value / before.value)
    if before.market is None or after.market is None:
        return total
    return total - (after.market - before.market)


def _moves_on(
    before: Step, after: Step, sigma: float, horizon: int, _terms: Terms
) -> Measure | None:
    moved = abs(own_return(before, after))
    return Measure(moved, MOVE_SIGMAS * sigma * math.sqrt(horizon / 900))


MOVES_ON = Claim(
    name="moves_on",
    says=f"a further move of {MOVE_SIGMAS:.0f} σ, either way",
    measure=_moves_on,
)
