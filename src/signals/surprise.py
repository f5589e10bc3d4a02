"""Surprise: a score in [0, 1] of how unusual each point of any series of numbers is.

Six streams are derived from the value: itself, a short mean (5 points), a
median (11), the deviations from a middling (20) and a long mean (300), and the
mean absolute deviation of the short mean (5). The range seen so far of each is
cut into 5 and into 9 equal cells. Seven pairs of streams (one of them the value
and the value before it) make maps of cells. A point that enters a cell of a map
for the first time is new there:

    s_map = -log10 max(p, r)     p = (cells seen once + 1) / (points + 2): Good-Turing's
                                 probability that the next point is new
                                 r: recent rate of new cells in this map, exponential
    s = sqrt(sum of s_map^2)     over the fourteen maps
    score = s / (s + 4.1)        if s beats the held peak, else 0
    peak = 1.2 s, then * 0.995 a point

When a range grows or shrinks, what was seen moves to the cells of the new range
(surprise_cells). A value counts as at most one width of the range outside it, so
a single absurd one doubles the range at most. Ranges forget slowly, and so do
maps. Indifferent to unit, offset, direction and epoch; it counts points, so
uneven spacing in time is not seen.

Wrong when what is unusual was there before (a shape is new only once), when the
anomaly is a place in a season rather than a shape, and in its first dozens of
points, when nothing is new enough to be said. White noise, a random walk or a
daily wave with noise alarm once or twice in 1,000 points, more rarely with
experience. After a stretch k times as wild, an ordinary anomaly hides for about
10,000 ln k points; an absurd second value hides everything for longer.

About 8 µs a point. New cells as evidence: Smirnov's CAD-OSE, a detector of the
Numenta Anomaly Benchmark (Lavin and Ahmad 2015); p: Good, Biometrika (1953).
"""

import math

import msgspec

from signals.surprise_cells import EDGE, Span, move_columns, move_rows, moves

THRESHOLD = 0.5  # alarm at this score and above

SHORT, MIDDLING, LONG, MEDIAN = 5, 20, 300, 11  # points
VALUE, MEAN, MIDDLE, NEAR, FAR, SWING, BEFORE = range(7)  # the streams; BEFORE: the last VALUE
PAIRS = (
    (VALUE, BEFORE),
    (VALUE, FAR),
    (MEAN, SWING),
    (FAR, SWING),
    (MIDDLE, SWING),
    (NEAR, FAR),
    (MEAN, MIDDLE),
)
COARSE, FINE = 5, 9  # cells of a range; odd, so that a mirrored series has mirrored cells
CELLS = COARSE**2 + FINE**2
MAPS = tuple((one, other, number * CELLS) for number, (one, other) in enumerate(PAIRS))
FORGET = bytes((0, 0, 1)) + bytes(range(3, 256))
LARGEST = 1e300  # beyond it a range could overflow


class Params(msgspec.Struct, frozen=True):
    """Ratios, and memories in points.

    `growth`: how many widths outside the range a value counts as, at most;
    `fade`: the part of the way to the value that the ends of a range go at a
    point; `tight`: cells are cut anew when the range has shrunk to this part;
    `recent`: memory of the rate of new cells; `hold` and `beat`: the peak's
    decay a point and by how much it must be beaten; `forget`: every so many
    points each cell loses one count, so what was not seen again for twice as
    many is new again; `even`: the raw score that becomes 0.5, fitted once.
    """

    growth: float = 1.0
    fade: float = 0.0001
    tight: float = 0.5
    recent: float = 30.0
    hold: float = 0.995
    beat: float = 1.2
    forget: int = 20_000
    even: float = 4.1


class State(msgspec.Struct, array_like=True):
    """What is stored of a series: bounded, about 2 KB as JSON.

    `seen` holds for every cell of every map 0 (new), 1 (once) or 2 (more often);
    `quiet` for every map the count of points at which its rate of new cells was
    or would have been 1.
    """

    time: int = 0
    count: int = 0
    peak: float = 0.0
    last: list[float] = []
    means: list[float] = []
    spans: list[Span] = []
    before: list[int] = []
    quiet: list[int] = []
    seen: bytearray = bytearray()


PARAMS = Params()


def copy(state: State) -> State:
    """Return a state to use up, for who needs the one it has."""
    return State(
        state.time, state.count, state.peak, [*state.last], [*state.means],
        [Span(one.low, one.high, one.middle, one.half) for one in state.spans],
        [*state.before], [*state.quiet], bytearray(state.seen),
    )  # fmt: skip


def width(state: State) -> float:
    """Return how wide the range of values seen so far is."""
    return state.spans[VALUE].high - state.spans[VALUE].low if state.spans else 0.0


def step(state: State, time: int, value: float, params: Params = PARAMS) -> tuple[State, float]:
    """Return the state after a point and the point's score; the state given is used up.

    A value that is no finite number, and a time that is not after the last, are
    ignored: score 0, state as it was.
    """
    if not abs(value) <= LARGEST or (state.count and time <= state.time):
        return state, 0.0
    if not state.count:
        _begin(state, value)
    streams = _derive(state, _believe(state, value, params))
    coarse, fine = [], []
    for number, at in enumerate(streams):
        place = _place(state, number, at, params)
        coarse.append(round(place * (COARSE / 2)) + COARSE // 2)
        fine.append(round(place * (FINE / 2)) + FINE // 2)
    coarse.append(state.before[0])
    fine.append(state.before[1])
    total = 0.0
    seen = state.seen
    for number, (one, other, start) in enumerate(MAPS):
        index = start + coarse[one] * COARSE + coarse[other]
        if seen[index] < 2:
            if not seen[index]:
                total += _surprise(state, 2 * number, start, COARSE, params)
            seen[index] += 1
        index = start + COARSE * COARSE + fine[one] * FINE + fine[other]
        if seen[index] < 2:
            if not seen[index]:
                total += _surprise(state, 2 * number + 1, start + COARSE * COARSE, FINE, params)
            seen[index] += 1
    state.time = time
    state.count += 1
    state.before = [coarse[VALUE], fine[VALUE]]
    if state.count % params.forget == 0:
        state.seen = seen.translate(FORGET)
    raw, state.peak = math.sqrt(total), state.peak * params.hold
    if raw <= state.peak:
        return state, 0.0
    state.peak = params.beat * raw
    return state, raw / (raw + params.even)


def _begin(state: State, value: float) -> None:
    state.means = [value, value, value, 0.0]
    state.spans = [Span(at, at, at, 0.0) for at in (value, value, value, 0.0, 0.0, 0.0)]
    state.before = [COARSE // 2, FINE // 2]
    state.quiet = [0] * (2 * len(PAIRS))
    state.seen = bytearray(len(PAIRS) * CELLS)


def _believe(state: State, value: float, params: Params) -> float:
    """Return the value, or the outermost one believed so far from the range seen."""
    span = state.spans[VALUE]
    reach = (span.high - span.low) * params.growth
    if not reach:  # constant so far: for long, then its level is the only scale there is
        reach = (abs(span.low) if state.count > MEDIAN else 0.0) or math.inf
    return max(span.low - reach, min(value, span.high + reach))


def _derive(state: State, value: float) -> tuple[float, ...]:
    """Return the six streams at this value."""
    last = state.last
    last.append(value)
    if len(last) > MEDIAN:
        del last[0]
    ordered, half = sorted(last), len(last) // 2
    short, middling, long, swing = state.means
    near, far = value - middling, value - long
    count = state.count + 1
    swing += (abs(value - short) - swing) / min(count, SHORT)
    short += (value - short) / min(count, SHORT)
    middling += near / min(count, MIDDLING)
    long += far / min(count, LONG)
    state.means = [short, middling, long, swing]
    return value, short, (ordered[half] + ordered[~half]) / 2, near, far, swing


def _place(state: State, number: int, at: float, params: Params) -> float:
    """Return where in its range a stream is, from -1 to 1; the range takes it in and is cut."""
    span = state.spans[number]
    span.low = at if at < span.low else span.low + (at - span.low) * params.fade
    span.high = at if at > span.high else span.high + (at - span.high) * params.fade
    if span.high - span.low < 2 * span.half * params.tight:
        _cut(state, number, span.low, span.high)
    elif abs(at - span.middle) > span.half:
        low, high = span.middle - span.half, span.middle + span.half
        _cut(state, number, min(low, at), max(high, at))
    span = state.spans[number]
    if not span.half:
        return 0.0
    # Of a range a few roundings wide, the middle is rounded too.
    return max(-1.0, min((at - span.middle) / span.half, 1.0)) * EDGE


def _surprise(state: State, number: int, start: int, cells: int, params: Params) -> float:
    """Return the squared surprise at a new cell in a map, and count it in the map's rate."""
    count, recent = state.count, params.recent
    once = state.seen.count(1, start, start + cells * cells)
    rate = math.exp((state.quiet[number] - count) / recent)
    after = rate + (1 - rate) / recent
    state.quiet[number] = count + 1 + round(recent * math.log(after))
    return math.log10(max((once + 1) / (min(count, 2 * params.forget) + 2), rate)) ** 2


def _cut(state: State, number: int, low: float, high: float) -> None:
    """Cut a stream's range anew and move what was seen to the cells where it lies now."""
    old = state.spans[number]
    new = state.spans[number] = Span(old.low, old.high, (low + high) / 2, (high - low) / 2)
    for part, cells in enumerate((COARSE, FINE)):
        how = moves(old, new, cells)
        if how is None:
            continue
        for one, other, start in MAPS:
            at = start + part * COARSE**2
            if one == number:
                move_rows(state.seen, at, cells, how)
            if other == number or (other == BEFORE and number == VALUE):
                move_columns(state.seen, at, cells, how)
        if number == VALUE:
            state.before[part] = how.target[state.before[part]]
