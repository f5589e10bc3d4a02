"""The client for asyncio: every call is awaited."""

import asyncio
import datetime
import time
from collections.abc import AsyncIterator
from typing import Any, Literal, Unpack, cast

from cryptointel import calls
from cryptointel.answers import Answer, RateLimit, Reply, Rows, rate_limit_of, read, read_text
from cryptointel.calls import AssetFilters, BarFilters, Call, NewsFilters, SignalFilters
from cryptointel.errors import Unreachable
from cryptointel.requests import Params, Request
from cryptointel.retries import Attempts, Retries
from cryptointel.settings import own_site
from cryptointel.transport import AsyncTransport, own_async_transport
from cryptointel.types import (
    Asset,
    Bar,
    Entity,
    Interval,
    Price,
    Report,
    Signal,
    SignalInFull,
    SignalType,
    Story,
    TrackRecord,
    Watchlist,
    WatchlistWithRows,
)


class AsyncClient:
    """Asks the API; every method is awaited, iterators are used with `async for`.

    `api_key` is read from CRYPTOINTEL_API_KEY and `base_url` from CRYPTOINTEL_URL
    where they are not given; in a browser the page's own origin is asked as whoever
    is signed in there. `timeout` is in seconds, for each try. Every method may raise
    a `CryptoIntelError`: `Unreachable`, or an `ApiError` that says what to change.

    `rate_limit` is what the newest answer said is left of the limit that binds first.
    """

    rate_limit: RateLimit | None = None

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = 30.0,
        retries: Retries | None = None,
        transport: AsyncTransport | None = None,
    ) -> None:
        self._site = own_site(api_key, base_url, timeout)
        self._retries = retries or Retries()
        self._transport = transport or own_async_transport()

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._transport.close()

    async def get(self, path: str, params: Params | None = None) -> Answer:
        """Return what any path of the API answers."""
        return await self.request("GET", path, params)

    async def get_text(self, path: str, params: Params | None = None) -> str:
        """Return an answer that is no JSON: reports in Markdown, exports."""
        return read_text(await self._send(self._site.request("GET", path, params)))

    async def request(
        self, method: str, path: str, params: Params | None = None, body: Any = None
    ) -> Answer:
        """Return the answer to any request; only what is idempotent is sent again."""
        return read(await self._send(self._site.request(method, path, params, body)))

    async def _send(self, request: Request) -> Reply:
        attempts = Attempts(self._retries, request.method, time.monotonic())
        while True:
            try:
                reply: Reply | Unreachable = await self._transport.send(request)
            except Unreachable as error:
                reply = error
            wait = attempts.wait(reply, time.monotonic())
            if wait is None:
                break
            await asyncio.sleep(wait)
        if isinstance(reply, Unreachable):
            raise reply
        self.rate_limit = rate_limit_of(reply.headers) or self.rate_limit
        return reply

    async def _data(self, call: Call) -> Any:
        return (await self.get(*call)).data

    async def _page(self, call: Call) -> Rows[Any]:
        return (await self.get(*call)).rows()

    async def iter_rows(self, path: str, params: Params | None = None) -> AsyncIterator[Any]:
        """Go through all rows of a list, page after page, from `cursor` on if it is given."""
        params = dict(params or {})
        while True:
            page = (await self.get(path, params)).rows()
            for row in page:
                yield row
            if page.next is None:
                return
            params["cursor"] = page.next

    async def assets(self, **filters: Unpack[AssetFilters]) -> Rows[Asset]:
        """Return a page of assets with their newest prices, the largest first."""
        return await self._page(calls.assets(filters))

    def iter_assets(self, **filters: Unpack[AssetFilters]) -> AsyncIterator[Asset]:
        """Go through all assets."""
        return self.iter_rows(*calls.assets(filters))

    async def market_data(self, symbol: str, currency: str = "USD") -> Price:
        """Return the newest price of an asset, and what each source says."""
        return cast(Price, await self._data(calls.price(symbol, currency)))

    async def bars(
        self, symbol: str, interval: Interval = "1h", **filters: Unpack[BarFilters]
    ) -> Rows[Bar]:
        """Return a page of bars of an asset's history, the newest first."""
        return await self._page(calls.bars(symbol, interval, filters))

    def iter_bars(
        self, symbol: str, interval: Interval = "1h", **filters: Unpack[BarFilters]
    ) -> AsyncIterator[Bar]:
        """Go through all bars of an asset's history, the newest first."""
        return self.iter_rows(*calls.bars(symbol, interval, filters))

    async def signals(
        self,
        type: SignalType | Literal["all"] = "all",  # noqa: A002
        **filters: Unpack[SignalFilters],
    ) -> Rows[Signal]:
        """Return a page of signals, the newest first."""
        return await self._page(calls.signals(type, filters))

    def iter_signals(
        self,
        type: SignalType | Literal["all"] = "all",  # noqa: A002
        **filters: Unpack[SignalFilters],
    ) -> AsyncIterator[Signal]:
        """Go through all signals, the newest first."""
        return self.iter_rows(*calls.signals(type, filters))

    async def signal(self, id: str) -> SignalInFull:  # noqa: A002
        """Return one signal with its evidence and what came of it."""
        return cast(SignalInFull, await self._data(calls.signal(id)))

    async def track_record(self) -> Rows[TrackRecord]:
        """Return how right the signals were, by type and horizon."""
        return await self._page(calls.analytics("track_record", {}))

    async def analytics(self, metric: str, **params: Any) -> Any:
        """Return a figure: market, movers, volatility, correlation, sentiment, tvl, ..."""
        return await self._data(calls.analytics(metric, params))

    async def news(self, **filters: Unpack[NewsFilters]) -> Rows[Story]:
        """Return a page of stories, the newest first."""
        return await self._page(calls.news(filters))

    def iter_news(self, **filters: Unpack[NewsFilters]) -> AsyncIterator[Story]:
        """Go through all stories, the newest first."""
        return self.iter_rows(*calls.news(filters))

    async def entity(
        self,
        name: str,
        *,
        type: str | None = None,  # noqa: A002
        days: int | None = None,
    ) -> Entity:
        """Return who mentions an asset (by id), person or company, and together with whom."""
        return cast(Entity, await self._data(calls.entity(name, type, days)))

    async def watchlists(self) -> Rows[Watchlist]:
        """Return your watchlists."""
        return await self._page(calls.watchlist())

    async def watchlist(self, watchlist_id: str) -> WatchlistWithRows:
        """Return one of your watchlists, with prices."""
        return cast(WatchlistWithRows, await self._data(calls.watchlist(watchlist_id)))

    async def report(
        self, period: Literal["daily", "weekly"] = "daily", date: str | datetime.date | None = None
    ) -> Report:
        """Return a day or a week: the one that `date` is in (UTC), else the last whole one."""
        return cast(Report, await self._data(calls.report(period, date)))

    async def dashboard(self, view: str, **params: Any) -> Any:
        """Return what a view of the dashboard shows: overview, asset (asset_id, days), ..."""
        return await self._data(calls.view(view, params))
