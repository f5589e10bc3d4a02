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
    written = await ports.database.batch(runs.register_sources(sources))
    plans = await _plans(tick, sources, ports)
    slots = await _reserve(plans, ports)
    gathered = await asyncio.gather(
        *(_gatherer(one.source, ports).gather(one, slots[one.source.name], tick) for one in plans)
    )
    written += await Save(ports.database, ports.log, tick).everything(
        gathered, _gatherer(None, ports)
    )
    history = await collect_history(tick, gathered, ports)
    await _release(plans, slots, ports)
    asked = [one for one, its in zip(gathered, plans, strict=True) if its.works or its.off]
    written += history.rows_written + await _record(tick, asked, ports)
    return Summary([one.run for one in asked], written, history.missing)


async def replay(tick: int, sources: Sequence[Source], ports: Ports) -> Summary:
    """Do again with the kept bodies of `tick` what was to be done then; ask no provider."""
    written = await ports.database.batch(runs.register_sources(sources))
    gathered = [await _gatherer(None, ports).replay(source, tick) for source in sources]
    gathered = [one for one in gathered if one.rows or one.succeeded or one.run.state != "ok"]
    written += await Save(ports.database, ports.log, tick).everything(
        gathered, _gatherer(None, ports)
    )
    written += await _record(tick, gathered, ports)
    return Summary([one.run for one in gathered], written, 0)


def _gatherer(source: Source | None, ports: Ports) -> Gatherer:
    fetch = ports.guarded if source is not None and source.guarded else ports.fetch
    return Gatherer(fetch, ports.raw, ports.clock, ports.log)


async def _plans(tick: int, sources: Sequence[Source], ports: Ports) -> list[Plan]:
    memory = await runs.memory(ports.database)
    largest = await prices.largest(ports.database, MOST_LARGEST)
    known = Largest([asset for asset, _ in largest], dict(largest))
    found = (plan(one, tick, memory, known, ports.settings, ports.keys) for one in sources)
    return [one for one in found if one is not None]


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
