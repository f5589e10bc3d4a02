"""The messages of MCP: which revisions there are, and how JSON-RPC is read and answered.

Two eras. Until 2025-11-25 a client says `initialize` once; from 2026-07-28 on every
request says its revision in `_meta` and in headers. Nothing here needs a session, so
both are answered one request at a time (Streamable HTTP, answers as JSON):
https://modelcontextprotocol.io/specification/2026-07-28/basic and
https://modelcontextprotocol.io/specification/2025-11-25/basic/transports.
"""

from typing import Any

import msgspec

from common import strict_json
from common.errors import CryptoIntelError, Problem
from common.nesting import check_nesting

HANDSHAKE = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MODERN = ("2026-07-28",)
VERSIONS = (*HANDSHAKE, *MODERN)
BATCHING = HANDSHAKE[:2]  # later revisions know no arrays of messages
UNSAID = "2025-03-26"  # what a request without the header speaks: 2025-11-25, transports

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
REFUSED = -32000  # by the transport, or the API: implementation-defined
PAYMENT_REQUIRED = 402  # as x402 has it for what is no tool
NO_SUCH_RESOURCE = -32002  # INVALID_PARAMS since 2026-07-28
HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022

MEMBERS = ("jsonrpc", "id", "method", "params", "result", "error")
DEEPEST, MOST_VALUES = 24, 5_000
LARGEST_ID, LONGEST_ID = 2**53, 256

Id = int | str


class Refusal(CryptoIntelError):
    """An error of JSON-RPC; `status` is the answer's where the revision gives errors one."""

    def __init__(self, code: int, message: str, status: int = 200, data: object = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.data = data


class Message(msgspec.Struct, frozen=True):
    """A request, or without `id` a notification; `method` is None for an answer of the client."""

    id: Id | None
    method: str | None
    params: dict[str, Any]

    @property
    def meta(self) -> dict[str, Any]:
        """What the client says about the request."""
        meta = self.params.get("_meta")
        return meta if isinstance(meta, dict) else {}


def read(body: bytes) -> Any:
    """Return the JSON of a body. Raises Refusal for what is none that is taken here."""
    try:
        check_nesting(body, DEEPEST, MOST_VALUES)
        return strict_json.read(body)
    except (ValueError, RecursionError) as error:  # msgspec's and Unicode's are ValueErrors
        raise Refusal(PARSE_ERROR, f"The body is no usable JSON: {error}.", 400) from None


def read_message(given: Any) -> Message:
    """Return a message of JSON-RPC 2.0. Raises Refusal that says what is wrong with it."""
    if isinstance(given, list):
        raise invalid("This revision takes one message a request, no array of them.")
    if not isinstance(given, dict):
        raise invalid("A message is a JSON object.")
    if given.get("jsonrpc") != "2.0":
        raise invalid('A message has "jsonrpc": "2.0".')
    unknown = [name for name in given if name not in MEMBERS]
    if unknown:
        raise invalid(f"A message has no member {unknown[0]!r:.60}.")
    has_id, identity = "id" in given, given.get("id")
    if "method" not in given and ("result" in given or "error" in given):
        return Message(None, None, {})
    method = given.get("method")
    if not isinstance(method, str):
        raise invalid("`method` must be a text.")
    if has_id and not _is_id(identity):
        raise invalid("`id` must be a text or a whole number.")
    params = given.get("params", {})
    if not isinstance(params, dict):
        raise invalid("`params` must be an object.")
    return Message(identity if has_id else None, method, params)


def invalid(message: str) -> Refusal:
    """Return the refusal of what is no message of JSON-RPC."""
    return Refusal(INVALID_REQUEST, message, 400)


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_ID
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_ID


def succeeded(identity: Id, result: dict[str, object]) -> str:
    """Return the answer to a request as JSON; parts of it may be msgspec.Raw."""
    return _encode({"jsonrpc": "2.0", "id": identity, "result": result})


def failed(identity: Id | None, refusal: Refusal) -> str:
    """Return the answer to a request, or to what could not be read, as JSON."""
    error: dict[str, object] = {"code": refusal.code, "message": refusal.message}
    if refusal.data is not None:
        error["data"] = refusal.data
    return _encode({"jsonrpc": "2.0", "id": identity, "error": error})


def refused(identity: Id | None, problem: Problem) -> str:
    """Return the answer to one message of an array whose answer alone would be an HTTP status."""
    about = {"kind": problem.kind, "status": problem.status}
    return failed(identity, Refusal(REFUSED, problem.detail, data=about))


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()
