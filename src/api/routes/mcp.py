"""/mcp: the same reads for agents, as an MCP server (Streamable HTTP, without sessions)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from api.identity.addresses import api_url, dashboard_url
from api.mcp import protocol, transport
from api.mcp.protocol import Message, Refusal
from api.mcp.server import Asked, answer
from api.routing import PRIVATE, Ask, Reads, Route
from api.shapes.mcp import RpcAnswer
from common.envelope import JSON, Answer
from common.errors import Problem, Retryable

MOST_MESSAGES = 20  # of an array, in the revisions that know them
Number = Annotated[int, msgspec.Meta(ge=-protocol.LARGEST_ID, le=protocol.LARGEST_ID)]
Text = Annotated[str, msgspec.Meta(max_length=protocol.LONGEST_ID, examples=["1"])]
HEADERS = {"content-type": JSON, "cache-control": "no-store"}


class McpRequest(msgspec.Struct):
    """A message of JSON-RPC 2.0: a request has `method` and `id`, a notification no `id`."""

    jsonrpc: Literal["2.0"]
    method: str | None = None
    id: Number | Text | None = None
    params: dict[str, Any] = {}
    result: Any = None
    error: Any = None


class Posted(msgspec.Struct):
    """The body as it was sent: what is wrong with it is answered in JSON-RPC."""

    body: bytes


def read_posted(route: Route, path: Mapping[str, str], body: bytes) -> Posted:  # noqa: ARG001
    """Return the body unread."""
    return Posted(body)


async def mcp(request: Posted, reads: Reads) -> Answer:
    """Answer a message, or the messages of an array, each for itself.

    Raises Problem 403 for a page of another origin, 401 and 403 where
    authorization would help with a message that stands alone.
    """
    if reads.ask is None:
        raise Retryable("no way to ask for further reads")
    check_origin(reads)
    try:
        transport.check_accept(reads.header("accept"))
        version = transport.version_of(reads.header)
        given = protocol.read(request.body)
        if isinstance(given, list) and version in protocol.BATCHING:
            return await _array(given, version, reads.ask, reads)
        message = protocol.read_message(given)
    except Refusal as refusal:
        return _refused(None, refusal)
    try:
        result = await _one(message, version, reads.ask, reads)
    except Refusal as refusal:
        return _refused(message.id, refusal, version)
    return Answer(202, {"cache-control": "no-store"}, "") if result is None else _told(result)


def check_origin(reads: Reads) -> None:
    """Raise Problem 403 for a page of another origin than ours, unless the caller's key names it.

    A page that somebody happens to visit must not reach tools by his browser.
    """
    origin = reads.header("origin")
    ours = (api_url(reads.setting), dashboard_url(reads.setting))
    if origin is None or origin.lower() in ours or origin.lower() in (reads.origins or ()):
        return
    raise Problem(
        403, "origin-refused", "Pages of this origin may not use this server. Make a key that"
        " names the origin and send it.",
    )  # fmt: skip


async def _one(message: Message, version: str, ask: Ask, reads: Reads) -> str | None:
    """Return the answer to a message as JSON, None to one that wants none. Raises Refusal."""
    modern = version in protocol.MODERN
    if message.method is None and modern:
        raise protocol.invalid("This server asks nothing, so there is nothing to answer.")
    if message.id is None or message.method is None:
        return None
    if modern:
        transport.check_modern(message, version, reads.header)
    result = await answer(Asked(message, modern, ask, reads, reads.header))
    return protocol.succeeded(message.id, result)


async def _array(given: list[Any], version: str, ask: Ask, reads: Reads) -> Answer:
    if not 0 < len(given) <= MOST_MESSAGES:
        raise protocol.invalid(f"An array holds 1 to {MOST_MESSAGES} messages.")
    answers: list[str] = []
    some = False
    for one in given:
        identity = None
        try:
            message = protocol.read_message(one)
            some, identity = True, message.id
            if message.method == "initialize":
                raise protocol.invalid("initialize stands alone.")
            result = await _one(message, version, ask, reads)
        except Refusal as refusal:
            result = protocol.failed(identity, refusal)
        except Problem as problem:  # the others' answers stand, some of them paid
            result = protocol.refused(identity, problem)
        if result is not None:
            answers.append(result)
    if not some:
        raise protocol.invalid("The array holds no message.")
    if not answers:
        return Answer(202, {"cache-control": "no-store"}, "")
    return _told(f"[{','.join(answers)}]")


def _refused(
    identity: protocol.Id | None, refusal: Refusal, version: str = protocol.MODERN[0]
) -> Answer:
    """Return a refusal. Of a request that was read, earlier revisions tell it with status 200."""
    unsaid = version in protocol.HANDSHAKE and identity is not None
    return _told(protocol.failed(identity, refusal), 200 if unsaid else refusal.status)


def _told(text: str, status: int = 200) -> Answer:
    return Answer(status, dict(HEADERS), text)


ROUTES = (
    Route(
        path="/mcp",
        summary="The MCP server: prices, signals, news, reports and watchlists as tools for agents",
        description="Streamable HTTP without sessions, revisions 2024-11-05 to 2026-07-28. Without"
        " a credential tools and resources can be listed. A call of a tool is besides counted,"
        " allowed and paid as the request of the API that it stands for; errors have the form of"
        " JSON-RPC. Each message of an array (revisions until 2025-03-26) is answered for itself.",
        request=McpRequest,
        handler=mcp,
        reader=read_posted,
        permission="public",
        knows_caller=True,
        method="POST",
        answers=RpcAnswer,
        example={"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
        problems=("origin-refused", "key-missing", "scope-missing"),
        cache=PRIVATE,
    ),
)
