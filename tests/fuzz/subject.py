"""What is fuzzed when no address is given: the whole gateway in this process, with two users."""

import hashlib

import msgspec
import pytest

from api.limits import plans
from api.limits.plans import Plan
from common.webhook_signing import FEWEST_KEY_CHARACTERS
from signals.detectors import DETECTORS
from signals.trying import try_rule
from tests.api import judging
from tests.api.calling import SETTINGS, Caller, body, seeded
from tests.support.asgi import Application
from tests.support.outside import MemoryOutside
from tests.support.selling import X402

PASSWORD = "a password of twelve"
USERS = ("first@example.com", "second@example.com")
BOUNDLESS = Plan(10**9, 10**9, 10**9, 10**9, 10**9, 10**12)
JSON = {"content-type": "application/json"}
FEED: dict[str, object] = {
    "state": "ok", "message": None, "parsed": 1, "skipped": {}, "bytes": 20, "requests": 1,
    "rows": [{"key": "BTC", "value": 1.5}], "address": "https://feeds.example/prices.json",
}  # fmt: skip


class Subject:
    """An application with a seeded database; `tokens` are access tokens of two administrators.

    Tokens and not keys, because whoever may revoke keys at random soon has none.
    Nothing is refused for its number, a password costs one round, not 100,000, and
    rules are tried by what the signals Worker does. No feed is fetched.
    """

    def __init__(self) -> None:
        self._patch = pytest.MonkeyPatch()
        for plan in plans.PLANS:
            self._patch.setitem(plans.PLANS, plan, BOUNDLESS)
        self._patch.setitem(SETTINGS, "WEBHOOK_SECRET_KEY", "k" * FEWEST_KEY_CHARACTERS)
        self._patch.setitem(SETTINGS, "X402", X402)
        self._patch.setattr(MemoryOutside, "derive", _derive)
        self._patch.setattr(MemoryOutside, "preview_rule", self._try_rule)
        self.application = Application(_caller)
        self.tokens = [self.application.run(self._sign_in(user)) for user in USERS]

    def close(self) -> None:
        """Put plans, settings and passwords back."""
        self.application.close()
        self._patch.undo()

    async def _try_rule(self, rule: str) -> str:
        return await try_rule(rule, DETECTORS, self.application.caller.database)

    async def _sign_in(self, user: str) -> str:
        caller = self.application.caller
        sent = msgspec.json.encode({"email": user, "password": PASSWORD})
        for path in ("register", "login"):
            answer = await caller.ask(f"/api/v1/auth/{path}", "POST", JSON, sent)
            assert answer.status < 300, answer.body
            caller.database.connection.execute(
                "UPDATE users SET role = 'admin', plan = 'enterprise' WHERE email = ?", (user,)
            )
        token = msgspec.json.decode(body(answer))["data"]["access_token"]
        assert isinstance(token, str)
        return token


def _caller() -> Caller:
    database = seeded()
    judging.seed(database)
    caller = Caller(database)
    caller.parts.previews = msgspec.json.encode(FEED).decode()
    return caller


async def _derive(self: MemoryOutside, password: bytes, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password, salt, 1)
