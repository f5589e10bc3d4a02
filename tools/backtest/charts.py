"""The plots of a backtest, as SVG: no axis without its unit, no share without its interval."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from common.times import iso
from signals.series import Asset
from signals.signal import Signal
from tools.backtest.report import HorizonReport

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_POINTS = 900
Scale = Callable[[float], float]


def held(horizons: Sequence[HorizonReport], colour: str) -> str:
    """Rows of horizons: share with interval as a dot and a bar, the base rate as a tick."""
    x = _scale(0, 1, 44, 330)
    body = [_vertical(x(share), 8, 218, f"{100 * share:.0f} %") for share in SHARES]
    for place, one in enumerate(horizons):
        y, told = 38 + 66 * place, one.record
        body.append(f"<text x=0 y={y + 4}>{one.horizon // 3600} h</text>")
        if told.share is None or told.interval is None:
            body.append(f"<text x={x(0.02)} y={y + 4}>none judged</text>")
            continue
        low, high, base = x(told.interval[0]), x(told.interval[1]), x(told.base_rate)
        body.append(
            f"<line x1={low} x2={high} y1={y} y2={y} stroke='{colour}' stroke-width=8"
            f" stroke-linecap=round opacity=.3 /><circle cx={x(told.share)} cy={y} r=6"
            f" fill='{colour}'><title>{told.hits} of {told.n}</title></circle>"
            f"<text x={max(low, x(0.03))} y={y - 13}>{told.hits:,} of {told.n:,}</text>"
        )
        if one.controls:
            body.append(
                f"<line x1={base} x2={base} y1={y - 14} y2={y + 14} stroke='#0f172a'"
                " stroke-width=2 />"
            )
    body.append(f"<text x={x(0)} y=252>bar: 95 % interval; black line: without a signal</text>")
    return svg(340, 258, body)


def reliability(one: HorizonReport, colour: str) -> str:
    """A curve on the diagonal means: the probability is what it says."""
    x, y = _scale(0, 1, 34, 244), _scale(0, 1, 218, 8)
    body = [_vertical(x(share), 8, 218, f"{100 * share:.0f} %") for share in SHARES]
    body += [
        f"<line x1={x(0)} x2={x(1)} y1={y(share)} y2={y(share)} stroke='#e2e8f0' />"
        f"<text x=28 y={y(share) + 4} text-anchor=end>{100 * share:.0f}</text>"
        for share in SHARES
    ]
    body.append(f"<line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} stroke='#94a3b8'"
                " stroke-dasharray='4 4' />")  # fmt: skip
    told = one.record
    for point in told.reliability if told.basis == "issued" else ():
        low, high = point.interval
        size = min(3 + math.sqrt(point.n) / 3, 10)
        body.append(
            f"<line x1={x(point.p)} x2={x(point.p)} y1={y(low)} y2={y(high)} stroke='{colour}'"
            f" stroke-width=2 opacity=.4 /><circle cx={x(point.p)} cy={y(point.share)} r={size:.1f}"
            f" fill='{colour}'><title>{point.n} signals</title></circle>"
        )
    if told.basis == "issued" and told.skill is not None:
        said = f"Brier {told.brier:.3f}, skill {told.skill:+.2f}, {told.n_scored} signals"
    else:
        said = "too few signals had a probability"
    body.append(f"<text x={x(0)} y=252>{said}</text>")
    return svg(252, 258, body)


def returns(horizons: Sequence[HorizonReport], colour: str) -> str:
    """Boxes of the middle half with whiskers to 5 and 95 %."""
    told = [one for one in horizons if one.returns]
    most = max((abs(v) for one in told for v in one.returns.values()), default=0.01)
    x = _scale(-most, most, 44, 330)
    body = [
        _vertical(x(share * most), 8, 218, f"{100 * share * most:+.0f} %" if share else "0 %")
        for share in (-1, -0.5, 0, 0.5, 1)
    ]
    body.append(f"<line x1={x(0)} x2={x(0)} y1=8 y2=218 stroke='#94a3b8' />")
    for place, one in enumerate(horizons):
        y = 38 + 66 * place
        body.append(f"<text x=0 y={y + 4}>{one.horizon // 3600} h</text>")
        if one.returns:
            least, low, middle, high, top = map(x, one.returns.values())
            body.append(
                f"<line x1={least} x2={top} y1={y} y2={y} stroke='{colour}' opacity=.5 />"
                f"<rect x={low} y={y - 13} width={max(high - low, 1):.1f} height=26 rx=3"
                f" fill='{colour}' opacity=.25 /><line x1={middle} x2={middle} y1={y - 13}"
                f" y2={y + 13} stroke='{colour}' stroke-width=2.5 />"
            )
    body.append(f"<text x={x(-most)} y=252>line: 5 to 95 %, box: middle half, bar: median</text>")
    return svg(340, 258, body)


def prices(asset: Asset, signals: Sequence[Signal], colours: Mapping[str, str]) -> str:
    """The price of an asset on a log scale, its signals marked by type and direction."""
    points = _thinned([(one.time, one.price) for one in asset.prices])
    first, last = points[0][0], points[-1][0]
    low, high = min(p for _, p in points), max(p for _, p in points)
    room = math.log(high / low) * 0.08 or 0.01
    x = _scale(first, last, 56, 1064)
    y = _scale(math.log(low) - room, math.log(high) + room, 190, 10)
    path = " ".join(f"{x(time)},{y(math.log(price))}" for time, price in points)
    body = []
    for share in (0.0, 0.5, 1.0):
        price = low * (high / low) ** share
        level = y(math.log(price))
        body.append(
            f"<line x1=56 x2=1064 y1={level} y2={level} stroke='#e2e8f0' />"
            f"<text x=50 y={level + 4} text-anchor=end>{price:,.4g}</text>"
        )
    for step in range(5):
        time = first + (last - first) * step / 4
        body.append(f"<text x={x(time)} y=210 text-anchor=middle>{iso(time)[:10]}</text>")
    body.append(f"<polyline points='{path}' fill=none stroke='#475569' stroke-width=1.2 />")
    known = {one.time: one.price for one in asset.prices}
    for one in signals:
        if one.created_at in known:
            across, up = x(one.created_at), one.direction == "up"
            down = y(math.log(known[one.created_at])) + (-9 if up else 9)
            tip = -8 if up else 8
            body.append(
                f"<path d='M{across} {down + tip}l5 {-tip}h-10z' fill='{colours[one.type]}'>"
                f"<title>{iso(one.created_at)} {escape(one.clause)}</title></path>"
            )
    return svg(1080, 216, body)


def _thinned(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return the lowest and the highest point of each stretch, in the order of time."""
    size = max(1, len(points) * 2 // MOST_POINTS)
    kept: list[tuple[int, float]] = []
    for start in range(0, len(points), size):
        some = points[start : start + size]
        ends = {min(some, key=lambda one: one[1]), max(some, key=lambda one: one[1])}
        kept += sorted(ends)
    return kept


def _scale(low: float, high: float, start: float, end: float) -> Scale:
    """Return what places a value between two pixels, to a tenth."""
    return lambda value: round(start + (value - low) / (high - low) * (end - start), 1)


def _vertical(x: float, top: float, bottom: float, label: str) -> str:
    return (
        f"<line x1={x} x2={x} y1={top} y2={bottom} stroke='#e2e8f0' />"
        f"<text x={x} y={bottom + 15} text-anchor=middle>{label}</text>"
    )


def svg(width: int, height: int, body: Iterable[str]) -> str:
    """Return a drawing that takes the width it is given."""
    return f"<svg viewBox='0 0 {width} {height}' role=img>{''.join(body)}</svg>"
