"""How a tick grows with the number of assets, and how many statements the full one takes.

The real pipeline on this machine's CPython over SQLite with the real
migrations. Every body is made before it is timed, and time is the processor's,
so that neither providers nor neighbours count. The first tick of a database
makes its assets known and is not timed.
"""

import asyncio
import gc
import math
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from statistics import linear_regression

import httpx
import msgspec

from bench.newsroom import fresh_world
from bench.report import Line, alone
from bench.scale import ASSETS, PAGES
from bench.stage import say
from collection import consensus
from collection.source import Fill, Source
from collection.sources import SOURCES
from collection.store import prices
from tests.collection.desk import TICK, Desk, registered
from tools.simulator.app import simulated_world
from tools.simulator.clock import Clock
from tools.simulator.provider import Request, World
from tools.simulator.providers import discover

SIZES = (250, 1000, 4000, 10_000)
ROUNDS = 5
MOST_LISTINGS = 5000  # CoinMarketCap gives no more in one answer
MOST_BYTES = 40_000_000
UPSTREAM = "http://providers"
COINBASE = "api.coinbase.com"


class Providers(httpx.AsyncBaseTransport):
    """Every provider's answers of one minute, each made once; `bodies` go before them."""

    def __init__(self, world: World, bodies: Mapping[str, bytes] | None = None) -> None:
        self._world = world
        self._by_host = discover()
        self._made: dict[tuple[str, bytes], httpx.Response] = {}
        self._bodies = bodies or {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the simulator does."""
        _, host, path = request.url.path.split("/", 2)
        content = await request.aread()
        key = str(request.url), content
        if key not in self._made:
            asked = Request(
                world=self._world, path=f"/{path}", params=dict(request.url.params), now=TICK,
                instant=TICK, items=25, headers=dict(request.headers), method=request.method,
                body=content,
            )  # fmt: skip
            answer = self._by_host[host].answer(asked)
            body = self._bodies.get(host, answer.body)
            self._made[key] = httpx.Response(answer.status, content=body)
        made = self._made[key]
        return httpx.Response(made.status_code, content=made.content)


def measure() -> Iterator[Line]:
    """Yield the time of a tick and of its consensus by number of assets, and the exponents."""
    ticks: dict[int, float] = {}
    agreements: dict[int, float] = {}
    for size in SIZES:
        say(f"a tick of {size:,} assets, natively")
        market = Market(size)
        times = [_milliseconds(market.tick) for _ in range(ROUNDS)]
        # The least is what others on the machine disturbed least.
        ticks[size] = min(times)
        agreements[size] = min(_milliseconds(market.agree) for _ in range(ROUNDS))
        yield alone(f"growth_tick_ms_{size}", times, "ms", "three sources of as many prices each")
    for name, by_size in (("tick", ticks), ("consensus", agreements)):
        *_, low, high = by_size
        last = exponent({low: by_size[low], high: by_size[high]})
        note = f"1 is linear; target <= 1.15; from {low:,} to {high:,} assets {last:.2f}"
        yield Line(f"growth_{name}_exponent", exponent(by_size), "", note=note)


class Market:
    """A deployment that collects `size` assets from three sources that all list all of them."""

    def __init__(self, size: int) -> None:
        world = simulated_world(7, Clock(TICK), size)
        self._size, self.at = size, TICK
        self.desk = Desk(UPSTREAM)
        self.desk.transport = Providers(world, {COINBASE: every_coin(world)})
        self._sources = _with(size, ("markets", "list", "listings", "products"))
        self.tick()  # makes the assets known, and their contracts
        self._sources = _with(size, ("markets", "listings", "products"))
        self.tick()

    def tick(self) -> None:
        """Collect the next minute's tick, off the grid, so that all is due."""
        self.at += 60
        keys = {"CMC_API_KEY": "simulated"}
        pages = -(-self._size // 250)
        summary = self.desk.tick(self.at, self._sources, keys=keys, pages=pages)
        for run in summary.runs:
            if run.state != "ok" or run.stored < 0.9 * self._size:
                raise RuntimeError(f"less than {self._size} prices: {run}")

    def agree(self) -> None:
        """Read the tick's prices and make the consensus of each asset, without storing it."""
        coverage = {one.name: one.coverage or "venue" for one in self._sources}
        found = asyncio.run(prices.tick_prices(self.desk.database, self.at))
        for _, its in found:
            consensus.agree([consensus.Price(*one) for one in its], coverage, self.at)


def _with(size: int, names: Collection[str]) -> list[Source]:
    """Return the market sources with the endpoints of these names, listings in several parts."""
    parts = Fill(values=tuple(str(start) for start in range(1, size, MOST_LISTINGS)))
    sources = []
    for source in registered("coingecko", "coinmarketcap", "coinbase"):
        kept = [
            msgspec.structs.replace(one, max_bytes=MOST_BYTES)
            for one in source.endpoints
            if one.name in names
        ]
        if source.name == "coinmarketcap":
            part = f"start={{items}}&limit={min(size, MOST_LISTINGS)}"
            url = kept[0].url.replace("start=1&limit={limit}", part)
            kept = [msgspec.structs.replace(kept[0], url=url, fill=parts)]
        sources.append(msgspec.structs.replace(source, endpoints=tuple(kept)))
    return sources


def every_coin(world: World) -> bytes:
    """Return Coinbase's answer as if it listed every coin of the market, under codes of its own."""
    asked = Request(
        world, "/api/v3/brokerage/market/products", {"product_type": "SPOT"}, TICK, TICK, 25
    )
    row = next(
        one
        for one in msgspec.json.decode(discover()[COINBASE].answer(asked).body)["products"]
        if one["quote_currency_id"] == "USD" and one["status"] == "online" and one["price"]
    )
    known = zip(world.market.coins, world.market.snapshot(TICK).price.tolist(), strict=True)
    rows = [
        row | {
            "product_id": f"{coin.id}-USD", "base_currency_id": coin.id.upper(),
            "base_display_symbol": coin.symbol, "base_name": coin.name, "price": f"{price:.12g}",
        }
        for coin, price in known
        if price > 0
    ]  # fmt: skip
    return msgspec.json.encode({"products": rows, "num_products": len(rows)})


def _milliseconds(call: Callable[[], None]) -> float:
    gc.collect()
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000


def measure_statements() -> Iterator[Line]:
    """Yield how many statements the full tick hands to the database."""
    say("statements of a full tick, natively")
    desk = Desk(UPSTREAM)
    desk.transport = Providers(fresh_world(7, Clock(TICK), ASSETS, "full"))
    sources = registered(*(source.name for source in SOURCES))
    keys = {source.key_name: "simulated" for source in sources if source.key_name}
    desk.tick(TICK, sources, keys=keys, pages=PAGES)
    before = desk.database.statements
    summary = desk.tick(TICK + 60, sources, keys=keys, pages=PAGES)
    count = desk.database.statements - before
    if unwell := [run.source for run in summary.runs if run.state != "ok"]:
        raise RuntimeError(f"sources that did not answer: {', '.join(unwell)}")
    yield Line("full_tick_d1_statements", count, "statements", note="target < 100; collection")


def exponent(times: Mapping[int, float]) -> float:
    """Return b of time = a * size^b, by least squares over the logarithms."""
    sizes = [math.log(size) for size in times]
    return linear_regression(sizes, [math.log(one) for one in times.values()]).slope
