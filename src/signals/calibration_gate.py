"""Whether a new calibration may be used: only if it does better on what it has not seen.

The newest HELD_OUT of the judged signals are the test. The candidate is fitted to
those whose horizon was over before the test begins: between the two lies an embargo
of one horizon, so that no price is in both (Lopez de Prado, Advances in Financial
Machine Learning, 2018, chapter 7). Brier's score decides, against the calibration in
use or, where there is none, against the constant base rate. What passes is fitted
anew to everything.

A calibration in use has seen every outcome up to its making, so it is only compared
on signals that came afterwards, and only once there are twice FEWEST_TEST of them:
half for the candidate to learn from, half to test.

Wrong by luck: of two equally good ones either may win. What is shown as an edge
does not hang on it but on the interval (calibration).
"""

from collections.abc import Sequence
from math import ceil

import msgspec

from signals.calibration import FEWEST, Calibration, Judged, predict
from signals.calibration_fit import fit, known
from signals.calibration_stats import brier

HELD_OUT = 0.3
FEWEST_TEST = 20


class Decision(msgspec.Struct, frozen=True):
    """What is to be used from now on, and why.

    `calibration` is the new one when accepted, else the one in use; where there was
    none, the base rate as a flat one, with the counts so far. Brier scores are those on
    the held-out signals, None where nothing was compared.
    """

    accepted: bool
    calibration: Calibration
    why: str
    brier_new: float | None = None
    brier_current: float | None = None
    brier_base: float | None = None
    n_train: int = 0
    n_test: int = 0


def gate(
    current: Calibration | None,
    outcomes: Sequence[Judged],
    horizon: int,
    now: int,
    version: int,
) -> Decision:
    """Decide at `now`, from what was known then. `version` is the new one's, if there is one."""
    seen = known(outcomes, horizon, now)
    rival = None if current is None or current.flat else current
    new = fit(seen, horizon, now, version)
    kept = rival or msgspec.structs.replace(new, flat=True)
    size = max(FEWEST_TEST, ceil(HELD_OUT * len(seen)))
    if rival:
        unseen = sum(one.at >= rival.fitted_at for one in seen)
        if unseen < 2 * FEWEST_TEST:
            why = f"only {unseen} judged signals since version {rival.version}"
            return Decision(False, kept, f"{why}, {2 * FEWEST_TEST} are needed")
        size = max(FEWEST_TEST, min(size, unseen // 2))
    if len(seen) < size:
        return Decision(False, kept, f"only {len(seen)} judged signals")
    begin = seen[-size].at
    test = [one for one in seen if one.at >= begin]
    train = [one for one in seen if one.at + horizon <= begin]
    if len(train) < FEWEST:
        why = f"only {len(train)} judged signals before the held-out {len(test)}"
        return Decision(False, kept, why, n_train=len(train), n_test=len(test))
    candidate = fit(train, horizon, begin, version)
    hits = [one.hit for one in test]
    scored = brier([predict(candidate, one.score) for one in test], hits)
    base = brier([candidate.base_rate] * len(test), hits)
    used = brier([predict(rival, one.score) for one in test], hits) if rival else None
    accepted = scored < (base if used is None else used)
    than = f"version {rival.version}" if rival else "the base rate"
    return Decision(
        accepted=accepted,
        calibration=new if accepted else kept,
        why=f"{'better' if accepted else 'no better'} than {than} on {len(test)} held-out signals",
        brier_new=round(scored, 6),
        brier_current=None if used is None else round(used, 6),
        brier_base=round(base, 6),
        n_train=len(train),
        n_test=len(test),
    )
