"""A tick of detection: load states and new points, step, store, publish."""

from collections.abc import Sequence
from typing import NamedTuple

from common.database import Database
from common.log import Logger
from common.times import iso
from signals import engine, store
from signals.detectors.base import Detector
from signals.publish import Hub, publish
from signals.signal import build


class Summary(NamedTuple):
    """What a tick did."""

    series: int
    signals: int
    rows_written: int
    published: int


async def detect(
    tick: int, now: int, detectors: Sequence[Detector], database: Database, hub: Hub, log: Logger
) -> Summary:
    """Run every detector up to `tick`; the same tick again finds nothing new.

    States, signals and outbox are one transaction: a Worker that dies in
    between leaves nothing half done, and the next run continues from there.
    """
    loaded = await store.load_states(database, detectors)
    marks = store.watermarks(loaded, detectors)
    series = await store.load_series(database, tick, marks, loaded)
    for row in loaded.broken:
        log("error", "unreadable, left out; a state is rebuilt from history", row=row)
    found, changed = engine.run(detectors, series, loaded.states)
    signals = [build(one) for one in found]
    written = await database.batch(
        store.save(tick, detectors, series, loaded.states, changed, signals)
    )
    for signal in signals:
        log("info", "signal", id=signal.id, explanation=signal.explanation)
    published = await publish(database, hub, now)
    log(
        "info", "detected", tick=iso(tick), series=len(series), signals=len(signals),
        rows_written=written, published=published,
    )  # fmt: skip
    return Summary(len(series), len(signals), written, published)
