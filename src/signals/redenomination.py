"""A price that changes because its unit does: a thousand old coins become one new coin.

A step beyond SUSPECT is not believed at once. With an unchanged market cap, or
as a factor of 100 and more that is a power of ten and lasts, it is a
redenomination; if the next price is back it was a bad tick; if the next price
confirms it, it is a move.
"""

import math
from collections.abc import Sequence

import msgspec

from signals.claims import Step

SUSPECT = math.log(4)
SAME = 0.2  # log: values this close are the same thing seen twice


def redenominated(change: float, caps: tuple[float | None, float | None], confirmed: bool) -> bool:
    """Whether a log return beyond SUSPECT is a change of unit.

    `caps` are the market caps before and after it, `confirmed`: it has lasted.
    """
    before, after = caps
    if before and after and abs(math.log(after / before)) < SAME:
        return True
    tens = abs(change) / math.log(10)
    return confirmed and round(tens) >= 2 and abs(tens - round(tens)) * math.log(10) < SAME


def settled(path: Sequence[Step]) -> list[Step]:
    """Return the steps of a path that can be believed, all in the unit of the first.

    A step beyond SUSPECT that the next one does not confirm is left out, the last one too.
    """
    kept: list[Step] = []
    unit = 1.0
    for place, step in enumerate(path):
        if not 0 < step.value < math.inf:
            continue
        change = math.log(step.value * unit / kept[-1].value) if kept else 0.0
        if abs(change) > SUSPECT:
            after = path[place + 1].value if place + 1 < len(path) else 0.0
            confirmed = 0 < after < math.inf and abs(math.log(after / step.value)) < SAME
            if not confirmed:
                continue
            if redenominated(change, (None, None), confirmed):
                unit *= 10.0 ** -round(change / math.log(10))
        kept.append(msgspec.structs.replace(step, value=step.value * unit) if unit != 1 else step)
    return kept
