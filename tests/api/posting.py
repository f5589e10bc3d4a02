"""Requests with a body to a gateway, and custom feeds to send."""

from typing import Any

import msgspec

from api.principal import Principal
from common.envelope import Answer
from tests.api.calling import KEY, Caller
from tests.api.calling import body as text_of

FEEDS = "/api/v1/feeds"
SPEC: dict[str, Any] = {
    "name": "Prices", "url": "https://feeds.example/prices.json", "format": "json",
    "kind": "reading", "unit": "USD", "items": "result.items",
    "fields": {"key": "ticker", "value": "last"},
}  # fmt: skip
NEWS = {"name": "Blog", "url": "https://feeds.example/blog.rss", "format": "rss", "kind": "news"}
SECRET = "0ddba11" * 6
OTHER, ADMIN = f"ci_test_other_{SECRET}", f"ci_test_admin_{SECRET}"


def send(
    ask: Caller, method: str, path: str, body: Any = None, *, key: str | None = KEY,
    principal: Principal | None = None, media_type: str = "application/json",
) -> Answer:  # fmt: skip
    """Send a request with a body through the gateway of `ask`."""
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    headers = {"content-type": media_type}
    return ask(path, method, key=key, principal=principal, headers=headers, sent=raw)


def kind(answer: Answer, status: int) -> tuple[str, str]:
    """Check that an answer is a problem; return its kind and what it says."""
    told = msgspec.json.decode(text_of(answer))
    assert (answer.status, told["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    return told["type"].rpartition("/")[2], told["detail"]


def data(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, text_of(answer)
    return msgspec.json.decode(text_of(answer))["data"]


def registered(ask: Caller, spec: Any = SPEC, key: str = KEY) -> str:
    return str(data(send(ask, "POST", FEEDS, spec, key=key), 201)["feed_id"])
