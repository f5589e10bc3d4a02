"""What may be said of a signal: a probability, what it rests on, and whether there is an edge.

A Calibration is what calibration_fit learned of one type and horizon; it holds
bands of |score|, each with its probability and interval. An edge is claimed where the
type's 95 % interval lies wholly above the base rate; a band whose interval does not
hold the type's rate answers for itself. Asking every band from the start would find
an edge by luck twice as often.

No probability is given below FEWEST judged signals on FEWEST_DAYS days: of 30 the
interval is +-0.17 wide at best, and fewer than ten days tell nothing reliable
of how days differ.

Wrong when the market changes its ways: it tells what followed signals of the
past. Of many types that are looked at every day one in forty seems to have an
edge by luck alone, for a while.
"""

from bisect import bisect_right

import msgspec

from signals.calibration_stats import Interval, interval

FEWEST = 30
FEWEST_DAYS = 10


class Judged(msgspec.Struct, frozen=True):
    """A signal and its outcome; `issued` is the probability it was published with, if any."""

    at: int
    score: float
    hit: bool
    control_n: int
    control_hits: int
    value: float = 0.0
    issued: float | None = None


class Band(msgspec.Struct, frozen=True):
    """Scores from `low` up to the next band's: probability, counts, interval of p."""

    low: float
    p: float
    n: int
    hits: int
    n_effective: float
    interval: Interval


class Calibration(msgspec.Struct, frozen=True):
    """What was learned of one type and horizon up to `fitted_at`; as JSON it is what is stored.

    `n`, `hits`, `days` count all judged signals, `rate` is the type's after
    shrinking with its interval, `newest` the newest signal used. A `flat` one gives the
    base rate for every score: nothing better has passed the gate.
    """

    version: int
    horizon: int
    fitted_at: int
    newest: int
    n: int
    hits: int
    days: int
    n_effective: float
    rho: float
    base_rate: float
    control_n: int
    rate: float
    interval: Interval
    bands: tuple[Band, ...]
    flat: bool = False


class Confidence(msgspec.Struct, frozen=True):
    """The probability of one signal and what it rests on.

    `n`, `hits` are those of the signal's band, `n_type` and `days` the whole type's.
    `lift` is p over the base rate. `edge`: it is followed by its claim more often than
    chance has it, shown by an interval that lies wholly above the base rate.
    """

    p: float | None
    n: int
    n_type: int
    hits: int
    base_rate: float | None
    lift: float | None
    interval: Interval | None
    edge: bool
    note: str
    days: int = 0


def predict(calibration: Calibration, score: float) -> float:
    """Return the probability of a score, however little it rests on."""
    return calibration.base_rate if calibration.flat else _band(calibration, score).p


def enough(calibration: Calibration) -> bool:
    """Tell whether a calibration rests on enough to give a probability."""
    counted = calibration.n >= FEWEST and calibration.days >= FEWEST_DAYS
    return counted and calibration.control_n > 0


def probability(calibration: Calibration | None, score: float) -> Confidence:
    """Return what may be said of a signal with this score; None: nothing was judged yet."""
    if calibration is None or not enough(calibration):
        n, days = (calibration.n, calibration.days) if calibration else (0, 0)
        note = (
            f"Fewer than {FEWEST} judged signals of this type on {FEWEST_DAYS} days"
            f" ({n} on {days} so far), so no probability is given yet."
        )
        if calibration and n >= FEWEST and days >= FEWEST_DAYS:
            note = "The base rate is not known, so no probability is given."
        return Confidence(None, 0, n, 0, None, None, None, edge=False, note=note, days=days)
    band, p = _band(calibration, score), predict(calibration, score)
    side = _side(calibration, score)
    return Confidence(
        p=p,
        n=band.n,
        n_type=calibration.n,
        hits=band.hits,
        base_rate=calibration.base_rate,
        lift=round(p / calibration.base_rate, 6),
        interval=interval(p, band.n_effective) if calibration.flat else band.interval,
        edge=side > 0 and not calibration.flat,
        note=_note(calibration, side),
        days=calibration.days,
    )


def _side(calibration: Calibration, score: float) -> int:
    """Return 1 above the base rate, -1 below, 0 not to be told apart."""
    band, base = _band(calibration, score), calibration.base_rate
    if (whole := _beside(calibration.interval, base)) and _beside(band.interval, calibration.rate):
        return _beside(band.interval, base)
    return whole


def _beside(bounds: Interval, value: float) -> int:
    """Return 1 when an interval lies wholly above a value, -1 wholly below, else 0."""
    return (bounds[0] > value) - (bounds[1] < value)


def _note(calibration: Calibration, side: int) -> str:
    share = f"{100 * calibration.hits / calibration.n:.0f} %"
    told = (
        f"{share} of {calibration.n} judged signals were followed by what was claimed,"
        f" base rate {100 * calibration.base_rate:.0f} %."
    )
    if not side:
        return f"No edge: {told}"
    if calibration.flat:
        return f"Not confirmed out of sample, so the base rate is given: {told}"
    return told if side > 0 else f"Less often than without a signal: {told}"


def _band(calibration: Calibration, score: float) -> Band:
    lows = [band.low for band in calibration.bands]
    return calibration.bands[max(bisect_right(lows, abs(score)) - 1, 0)]
