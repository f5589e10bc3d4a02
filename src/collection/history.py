"""The past of assets that are new: a few each tick, until every asset has it.

Detectors compare a price with its own history, so an asset is watched from
the moment its history is there. A new deployment fills itself in this way
within the providers' budgets, and so does an asset that is listed later.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from collection.fetch import Ask, Fetch, NotThere
from collection.run import Collected
from collection.source import History
from collection.store import prices
from common.errors import Fatal, Retryable
from common.models import HistoryPoint

if TYPE_CHECKING:
    from collection.pipeline import Ports

AT_ONCE = 5  # a Worker may have six connections open


class Filled(NamedTuple):
    """Rows written, and how many assets (capped at one tick's share) still lack history."""

    rows_written: int
    missing: int


async def collect_history(tick: int, collected: Sequence[Collected], ports: "Ports") -> Filled:
    """Fetch and store the history of a tick's share of the assets that have none."""
    database, limit = ports.database, ports.settings.history_assets_per_tick
    owner = next((one for one in collected if one.source.history), None)
    wanted = await prices.assets_without_history(database, limit + 1)
    if owner is None or owner.source.history is None or not wanted:
        return Filled(0, len(wanted))
    source, run, history = owner.source, owner.run, owner.source.history
    key = ports.keys.get(source.key_name or "", "")
    headers = source.headers | ({source.key_header: key} if source.key_header and key else {})
    written = 0
    todo, done = wanted[:limit], 0
    for start in range(0, len(todo), AT_ONCE):
        if owner.slots.left < len(history.urls):
            break  # the budget of this tick is used up: go on at the next one
        some = todo[start : start + AT_ONCE]
        fetches = (_fetch(asset, tick, history, ports.fetch, headers, owner) for asset in some)
        results = await asyncio.gather(*fetches)
        first_seen: dict[str, int] = {}
        points: list[HistoryPoint] = []
        for asset_id, result in zip(some, results, strict=True):
            if result is None:
                continue
            # Without any past the asset starts now; asking again would not help.
            first_seen[asset_id] = min((point.timestamp for point in result), default=tick)
            points.extend(result)
        try:
            written += await database.batch(
                prices.store_history(points, source.name) + prices.mark_history(first_seen, tick)
            )
        except Retryable as error:
            run.degrade(f"history not stored: {error}")
            break
        done += len(first_seen)
        if not first_seen:
            break  # the provider is unwell or has had enough: go on at the next tick
    return Filled(written, len(wanted) - done)


async def _fetch(
    asset_id: str,
    tick: int,
    history: History,
    fetch: Fetch,
    headers: dict[str, str],
    owner: Collected,
) -> list[HistoryPoint] | None:
    points: dict[int, HistoryPoint] = {}
    for url in history.urls:
        ask = Ask(url.replace("{asset_id}", asset_id), headers)
        try:
            reply = await fetch.get(ask, owner.run.usage, owner.slots)
            parsed = history.parse(reply.body or b"", tick, asset_id)
        except NotThere:
            continue
        except (Fatal, Retryable):
            return None
        if not parsed.rows and parsed.skipped:
            return None  # an answer, but none of it usable: ask again
        for row in parsed.rows:
            if isinstance(row, HistoryPoint):
                points.setdefault(row.timestamp, row)
    return [points[time] for time in sorted(points)]
