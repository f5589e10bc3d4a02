"""Users with devices and preferences beside those of tests.signals.delivery.world."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from common.log import Logger
from signals.delivery import push_sending
from signals.delivery.matching import match
from signals.delivery.post import Answered
from signals.delivery.push_sending import Ports
from tests.common.test_quiet_hours import offset
from tests.signals.delivery.world import TICK, Still, World
from tests.support.outside import MemoryOutside, Parts
from tests.support.web_push import VAPID, Browser, LibraryCrypto

SUBJECT = "mailto:operations@cryptointel.example"


class PushService:
    """Takes notifications; `answer` says what to which endpoint, by default 201."""

    def __init__(self) -> None:
        self.answer: Callable[[str], Answered | Exception] = lambda _: Answered(201, "")
        self.sent: list[tuple[str, dict[str, str], bytes]] = []

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Answered:
        self.sent.append((url, headers, body))
        await asyncio.sleep(0)
        answer = self.answer(url)
        if isinstance(answer, Exception):
            raise answer
        return answer


class PushWorld(World):
    """A world whose users have phones."""

    def __init__(self) -> None:
        super().__init__()
        self.service = PushService()
        self.browsers: dict[str, Browser] = {}
        self.insert("assets", asset_no=1, asset_id="bitcoin", symbol="BTC", name="Bitcoin")

    def device(self, name: str = "d1", owner: str = "u1", **values: Any) -> str:
        """Subscribe a device of its own keys; return its endpoint."""
        browser = Browser.number(len(self.browsers) + 1)
        endpoint = f"https://push.example/{name}"
        self.browsers[endpoint] = browser
        row = {"p256dh": browser.p256dh, "auth": browser.auth, "device": name} | values
        self.insert(
            "push_subscriptions", subscription_id=name, owner=owner, endpoint=endpoint,
            created_at=1, **row,
        )  # fmt: skip
        return endpoint

    def wants(self, owner: str = "u1", **values: Any) -> None:
        """Store preferences: everything, at any hour, unless told otherwise."""
        row = {"enabled": 1, "scope": "all", "rules": 1, "time_zone": "UTC", "badges": 1} | values
        self.insert("push_preferences", owner=owner, updated_at=1, **row)

    def push_ports(self, key: str = VAPID, database: Any = None) -> Ports:
        log = Logger("signal-detection", lambda: self.now, self._keep)
        return Ports(
            database or self.database, self.service, LibraryCrypto(),
            MemoryOutside(Parts()).sign_es256, offset, key, SUBJECT, lambda: self.now, Still(), log,
        )  # fmt: skip

    def deliver(self, **more: Any) -> int:
        """Do what a tick or the cron does; return the attempts."""
        asyncio.run(match(self.database, int(self.now)))
        return asyncio.run(push_sending.deliver(self.push_ports(**more)))

    def shown(self) -> list[dict[str, Any]]:
        """Return what arrived on devices, decrypted by each one's own keys, in order."""
        return [self.browsers[url].read(body) for url, _, body in self.service.sent]

    def messages(self) -> list[tuple[Any, ...]]:
        return self.database.rows(
            "SELECT owner, signal_id, rule_id, state, held FROM push_messages ORDER BY 1, 2"
        )

    def at(self, moment: float) -> None:
        self.now = float(moment)

    def judged(self, asset: str = "bitcoin", **values: Any) -> str:
        """Store and announce a signal of now with what a judged one has; return its id."""
        metadata = {"direction": "up", "calibration": {"base_rate": 0.33, "edge": True}}
        encoded = msgspec.json.encode(metadata).decode()
        tick = int(self.now)
        return self.signal(
            asset, tick, **{"symbol": asset[:3].upper(), "metadata": encoded} | values
        )


__all__ = ["TICK", "PushWorld"]
