"""A user's desk: his requests about what he owns, straight to the handlers of real routes.

Every answer is read with the type that its route declares, every problem must be
one that it declares.
"""

import asyncio
import zoneinfo
from collections.abc import Callable
from typing import Any

import msgspec

from api.permissions import admit
from api.principal import GUEST, Principal
from api.reading import read_body, read_request
from api.routes import push, rules, watchlists, webhooks
from api.routing import Reads, Result, Router
from common.errors import Problem
from signals.delivery.sending import AT_ONCE, deliver
from tests.signals.delivery.world import KEY, TICK, World

ROUTER = Router((*watchlists.ROUTES, *rules.ROUTES, *webhooks.ROUTES, *push.ROUTES))
SETTINGS = {"WEBHOOK_SECRET_KEY": KEY}


class Outside:
    """The signals Worker behind its binding; `away` raises in its place."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.away: Exception | None = None
        self.previewed: list[Any] = []
        self.preview_answer = "{}"
        self.on_delivery: Callable[[], object] = lambda: None

    def knows_zone(self, zone: str) -> bool:
        return zone in zoneinfo.available_timezones()

    async def deliver(self) -> None:
        if self.away:
            raise self.away
        await deliver(self._world.ports(), AT_ONCE, 0)
        self.on_delivery()

    async def preview_rule(self, rule: str) -> str:
        self.previewed.append(msgspec.json.decode(rule))
        return self.preview_answer


class Desk:
    """Requests of one user after another to one system."""

    def __init__(self) -> None:
        self.world = World()
        self.outside = Outside(self.world)
        self.settings = dict(SETTINGS)
        self.last: Result | None = None
        for number, (asset, symbol) in enumerate(
            (("bitcoin", "BTC"), ("ethereum", "ETH"), ("bitcoin-cash", "BTC")), start=1
        ):
            self.world.insert(
                "assets", asset_no=number, asset_id=asset, symbol=symbol, name=asset.title()
            )
        self.world.insert(
            "sources", source="kraken", source_no=2, state="ok", last_tick=TICK,
            attribution="Kraken", attribution_url="https://kraken.example",
        )  # fmt: skip

    def price(self, number: int, asset: str, symbol: str, price: float, time: int = TICK) -> None:
        self.world.insert(
            "market_data", id=number << 31 | time // 60 << 5 | 2, asset_id=asset, symbol=symbol,
            price=price, timestamp=time, source="kraken", observed_at=time,
        )  # fmt: skip

    def ask(
        self, method: str, path: str, body: Any = None, *, user: str = "u1", role: str = "trader"
    ) -> Any:
        """Return the data of an answer. Raises Problem."""
        found, names = ROUTER.find(path.partition("?")[0], method)
        principal = GUEST if user == "guest" else Principal(user, role)
        admit(principal, found.permission)
        if found.has_body:
            wanted = read_body(found, names, msgspec.json.encode({} if body is None else body))
        else:
            wanted = read_request(found, names, path.partition("?")[2])
        reads = Reads(
            database=self.world.database, now=self.world.now + 0.75, origin="live",
            principal=principal, outside=self.outside,  # type: ignore[arg-type]
            setting=lambda name, default: self.settings.get(name, default),
        )  # fmt: skip
        try:
            answer: Any = asyncio.run(found.handler(wanted, reads))  # type: ignore[arg-type]
        except Problem as problem:
            assert problem.kind in found.problems, problem.kind
            raise
        assert isinstance(answer, Result)
        assert answer.status == found.status
        msgspec.json.decode(answer.data, type=found.answers, strict=True)
        self.last = answer
        return msgspec.json.decode(answer.data)

    def refused(self, method: str, path: str, body: Any = None, **who: str) -> tuple[int, str]:
        """Return the status and kind of the problem that a request is answered with."""
        try:
            self.ask(method, path, body, **who)
        except Problem as problem:
            return problem.status, problem.kind
        raise AssertionError("it was answered")
