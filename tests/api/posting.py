"""Requests with a body to a gateway, and custom feeds to send."""

import asyncio
from typing import Any

import msgspec

from api.identity import Context, Principal
from common.envelope import Answer
from tests.api.calling import BASE, KEY, PEPPER, Caller, FakeRequest

FEEDS = "/api/v1/feeds"
SPEC: dict[str, Any] = {
    "name": "Prices", "url": "https://feeds.example/prices.json", "format": "json",
    "kind": "reading", "unit": "USD", "items": "result.items",
    "fields": {"key": "ticker", "value": "last"},
}  # fmt: skip
NEWS = {"name": "Blog", "url": "https://feeds.example/blog.rss", "format": "rss", "kind": "news"}
SECRET = "0ddba11" * 6
OTHER, ADMIN = f"ci_test_other_{SECRET}", f"ci_test_admin_{SECRET}"


class Outside:
    """What the runtime gives: the body of this request, and the previews of other Workers."""

    def __init__(self, body: bytes, answer: str | Exception = '{"state":"ok"}') -> None:
        self._body, self._answer = body, answer
        self.previewed: list[Any] = []

    async def body(self, most_bytes: int) -> bytes | None:
        return self._body if len(self._body) <= most_bytes else None

    async def preview(self, spec: str) -> str:
        self.previewed.append(msgspec.json.decode(spec))
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    async def preview_rule(self, rule: str) -> str:
        return await self.preview(rule)


def send(
    ask: Caller, method: str, path: str, body: Any = None, *, key: str | None = KEY,
    principal: Principal | None = None, media_type: str = "application/json",
    outside: Outside | None = None,
) -> Answer:  # fmt: skip
    """Send a request with a body through the gateway of `ask`."""
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    headers = {"content-type": media_type} | ({"authorization": key} if key else {})
    settings = {"API_KEY_PEPPER": PEPPER, "DATA_ORIGIN": "simulated"}
    context = Context(lambda: ask.database, settings.get, ask.now, outside or Outside(raw))
    return asyncio.run(
        ask.gateway.answer(FakeRequest(BASE + path, method, headers), context, principal)
    )


def kind(answer: Answer, status: int) -> tuple[str, str]:
    """Check that an answer is a problem; return its kind and what it says."""
    told = msgspec.json.decode(answer.body)
    assert (answer.status, told["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    return told["type"].rpartition("/")[2], told["detail"]


def data(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, answer.body
    return msgspec.json.decode(answer.body)["data"]


def registered(ask: Caller, spec: Any = SPEC, key: str = KEY) -> str:
    return str(data(send(ask, "POST", FEEDS, spec, key=key), 201)["feed_id"])
