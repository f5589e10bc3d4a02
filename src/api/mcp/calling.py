"""Calling a tool: its arguments become a request of the API, the answer becomes a result."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from api.identity.grant import challenge
from api.mcp import paying, schemas
from api.mcp.tool import Tool
from api.permissions import Permission
from api.routing import Ask, Reads, Router
from common.envelope import Answer
from common.errors import Problem

Result = dict[str, object]
# Credentials of OAuth: their bearer can be asked to allow more.
GRANTED = ("app", "token")
HERE = "/mcp"  # the path that the server's metadata are about
# What most tools need, all of it public figures: whoever signs in is asked for it at once.
BASICS: frozenset[Permission] = frozenset(
    {"analytics:read", "market:read", "news:read", "signals:read"}
)


class _Told(msgspec.Struct):
    """What is read of a problem."""

    type: str
    detail: str = ""


async def call(
    tool: Tool, arguments: dict[str, Any], payment: str | None, ask: Ask, reads: Reads
) -> Result:
    """Return the result of a call. Raises Problem 401 or 403 for what authorization would help."""
    wrong = _wrong(tool, arguments)
    if wrong is not None:
        return failed(wrong)
    target, sent = _request(tool, arguments)
    elsewhere = _elsewhere(tool, arguments, target)
    if elsewhere is not None:
        return failed(elsewhere)
    answer = await ask(target, method=tool.route.method, sent=sent, payment=payment)
    return _result(answer, tool.route.permission, reads)


def _result(answer: Answer, permission: Permission, reads: Reads) -> Result:
    body = answer.body if isinstance(answer.body, str) else ""
    if answer.status < 400:
        return {
            "content": [{"type": "text", "text": body}],
            "structuredContent": msgspec.Raw(body.encode()),
            "isError": False,
            "_meta": paying.receipt_of(answer),
        }
    offered = paying.offer_of(answer)
    if offered is not None:
        return offered
    told = require_authorized(answer, permission, reads)
    kind = told.type.rpartition("/")[2]
    wait = answer.headers.get("retry-after")
    again = f" Try again in {wait} s." if wait else ""
    result = failed(f"{kind} ({answer.status}): {told.detail}{again}")
    return result | {"structuredContent": msgspec.Raw(body.encode())}


def require_authorized(answer: Answer, permission: Permission, reads: Reads) -> _Told:
    """Return the problem of an answer, unless authorization would solve it: then raise it.

    Raises Problem 401 for a caller without a credential, 403 for one whose tokens do not
    reach, each with the header that starts a client's OAuth flow (RFC 6750, RFC 9728).
    """
    told = msgspec.json.decode(answer.body if isinstance(answer.body, str) else "", type=_Told)
    kind = told.type.rpartition("/")[2]
    guest = reads.principal.kind == "guest"
    if answer.status == 401 or (guest and kind == "key-needed"):
        detail = "Sign in by OAuth, or send an API key in 'Authorization: Bearer <key>'."
        raise Problem(401, "key-missing", detail, _challenge(reads, "", BASICS | {permission}))
    if kind == "scope-missing" and reads.principal.kind in GRANTED:
        raise Problem(
            403, "scope-missing", told.detail, _challenge(reads, "insufficient_scope", {permission})
        )
    return told


def failed(text: str) -> Result:
    """Return the result of a call that did not succeed, with what to change."""
    return {"content": [{"type": "text", "text": text}], "isError": True}


def _challenge(reads: Reads, error: str, scopes: Iterable[str]) -> dict[str, str]:
    headers = challenge(reads.setting, error, HERE)
    headers["www-authenticate"] += f', scope="{" ".join(sorted(scopes))}"'
    return headers


def _wrong(tool: Tool, arguments: dict[str, Any]) -> str | None:
    """Return what is wrong with the names of arguments; their values are the route's business."""
    unknown = [name for name in arguments if name not in tool.arguments]
    if unknown:
        known = ", ".join(tool.arguments) or "none"
        return f"Unknown argument {unknown[0][:60]!r}. {tool.name} takes: {known}."
    missing = [
        name
        for name in (*tool.in_path, *tool.required)
        if arguments.get(name) is None or arguments[name] == ""
    ]
    return (
        f"The argument {missing[0]!r} is missing: {tool.arguments[missing[0]]}."
        if missing
        else None
    )


@cache
def _router() -> Router:
    # It holds the route that this is part of.
    from api.routes import ROUTES

    return Router(ROUTES)


def _elsewhere(tool: Tool, arguments: dict[str, Any], target: str) -> str | None:
    """Return what is wrong with arguments that would make the path that of another route.

    A tool is told and priced as its own route; what has no route at all is the API's to refuse.
    """
    if not tool.in_path:
        return None
    try:
        route, _ = _router().find(target.partition("?")[0], tool.route.method)
    except Problem as problem:
        if problem.status != 405:  # another route's, with another method
            return None
    else:
        if route is tool.route:
            return None
    told = {name: tool.arguments[name] for name in tool.in_path}
    known = schemas.of_arguments(tool.route.request, told, ())["properties"]
    wrong = [
        f"{name!r} cannot be {_text(arguments[name])[:60]!r}"
        + (f"; it is one of {', '.join(known[name]['enum'])}" if "enum" in known[name] else "")
        for name in tool.in_path
    ]
    return ". ".join(wrong) + "."


def _request(tool: Tool, arguments: dict[str, Any]) -> tuple[str, bytes]:
    """Return the request's target and body."""
    given = {name: value for name, value in arguments.items() if value is not None}
    path = tool.route.path
    for name in tool.in_path:
        path = path.replace(f"{{{name}}}", quote(_text(given.pop(name)), safe=""))
    if tool.route.has_body:
        return path, msgspec.json.encode(given)
    query = urlencode({name: _text(value) for name, value in given.items()})
    return f"{path}?{query}" if query else path, b""


def _text(value: Any) -> str:
    """Return a value as a query says it: a list with commas, everything else as in JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(_text(one) for one in value)
    return msgspec.json.encode(value).decode()
