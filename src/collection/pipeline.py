"""A tick of collection: fetch what is due, keep the raw body, parse, store, record.

One bad row is skipped and counted, one bad source is marked degraded while
the others go on; whatever a source gave is stored even when it then failed.
"""

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from collection import store
from collection.fetch import Fetcher
from collection.history import collect_history, key_headers
from collection.news import sentiment
from collection.news.entities import Dictionary
from collection.run import Collected, Run
from collection.source import Endpoint, Source
from common.database import Database, Statement
from common.errors import Fatal, Retryable
from common.log import Logger
from common.models import GlobalMarket, Parsable, Quote, Story
from common.ports import Bucket, Clock
from common.settings import Settings
from common.times import iso


class Ports(NamedTuple):
    """The outside of a tick. `keys` are the providers' keys by the name a source declares."""

    database: Database
    raw: Bucket
    fetcher: Fetcher
    clock: Clock
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
    written = await ports.database.batch(store.register_sources(sources))
    gathered = await asyncio.gather(*(_collect_source(source, tick, ports) for source in sources))
    # Prices first: a story mentions assets that are known.
    names = _KnownAssets(ports.database)
    for collected in sorted(gathered, key=_brings_only_news):
        written += await _store(collected, tick, names, ports)
    runs = [collected.run for collected in gathered]
    history = await collect_history(
        tick,
        gathered,
        ports.fetcher,
        ports.database,
        ports.settings.history_assets_per_tick,
        ports.keys,
    )
    written += history.rows_written
    written += await ports.database.batch(store.store_runs(runs, tick))
    for run in runs:
        ports.log(
            "info" if run.state == "ok" else "warning",
            f"collected {run.source}",
            tick=iso(tick), state=run.state, reason=run.reason, requests=run.usage.requests,
            bytes=run.usage.bytes, parsed=run.parsed, skipped=dict(run.skipped),
            milliseconds=run.milliseconds,
        )  # fmt: skip
    return Summary(runs, written, history.missing)


def _brings_only_news(collected: Collected) -> bool:
    return not any(isinstance(row, Quote) for row in collected.rows)


async def _collect_source(source: Source, tick: int, ports: Ports) -> Collected:
    run, rows = Run(source.name), list[Parsable]()
    began = ports.clock()
    key = ports.keys.get(source.key_name or "")
    if source.key_required and not key:
        run.state, run.reason = "off", f"{source.key_name} is not set"
        return Collected(source, run, rows)
    headers = key_headers(source, ports.keys)
    for endpoint in source.endpoints:
        if tick % endpoint.cadence and not _is_extra_tick(tick):
            continue
        for page in _pages(endpoint, ports.settings.market_pages):
            try:
                body = await ports.fetcher.get(page.address, headers, run.usage)
                await _keep_raw(source, endpoint, page.number, tick, body, ports)
                parsed = endpoint.parse(body, tick)
            except (Fatal, Retryable) as error:
                run.degrade(f"{endpoint.name}: {error}")
                break
            except Exception as error:  # noqa: BLE001 - one defect must not cost the others
                _defect(run, endpoint.name, error, ports)
                break
            rows.extend(parsed.rows)
            run.parsed += len(parsed.rows)
            run.skipped += parsed.skipped
            if not parsed.rows:
                if parsed.skipped:
                    worst, _ = parsed.skipped.most_common(1)[0]
                    run.degrade(f"{endpoint.name}: no usable row, most were {worst}")
                elif endpoint.paged and page.number == 1:
                    run.degrade(f"{endpoint.name}: an empty list")
                break  # behind the last page there is nothing
    run.milliseconds = round((ports.clock() - began) * 1000)
    return Collected(source, run, rows)


class _Page(NamedTuple):
    address: str
    number: int


def _pages(endpoint: Endpoint, pages: int) -> list[_Page]:
    if not endpoint.paged:
        return [_Page(endpoint.url, 1)]
    return [_Page(endpoint.url.format(page=page), page) for page in range(1, pages + 1)]


def _is_extra_tick(tick: int) -> bool:
    # A tick fired by hand, off the cron's grid, runs everything.
    return tick % 900 != 0


async def _keep_raw(
    source: Source, endpoint: Endpoint, page: int, tick: int, body: bytes, ports: Ports
) -> None:
    day, time = iso(tick)[:10], iso(tick)[11:16].replace(":", "")
    key = f"raw/{source.name}/{day}/{time}-{endpoint.name}-{page}.gz"
    try:
        await ports.raw.put(key, gzip.compress(body, compresslevel=1, mtime=0))
    except Retryable as error:
        # The archive is for replays; the tick itself does not depend on it.
        ports.log("warning", "raw body not kept", key=key, reason=str(error))


class _KnownAssets:
    """The names that stories are searched for: read once a tick, when the first feed needs them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dictionary: Dictionary | None = None

    async def dictionary(self) -> Dictionary:
        if self._dictionary is None:
            self._dictionary = Dictionary(await store.known_assets(self._database))
        return self._dictionary


async def _store(collected: Collected, tick: int, names: _KnownAssets, ports: Ports) -> int:
    source, run, rows = collected
    quotes = [row for row in rows if isinstance(row, Quote)]
    figures = [row for row in rows if isinstance(row, GlobalMarket)]
    stories = [row for row in rows if isinstance(row, Story)]
    try:
        statements: list[Statement] = []
        if quotes:
            statements += store.store_quotes(quotes, tick, source.name)
        if figures:
            statements += store.store_global(figures, tick, source.name)
        if stories:
            dictionary = await names.dictionary()
            tones = [sentiment.tone(story.title) for story in stories]
            mentions = [dictionary.find(story.title) for story in stories]
            statements += store.store_news(
                stories, tones, mentions, tick, source.name, sentiment.MODEL
            )
        return await ports.database.batch(statements) if statements else 0
    except Retryable as error:
        run.degrade(f"not stored: {error}")
    except Exception as error:  # noqa: BLE001 - as above
        _defect(run, "store", error, ports)
    return 0


def _defect(run: Run, where: str, error: Exception, ports: Ports) -> None:
    run.degrade(f"{where}: internal error")
    ports.log("error", "defect in a source", source=run.source, where=where, error=repr(error))
