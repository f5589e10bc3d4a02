"""A tick of collection: plan what is due, gather it, store it, record it.

One bad row is skipped and counted, one bad source is marked degraded while
the others go on; whatever a source gave is stored even when it then failed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from collection.budget import LocalMeter, Meter, Wish
from collection.fetch import Fetch, Slots
from collection.gather import Gatherer
from collection.history import collect_history
from collection.plan import Largest, Plan, plan
from collection.run import Collected, Run
from collection.save import Save
from collection.source import Source
from collection.store import prices, runs
from common.database import Database
from common.errors import Retryable
from common.log import Logger
from common.ports import Bucket, Clock, Sleep
from common.settings import Settings
from common.times import iso

MOST_LARGEST = 500  # assets that other sources are asked about
# Feeds that users added: so many in a tick, so many at once, and none begun
# when the tick has taken this long.
MOST_FEEDS, FEEDS_AT_ONCE, FEED_SECONDS = 60, 3, 240.0


class Ports(NamedTuple):
    """The outside of a tick. `keys` are the providers' keys by the name a source declares.

    `guarded` fetches the addresses that users gave.
    """

    database: Database
    raw: Bucket
    fetch: Fetch
    guarded: Fetch
    meter: Meter
    clock: Clock
    sleep: Sleep
    log: Logger
    settings: Settings
    keys: Mapping[str, str]


class Summary(NamedTuple):
    """What a tick did: runs by source, rows written in D1, assets still without history."""

    runs: list[Run]
    rows_written: int
    history_missing: int


async def collect(tick: int, sources: Sequence[Source], ports: Ports) -> Summary:
    """Collect everything that is due at `tick` (epoch seconds, the cron's scheduled time)."""
    began = ports.clock()
    written = await ports.database.batch(runs.register_sources(sources))
    plans = await _plans(tick, sources, ports)
    save = _save(tick, sources, ports)
    ours = [one for one in plans if not one.source.guarded]
    slots = await _reserve(ours, ports)
    gathered = await _gather(ours, slots, tick, ports)
    written += await save.everything(gathered)
    history = await collect_history(tick, gathered, ports)
    await _release(ours, slots, ports)
    asked = [one for one, its in zip(gathered, ours, strict=True) if its.works or its.off]
    written += history.rows_written + await _record(tick, asked, ports)
    # What users added comes when everything else is stored, a few at a time.
    feeds = [one for one in plans if one.source.guarded][:MOST_FEEDS]
    for start in range(0, len(feeds), FEEDS_AT_ONCE):
        if ports.clock() - began > FEED_SECONDS:
            break  # they stay due, and the next tick begins with them
        some = feeds[start : start + FEEDS_AT_ONCE]
        slots = await _reserve(some, ports)
        found = await _gather(some, slots, tick, ports)
        await _release(some, slots, ports)
        written += await save.everything(found)
        written += await _record(tick, found, ports)
        asked += found
    return Summary([one.run for one in asked], written, history.missing)


async def replay(tick: int, sources: Sequence[Source], ports: Ports) -> Summary:
    """Do again with the kept bodies of `tick` what was to be done then; ask no provider.

    A source whose bodies do not make up for what it lacked stays degraded.
    """
    written = await ports.database.batch(runs.register_sources(sources))
    lacked = await runs.lacked(ports.database, tick)
    save, gatherer = _save(tick, sources, ports), _gatherer(ports)
    replayed: list[Collected] = []
    # One by one, for their bodies together would be too many; who names the assets comes first.
    for source in sorted(sources, key=lambda one: (one.coverage != "aggregate", one.name)):
        one = await gatherer.replay(source, tick)
        if one.rows or one.succeeded or one.run.state != "ok":
            reason = lacked.get(source.name, "")
            whole = {"not stored", "store", *(name for name, _ in one.succeeded)}
            if reason and reason.partition(":")[0] not in whole:
                one.run.degrade(reason)
            written += await save.everything([one])
            replayed.append(one)
    written += await _record(tick, replayed, ports)
    return Summary([one.run for one in replayed], written, 0)


def _save(tick: int, sources: Sequence[Source], ports: Ports) -> Save:
    coverage = {one.name: one.coverage for one in sources if one.coverage}
    return Save(ports.database, ports.log, tick, coverage)


async def _gather(
    plans: Sequence[Plan], slots: Mapping[str, Slots], tick: int, ports: Ports
) -> list[Collected]:
    return await asyncio.gather(
        *(
            _gatherer(ports, one.source.guarded).gather(one, slots[one.source.name], tick)
            for one in plans
        )
    )


def _gatherer(ports: Ports, guarded: bool = False) -> Gatherer:
    fetch = ports.guarded if guarded else ports.fetch
    return Gatherer(fetch, ports.raw, ports.clock, ports.log)


async def _plans(tick: int, sources: Sequence[Source], ports: Ports) -> list[Plan]:
    memory = await runs.memory(ports.database)
    largest = await prices.largest(ports.database, MOST_LARGEST)
    known = Largest([asset for asset, _ in largest], dict(largest))
    found = (plan(one, tick, memory, known, ports.settings, ports.keys) for one in sources)
    plans = [one for one in found if one is not None]
    # Who was not asked for longest comes first.
    return sorted(plans, key=lambda one: memory.newest(one.source.name))


async def _reserve(plans: Sequence[Plan], ports: Ports) -> dict[str, Slots]:
    wishes = {one.source.name: one.wish for one in plans}
    wanted = {name: wish for name, wish in wishes.items() if wish.requests}
    try:
        granted = await ports.meter.reserve(wanted) if wanted else {}
    except Retryable as error:
        ports.log("warning", "requests are counted here alone", reason=str(error))
        granted = await LocalMeter(ports.clock).reserve(wanted)
    return {name: Slots(granted.get(name, ()), ports.clock, ports.sleep) for name in wishes}


async def _release(plans: Sequence[Plan], slots: Mapping[str, Slots], ports: Ports) -> None:
    unused = {
        one.source.name: Wish(slots[one.source.name].left, one.wish.per_minute, one.wish.burst)
        for one in plans
        if slots[one.source.name].left
    }
    try:
        if unused:
            await ports.meter.release(unused)
    except Retryable as error:
        ports.log("warning", "unused requests not given back", reason=str(error))


async def _record(tick: int, gathered: Sequence[Collected], ports: Ports) -> int:
    for one in gathered:
        run = one.run
        ports.log(
            "warning" if run.state == "degraded" else "info",
            f"collected {run.source}",
            tick=iso(tick), state=run.state, reason=run.reason, requests=run.usage.requests,
            bytes=run.usage.bytes, fetched=run.fetched, not_modified=run.not_modified,
            parsed=run.parsed, stored=run.stored, skipped=dict(run.skipped),
            milliseconds=run.milliseconds,
        )  # fmt: skip
    try:
        return await ports.database.batch(runs.store_runs([one.run for one in gathered], tick))
    except Retryable as error:
        ports.log("error", "runs not recorded", tick=iso(tick), reason=str(error))
        return 0
