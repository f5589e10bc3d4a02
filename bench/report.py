"""What a benchmark says: one JSON object a line, and the statistics behind it.

Machines are shared and noisy, so a claim is a ratio: product and peer take
turns (A B A B …) and each turn gives one ratio. Their median is reported,
with their spread.
"""

import math
import sys
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from typing import NamedTuple

import msgspec


class Line(msgspec.Struct, frozen=True):
    """One line of output; the peer's fields are null where there is no peer.

    `ratio` is value / peer_value as the median over rounds, `spread` the
    distance between the quartiles of the rounds' ratios (without a peer: of
    their values), relative to the median. `note` says what a reader must know.
    """

    name: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None
    spread: float | None = None
    note: str | None = None


class Pair(NamedTuple):
    """What two contestants measured in the same rounds, in the same order."""

    values: list[float]
    peer_values: list[float]

    @property
    def ratios(self) -> list[float]:
        """One ratio for each round."""
        return [a / b for a, b in zip(self.values, self.peer_values, strict=True)]


def emit(line: Line) -> None:
    """Print one line."""
    sys.stdout.write(encode(line) + "\n")
    sys.stdout.flush()


def encode(line: Line) -> str:
    """Return a line as JSON: numbers to four digits, no `spread` or `note` without one."""
    fields = {name: _rounded(getattr(line, name)) for name in Line.__struct_fields__}
    for name in ("spread", "note"):
        if fields[name] is None:
            del fields[name]
    return msgspec.json.encode(fields).decode()


def _rounded(value: object) -> object:
    if not isinstance(value, float) or value == 0 or not math.isfinite(value):
        return value
    return round(value, 3 - math.floor(math.log10(abs(value))))


def alone(name: str, values: Sequence[float], unit: str, note: str | None = None) -> Line:
    """Return the line of a measure without a peer: the median of `values`."""
    return Line(name, median(values), unit, spread=spread(values), note=note)


def compared(name: str, pair: Pair, unit: str, peer: str, note: str | None = None) -> Line:
    """Return the line of a measure with a peer: medians, and the median of the ratios."""
    return Line(
        name=name,
        value=median(pair.values),
        unit=unit,
        peer=peer,
        peer_value=median(pair.peer_values),
        ratio=median(pair.ratios),
        spread=spread(pair.ratios),
        note=note,
    )


def interleave(rounds: int, one: Callable[[], float], peer: Callable[[], float]) -> Pair:
    """Measure `one` and `peer` in turns; who begins changes every round, against drift."""
    pair = Pair([], [])
    for number in range(rounds):
        order = [(one, pair.values), (peer, pair.peer_values)]
        for measure, results in order if number % 2 == 0 else reversed(order):
            results.append(measure())
    return pair


def spread(values: Sequence[float]) -> float | None:
    """Return (upper quartile - lower quartile) / median; None for fewer than two values."""
    if len(values) < 2:
        return None
    low, _, high = quantiles(values, n=4, method="inclusive")
    return (high - low) / median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` (0 to 1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
