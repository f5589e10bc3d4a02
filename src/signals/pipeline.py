"""A tick of detection: load states and new points, step, store, publish; then judge.

States, signals, events and outbox are one transaction, a run. Each run follows
from the one before it: of two at once the second fails whole and starts anew
from what the first stored, so nothing is found twice and the log has one order.
A Worker that dies leaves nothing half done, and the next run goes on from there.
Series without a state, whose whole past is to be read, are taken a few at a run.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from common.database import Database
from common.errors import Conflict
from common.log import Logger
from common.times import iso
from signals import engine, events, ledger, market, series
from signals.delivery.sending import unfailing
from signals.detectors.base import Detector
from signals.engine import Ended, Fired
from signals.judging import calibrate, judge
from signals.publish import Hub, publish
from signals.signal import build, pending, record
from signals.store import judging, points, results, states
from signals.store.readings import add_history, load_readings
from signals.store.results import Run
from signals.store.states import Loaded

ATTEMPTS = 5
MOST_ROUNDS = 15  # runs of detection in a tick; what is left comes at the next
Done = TypeVar("Done")


class Summary(NamedTuple):
    """What a tick did."""

    series: int
    signals: int
    ended: int
    rows_written: int
    published: int


class Round(NamedTuple):
    """A tick, the one that was detected before it, and series that were read whole already."""

    tick: int
    before: int
    tried: frozenset[str]


class Detected(NamedTuple):
    """What a run of detection did; `fresh` are the series that it read whole."""

    series: int
    signals: int
    ended: int
    rows_written: int
    fresh: frozenset[str]

    def and_then(self, other: "Detected") -> "Detected":
        """Return what this run and a further one of the same tick did."""
        return Detected(
            max(self.series, other.series), self.signals + other.signals,
            self.ended + other.ended, self.rows_written + other.rows_written, other.fresh,
        )  # fmt: skip


class New(NamedTuple):
    """What there is to step over: states, new points, the market's new levels, numbers by key."""

    loaded: Loaded
    inputs: series.Inputs
    levels: list[market.Level]
    numbers: dict[str, int]


async def detect(
    tick: int, now: int, detectors: Sequence[Detector], database: Database, hub: Hub, log: Logger,
    deliver: Callable[[], Awaitable[object]] | None = None,
) -> Summary:  # fmt: skip
    """Run every detector up to `tick`; the same tick again finds nothing new.

    `deliver` sends webhooks of what was published.
    """
    before = (await results.last_run(database)).tick
    done, tried = Detected(0, 0, 0, 0, frozenset()), frozenset[str]()
    for _ in range(MOST_ROUNDS):
        work = partial(_detect, Round(tick, before, tried), detectors, database, log)
        one = await following(database, work)
        done = done.and_then(one)
        if not one.fresh:
            break
        tried |= one.fresh
    published = await publish(database, hub, now)
    if deliver is not None:
        await unfailing(deliver, log)
    log(
        "info", "detected", tick=iso(tick), series=done.series, signals=done.signals,
        ended=done.ended, rows_written=done.rows_written, published=published,
    )  # fmt: skip
    await following(database, lambda run: judge(tick, run, detectors, database, log))
    await following(database, lambda run: calibrate(tick, run, detectors, database, log))
    return Summary(done.series, done.signals, done.ended, done.rows_written, published)


async def following(database: Database, work: Callable[[Run], Awaitable[Done]]) -> Done:
    """Do work that follows from the last run, anew when another run came in between.

    Raises Conflict when that happens again and again.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return await work(await results.last_run(database))
        except Conflict:
            continue
    return await work(await results.last_run(database))


async def _detect(
    at: Round, detectors: Sequence[Detector], database: Database, log: Logger, last: Run
) -> Detected:
    tick = at.tick
    new = await _load(at, last, detectors, database)
    for row in new.loaded.broken:
        log("error", "unreadable, left out; a state is rebuilt from history", row=row)
    result = engine.run(detectors, new.inputs, new.loaded.states, tick)
    for name, key in result.broken:
        log("error", "a state is damaged and will be built anew", detector=name, series=key)
    fired, ended = await _news(database, at.before, last, new.loaded, result)
    agreed = await results.load_agreed(database, fired) if fired else {}
    types = sorted({one.detector.name for one in fired})
    in_use = (await judging.load_calibrations(database, types)).calibrations if fired else {}
    signals = [
        build(one, agreed.get((one.series.asset_id, one.tick)), in_use, tick) for one in fired
    ]
    happened = [one.created_at for one in signals] or [tick]
    known = await results.load_events(database, min(happened)) if signals or ended else []
    changed, placed = events.combine(known, signals, ended)
    bodies = [ledger.body("fired", record(one)) for one in placed]
    bodies += [ledger.body("ended", {"id": one.signal_id, "at": one.tick}) for one in ended]
    entries = ledger.chain(last.head, bodies)
    summary = {
        "series": {name: len(found) for name, found in new.inputs.items()},
        "learning": _learning(new.loaded.states, detectors, result.changed),
        "signals": len(placed), "ended": len(ended),
    }  # fmt: skip
    due = [row for one, signal in zip(fired, signals, strict=True) for row in pending(one, signal)]
    batch = [
        *states.save_states(
            tick, detectors, new.numbers, new.loaded, result.changed, result.broken
        ),
        *results.save_results(tick, new.levels, placed, ended, changed, due),
    ]
    if tick > last.tick or entries or any(result.changed.values()):
        batch += results.save_run(last, tick, entries, summary)
    written = await database.batch(batch)
    for signal in placed:
        log("info", "signal", id=signal.id, explanation=signal.explanation)
    return Detected(len(new.numbers), len(placed), len(ended), written, new.loaded.fresh)


async def _load(at: Round, last: Run, detectors: Sequence[Detector], database: Database) -> New:
    tick = at.tick
    slow = [one for one in detectors if one.input == "readings"]
    readings = {
        kind: await load_readings(database, kind, last.tick or tick - 1, tick)
        for kind in sorted({kind for one in slow for kind in one.kinds})
    }
    woken = [
        one
        for one in detectors
        if one.input != "readings"
        or any(readings[kind] for kind in one.kinds)
        # Now and then even when nothing comes any more: events of the silent are over.
        or tick // one.trigger.silence > last.tick // one.trigger.silence
    ]
    loaded = await states.load_states(database, woken)
    for one in detectors:
        loaded.states.setdefault(one.name, {})
    await add_history(database, readings, tick, woken, loaded)
    marks = points.watermarks(loaded, detectors, tick)
    assets = await points.load_assets(database, tick, marks, loaded, at.tried)
    refused = await points.load_refused(database, last.tick, tick)
    since = min((one.prices[0].time for one in assets if one.prices), default=tick)
    of_prices = [one.name for one in detectors if one.input == "market"]
    if any(series.MARKET not in loaded.states[name] for name in of_prices):
        since = min(since, tick - points.HISTORY_SECONDS)
    known, last_level = await points.load_levels(database, since - market.QUARTER)
    inputs, levels = series.inputs_of(assets, readings, refused, known, last_level)
    numbers = {one.key: one.number for some in inputs.values() for one in some}
    numbers |= {one.asset_id: one.number for one in assets}
    return New(loaded, inputs, levels, numbers)


async def _news(
    database: Database, before: int, last: Run, loaded: Loaded, result: engine.Result
) -> tuple[list[Fired], list[Ended]]:
    """Return what fired and was never told, and which told signals are over.

    A state that is rebuilt finds again what was found before it. What comes late
    for a series with a state is new, and so is the past of one that was never watched.
    """
    fired = [one for one in result.fired if one.tick > before or _is_first(one, loaded)]
    doubtful = [one.signal_id for one in fired if one.tick <= last.tick]
    ids = doubtful + [one.signal_id for one in result.ended]
    stored = await results.load_stored(database, ids)
    fired = [one for one in fired if one.signal_id not in stored]
    is_open = stored | {one.signal_id: True for one in fired}
    return fired, [one for one in result.ended if is_open.get(one.signal_id)]


def _is_first(fired: Fired, loaded: Loaded) -> bool:
    series, known = fired.series, loaded.states[fired.detector.name]
    return series.key in known or not loaded.was_watched(series.key, series.number)


def _learning(
    known: engine.States, detectors: Sequence[Detector], changed: engine.States
) -> dict[str, list[int]]:
    """Return for how many series each detector that ran is ready, and of how many it learns."""
    told = {}
    for one in detectors:
        if kept := {**known.get(one.name, {}), **changed[one.name]}:
            learning = sum(one.learning(each.state) > 0 for each in kept.values())
            told[one.name] = [len(kept) - learning, learning]
    return told
