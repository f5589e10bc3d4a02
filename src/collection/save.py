"""From what was gathered to what is stored: one transaction a source.

The order matters: the source that names the assets comes first, then those
whose listings are resolved to them, then the consensus, then the stories
that mention them. What an endpoint gave and the note that it is done are
written together, so what could not be stored is asked for again.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from collection import consensus, symbols
from collection.news import sentiment
from collection.news.duplicates import Known, Recent
from collection.news.entities import Dictionary, Names
from collection.news.relations import relations
from collection.run import Collected, note_defect
from collection.source import Source
from collection.store import news, prices, readings, runs
from common import data_version
from common.database import Database, Statement
from common.errors import Retryable, Skippable
from common.log import Logger
from common.models import Address, GlobalMarket, Listing, Quote, Reading, Story

Row = TypeVar("Row")


class Save:
    """Stores one tick. What is known is read when it is first needed, once."""

    def __init__(
        self,
        database: Database,
        log: Logger,
        tick: int,
        coverage: Mapping[str, consensus.Coverage],
    ) -> None:
        self._database = database
        self._log = log
        self._tick = tick
        self._coverage = coverage
        self._known: list[prices.KnownAsset] | None = None
        self._space: symbols.SymbolSpace | None = None
        self._dictionary: Dictionary | None = None
        self._recent: Recent | None = None
        self._observed: dict[tuple[str, str], int] | None = None

    async def everything(self, gathered: Sequence[Collected]) -> int:
        """Store all sources and the consensus; return the rows written."""
        written = 0
        for collected in sorted(gathered, key=_order):
            try:
                statements, stored = await self._statements(collected)
                if statements:
                    written += await self._database.batch(statements)
                    collected.run.stored = stored
            except Retryable as error:
                collected.run.degrade(f"not stored: {error}")
            except Exception as error:  # noqa: BLE001 - one defect must not cost the others
                note_defect(collected.run, "store", error, self._log)
            if collected.rows and collected.source.coverage and collected.run.stored:
                self._known = None  # prices have moved
        if any(one.run.stored and one.source.coverage for one in gathered):
            written += await self._consensus()
        return written

    async def _statements(self, collected: Collected) -> tuple[list[Statement], int]:
        source, tick = collected.source, self._tick
        quotes = _of(collected, Quote)
        listings, figures = _of(collected, Listing), _of(collected, GlobalMarket)
        addresses, read = _of(collected, Address), _of(collected, Reading)
        stories = _of(collected, Story)
        statements: list[Statement] = []
        stored = len(figures) + len(read) + len(stories)
        if quotes or listings:
            found = quotes + await self._resolved(listings, collected)
            found = await self._in_order(found, collected)
            statements += prices.store_quotes(found, tick, source.name, canonical=bool(quotes))
            stored += len(found)
        if figures:
            statements += prices.store_global(figures, tick, source.name)
        if addresses:
            ids = {quote.asset_id for quote in quotes}
            ids.update(asset.asset_id for asset in await self._assets())
            wanted = symbols.addresses_of(addresses, ids)
            collected.run.skip("not_collected", len(addresses) - len(wanted))
            statements += prices.store_addresses(wanted)
            stored += len(wanted)
        if read:
            most = readings.MOST_CUSTOM_SERIES if source.guarded else readings.MOST_SERIES
            statements += readings.store_readings(read, tick, source.name, most)
        if stories:
            statements += await self._stories(stories, source)
        statements += runs.store_endpoints(collected.succeeded, tick, source.name)
        return statements, stored

    async def _resolved(self, listings: list[Listing], collected: Collected) -> list[Quote]:
        """Return the listings as quotes of assets, at most one an asset; skip and count others."""
        if not listings:
            return []
        if self._space is None:
            addresses = await prices.known_addresses(self._database)
            known = (symbols.Known(*msgspec.structs.astuple(one)) for one in await self._assets())
            self._space = symbols.SymbolSpace(known, addresses)
        found: dict[str, Quote] = {}
        for listing in listings:
            try:
                quote = self._space.quote(collected.source.name, listing)
            except Skippable as skip:
                collected.run.skip(skip.reason)
                continue
            if quote.asset_id in found:
                collected.run.skip("same_asset")
            else:
                found[quote.asset_id] = quote
        return list(found.values())

    async def _in_order(self, quotes: list[Quote], collected: Collected) -> list[Quote]:
        """Leave out what is older than what the source said at its tick before."""
        if self._observed is None:
            self._observed = await prices.last_observed(self._database, self._tick)
        name, before = collected.source.name, self._observed
        kept = [
            quote
            for quote in quotes
            if quote.observed_at >= before.get((name, quote.asset_id), quote.observed_at)
        ]
        collected.run.skip("time_went_back", len(quotes) - len(kept))
        return kept

    async def _consensus(self) -> int:
        try:
            rows = []
            for asset_id, found in await prices.tick_prices(self._database, self._tick):
                agreed = consensus.agree(
                    [consensus.Price(*one) for one in found], self._coverage, self._tick
                )
                if agreed is not None:
                    inputs = msgspec.json.encode(agreed.inputs, order="sorted").decode()
                    rows.append((asset_id, *agreed[:4], inputs))
            statements = prices.store_consensus(rows, self._tick)
            statements += [data_version.RAISE] if statements else []
            return await self._database.batch(statements) if statements else 0
        except Retryable as error:
            # The sources' own rows are there; the same tick again makes it.
            self._log("error", "no consensus", tick=self._tick, reason=str(error))
            return 0

    async def _stories(self, stories: list[Story], source: Source) -> list[Statement]:
        there = await news.stored_ids(self._database, [story.news_id for story in stories])
        new = [story for story in stories if story.news_id not in there]
        voted = [story for story in stories if story.news_id in there and story.votes]
        told = [await self._told(story, source) for story in new]
        return news.store_news(told, self._tick, source.name, sentiment.MODEL) + news.update_votes(
            voted
        )

    async def _told(self, story: Story, source: Source) -> news.Told:
        tone = sentiment.tone(story.title)
        if not (source.shared and source.redistributable):
            return news.Told(story, tone, None, (), ())  # it counts for nobody else
        if self._recent is None:
            self._recent = Recent(await news.recent_stories(self._database, self._tick))
        if self._dictionary is None:
            names = (Names(one.asset_id, one.symbol, one.name) for one in await self._assets())
            self._dictionary = Dictionary(names)
        mentions = self._dictionary.find(story.title, from_crypto=not source.guarded)
        mentioned = list(dict.fromkeys(mention.entity for mention in mentions))
        about = frozenset(entity.name for entity in mentioned if entity.kind == "asset")
        known = Known(story.news_id, story.title, story.url, story.published_at, about)
        original = self._recent.original_of(known)
        if original is not None:
            return news.Told(story, tone, original, (), ())
        self._recent.add(known)
        return news.Told(story, tone, None, mentioned, relations(story.title, mentions))

    async def _assets(self) -> list[prices.KnownAsset]:
        if self._known is None:
            self._known = await prices.known_assets(self._database)
        return self._known


def _of(collected: Collected, kind: type[Row]) -> list[Row]:
    return [row for row in collected.rows if isinstance(row, kind)]


def _order(collected: Collected) -> tuple[int, str]:
    """Names of assets first, then other prices, then what may mention them."""
    kinds = {type(row) for row in collected.rows}
    rank = 0 if Quote in kinds else 1 if Listing in kinds else 3 if Story in kinds else 2
    return rank, collected.source.name
