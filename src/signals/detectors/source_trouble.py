"""Source trouble: what the sources say of an asset cannot all be right.

stale     a source repeats price and stamp although it usually has something new:
              score = -k ln(q) / ln(1 / 0.003)      k: whole ticks without news
          q is how often its silences begin for this asset, per tick: the event is
          one that begins less often than 3 times in 1,000 ticks, or lasts longer.
          A source that is silent at more than every 20th tick (a thin venue) is
          never called stale, one without stamps of its own (its time is always
          the tick's), whose price may repeat by chance, not after a single tick.
disagree  a source is away from the median of the others:
              x = ln(p / median of the others)
              score = x / max(1 %, 6 s)             s: robust sigma of x around 0
          With two sources nobody can say which is wrong, so the pair is named.

The worse of the two is the score; stale counts as down, disagree by its side. A
source has news when its stamp is newer or its price differs. An absent source
is not stale: it says nothing, and what is known of it waits. What is wrong with
a source for most assets at once (`troubled`) is not told for each of them: it
counts as absent here.

Wrong when an asset is halted everywhere, and when a source takes another asset
for this one (that disagrees until it is usual, within two weeks, or for ever
beyond 38 %); blind to a source that was off from the start. "learning" until a
source was heard `learn` times; a single tick without news is only rare enough
after a day of news. About 4 µs a source and point. Heartbeat and deviation are
what price feeds of oracles are judged by (Chainlink); the robust sigma is
Huber's, Robust Statistics (1981).
"""

import math
from statistics import median
from typing import NamedTuple

import msgspec

from signals.claims import MOVES_ON
from signals.detectors.base import (
    Detector,
    Finding,
    Measured,
    Scale,
    SourceQuote,
    SourcesPoint,
    Statistic,
    percent,
)
from signals.trigger import Trigger

TICK = 900


class Params(msgspec.Struct, frozen=True):
    """Probabilities, log distances, sigmas, times in seconds, counts of ticks."""

    rare: float = 0.003
    most_silent: float = 0.05
    prior: float = 0.25  # silences that a source without any is credited with
    smallest: float = 0.01
    sigmas: float = 6.0
    learn: int = 24
    scale: Scale = Scale(floor=0.0001, ceiling=0.05, memory=672)
    longest_gap: int = 6 * 3600
    forgotten: int = 7 * 86_400
    most_sources: int = 10


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a source: its last quote, first seen at `since`, and what is usual.

    `silent` is the share of ticks without news, `begins` that of ticks at which
    a silence begins, `apart` the mean |x|.
    """

    source: str
    price: float
    observed_at: int
    since: int
    stamped: bool
    seen: int = 0
    silent: float = 0.0
    begins: float = 0.0
    apart: float = 0.0


class State(msgspec.Struct, frozen=True, array_like=True):
    """The last point's time and what is known of each source, by name."""

    time: int = 0
    sources: tuple[Known, ...] = ()


PARAMS = Params()


class Seen(NamedTuple):
    """What a quote amounts to; `score` is the worse of the two, `limit` that of `apart`."""

    quote: SourceQuote
    known: Known
    news: bool
    begins: bool
    ticks: int
    needed: float
    apart: float
    limit: float
    stale: float
    disagree: float

    @property
    def score(self) -> float:
        """The worse of both reasons, with its sign."""
        return -self.stale if self.stale >= abs(self.disagree) else self.disagree


def step(state: State, point: SourcesPoint, params: Params = PARAMS) -> tuple[State, float]:
    """Take the next point. One out of order, or without a usable price, changes nothing."""
    seen = _measure(state, point, params)
    if not seen:
        return state, 0.0
    heard = {one.known.source: _learned(one, point.time, params) for one in seen}
    for known in state.sources:
        if known.source not in heard and point.time - known.since < params.forgotten:
            heard[known.source] = known
    kept = sorted(heard.values(), key=lambda one: (-one.since, one.source))[: params.most_sources]
    score = max((one.score for one in seen), key=abs)
    return State(point.time, tuple(sorted(kept, key=lambda one: one.source))), score


def _measure(state: State, point: SourcesPoint, params: Params) -> list[Seen]:
    quotes = [
        one for one in point.quotes if 0 < one.price < math.inf and one.source not in point.troubled
    ]
    if point.time <= state.time or not quotes:
        return []
    before = {known.source: known for known in state.sources}
    if point.time - state.time > params.longest_gap:
        before = {n: msgspec.structs.replace(k, since=point.time) for n, k in before.items()}
    logs = [math.log(one.price) for one in quotes]
    found = []
    for place, quote in enumerate(quotes):
        known = before.get(quote.source)
        stamped = quote.observed_at != point.time or (known is not None and known.stamped)
        if known is None:
            known = Known(quote.source, quote.price, quote.observed_at, point.time, stamped)
        news = quote.price != known.price or (stamped and quote.observed_at > known.observed_at)
        ticks = 0 if news else (point.time - known.since) // TICK
        begins = ticks > 0 and state.time - known.since < TICK
        usual = (known.begins * known.seen + params.prior) / (known.seen + 1)
        needed = max(math.log(params.rare) / math.log(usual), 1.0 if stamped else 2.0)
        stale = ticks / needed if known.silent <= params.most_silent else 0.0
        others = logs[:place] + logs[place + 1 :]
        apart = logs[place] - median(others) if others else 0.0
        limit = max(params.smallest, params.sigmas * params.scale.sigma(known.apart))
        learned = known.seen >= params.learn
        found.append(
            Seen(
                quote, known, news, begins, ticks, needed, apart, limit,
                stale if learned else 0.0, apart / limit if learned else 0.0,
            )
        )  # fmt: skip
    return found


def _learned(one: Seen, time: int, params: Params) -> Known:
    known = one.known
    silent, begins = known.silent, known.begins
    if one.news or (one.ticks and one.stale < 1):  # a silence that is an event is not usual
        gain = 1 / min(known.seen + 1, params.scale.memory)
        silent += ((not one.news) - silent) * gain
        begins += (one.begins - begins) * gain
    return Known(
        source=known.source,
        price=one.quote.price,
        observed_at=max(one.quote.observed_at, known.observed_at),
        since=time if one.news else known.since,
        stamped=known.stamped or one.quote.observed_at != time,
        seen=min(known.seen + 1, params.scale.memory),
        silent=round(silent, 5),
        begins=round(begins, 5),
        apart=round(params.scale.update(known.apart, one.apart, known.seen), 6),
    )


def find(state: State, point: SourcesPoint, params: Params = PARAMS) -> Finding:
    """Return the evidence for the score that `step` gives for the same state and point."""
    seen = _measure(state, point, params)
    worst = max(seen, key=lambda one: abs(one.score))
    sigma = params.scale.sigma(worst.known.apart)
    still = point.time - worst.known.since if not worst.news else 0
    context = {
        "gap": math.expm1(worst.apart),
        "usual_gap": sigma,
        "age": float(point.time - max(worst.quote.observed_at, worst.known.observed_at)),
        "usually_new": 1 - worst.known.silent,
        "sources": float(len(seen)),
    }
    if worst.score == -worst.stale:
        names = [one.quote.source for one in seen if one.stale >= 1]
        return Finding(
            direction="down",
            measured=Measured("time_without_news", still / 60, "min"),
            window_seconds=still,
            statistic=Statistic("ticks without news", float(worst.ticks), worst.needed),
            context=context,
            labels={"trouble": "stale", "source": " and ".join(names)},
        )
    pair = [one.quote.source for one in seen] if len(seen) == 2 else [worst.quote.source]
    return Finding(
        direction="up" if worst.apart > 0 else "down",
        measured=Measured("gap", math.expm1(worst.apart), "1"),
        window_seconds=TICK,
        statistic=Statistic("distance in sigmas", worst.apart / sigma, worst.limit / sigma),
        context=context,
        labels={"trouble": "disagree", "source": " and ".join(pair)},
    )


def learning(state: State) -> int:
    """Return how many points are still needed before any source's quote can be judged."""
    return max(0, PARAMS.learn - max((known.seen for known in state.sources), default=0))


def explain(symbol: str, finding: Finding) -> str:
    """Return the sentence of a source's trouble."""
    of, value, context = finding.labels, finding.statistic.value, finding.context
    if of["trouble"] == "stale":
        return (
            f"{symbol} stands still at {of['source']}: no news for {finding.measured.value:.0f} min"
            f" (usually {context['usually_new'] * 100:.1f} % of ticks bring some;"
            f" {value:.0f} missed, {context['sources']:.0f} sources heard)"
        )
    return (
        f"{symbol} at {of['source']}: {percent(finding.measured.value)} apart, {abs(value):.0f}"
        f" times the usual {context['usual_gap'] * 100:.2f} % ({context['sources']:.0f} sources)"
    )


DETECTOR = Detector(
    name="source_trouble",
    version=1,
    input="sources",
    state=State,
    step=step,
    find=find,
    learning=learning,
    explain=explain,
    trigger=Trigger(),
    claim=MOVES_ON,
)
