"""Messages to the MCP server of a gateway, and what it answers."""

from typing import Any

import msgspec

from api.principal import Principal
from common.envelope import Answer
from tests.api.calling import KEY, Caller
from tests.api.calling import body as text_of

HEADERS = {
    "content-type": "application/json", "accept": "application/json, text/event-stream",
}  # fmt: skip
MODERN = "2026-07-28"
ABOUT: dict[str, Any] = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
}


def message(method: str, params: dict[str, Any] | None = None, number: Any = 1) -> dict[str, Any]:
    told: dict[str, Any] = {"jsonrpc": "2.0", "id": number, "method": method}
    return told if params is None else told | {"params": params}


def post(
    ask: Caller, sent: Any, *, key: str | None = KEY, principal: Principal | None = None,
    **headers: str | None,
) -> Answer:  # fmt: skip
    """POST a message; names of headers have _ for -, and None takes one away."""
    named = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    given = {name: value for name, value in named.items() if value is not None}
    raw = sent if isinstance(sent, bytes) else msgspec.json.encode(sent)
    return ask("/mcp", "POST", key=key, principal=principal, headers=given, sent=raw)


def told(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, answer.body
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "no-store"
    return msgspec.json.decode(text_of(answer))


def result(ask: Caller, method: str, params: dict[str, Any] | None = None, **more: Any) -> Any:
    """Return the result of a request of a revision with a handshake."""
    answer = told(post(ask, message(method, params), mcp_protocol_version="2025-11-25", **more))
    assert answer["id"] == 1
    return answer["result"]


def refused(answer: Answer, status: int) -> Any:
    """Return the error of JSON-RPC that an answer holds."""
    return told(answer, status)["error"]


def call(ask: Caller, name: str, arguments: Any = None, **more: Any) -> Any:
    """Return the result of a call of a tool."""
    given = {} if arguments is None else {"arguments": arguments}
    return result(ask, "tools/call", {"name": name, **given}, **more)


def modern(
    ask: Caller, method: str, params: dict[str, Any] | None = None, **headers: str | None
) -> Answer:
    """POST a request as 2026-07-28 has it."""
    given = {"_meta": ABOUT, **(params or {})}
    name = given.get("name") or given.get("uri")
    named: dict[str, Any] = {
        "mcp_protocol_version": MODERN, "mcp_method": method, "mcp_name": name,
    }  # fmt: skip
    return post(ask, message(method, given), **(named | headers))
