"""Streamable HTTP: what the headers of a request must say, before its message is looked at.

https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http.
The server asks nothing of its own, so there is no stream to GET and no session to end.
"""

import re
from base64 import b64decode
from collections.abc import Callable

from api.mcp import protocol
from api.mcp.protocol import HEADER_MISMATCH, INVALID_PARAMS, Message, Refusal

VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
# The parameter that the header Mcp-Name repeats.
NAMED = {"tools/call": "name", "resources/read": "uri"}

Header = Callable[[str], str | None]
_wrapped = re.compile(r"=\?base64\?(.*)\?=")


def check_accept(accept: str | None) -> None:
    """Raise Refusal unless the client takes JSON."""
    if not accept:
        return
    kinds = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    if not {"application/json", "application/*", "*/*"} & set(kinds):
        raise Refusal(
            protocol.REFUSED, "Answers are application/json: name it in the header Accept.", 406
        )


def version_of(header: Header) -> str:
    """Return the revision that the header names, or stands for it. Raises Refusal."""
    named = header("mcp-protocol-version")
    if named is None:
        return protocol.UNSAID
    if named not in protocol.VERSIONS:
        raise unsupported(named)
    return named


def unsupported(requested: str) -> Refusal:
    """Return the refusal of a revision that is not spoken here."""
    return Refusal(
        protocol.UNSUPPORTED_VERSION, "Unsupported protocol version", 400,
        {"supported": list(protocol.VERSIONS), "requested": requested[:100]},
    )  # fmt: skip


def check_modern(message: Message, version: str, header: Header) -> None:
    """Raise Refusal unless a request of 2026-07-28 is whole and its headers repeat its body.

    What stands on the way may decide by the headers, and must not be told otherwise there.
    """
    meta = message.meta
    missing = [key for key in (VERSION_KEY, CAPABILITIES_KEY) if key not in meta]
    if missing:
        raise Refusal(INVALID_PARAMS, f"params._meta needs {' and '.join(missing)}.", 400)
    if meta[VERSION_KEY] != version:
        raise _mismatch("MCP-Protocol-Version", VERSION_KEY)
    if header("mcp-method") != message.method:
        raise _mismatch("Mcp-Method", "method")
    named = NAMED.get(message.method or "")
    if named and _unwrapped(header("mcp-name")) != message.params.get(named):
        raise _mismatch("Mcp-Name", f"params.{named}")


def _mismatch(name: str, place: str) -> Refusal:
    return Refusal(HEADER_MISMATCH, f"The header {name} is not what the body says: {place}.", 400)


def _unwrapped(value: str | None) -> str | None:
    """Return the text of a header, which stands in base64 where a header could not hold it."""
    found = _wrapped.fullmatch(value) if value else None
    if found is None:
        return value
    try:
        return b64decode(found[1], validate=True).decode()
    except ValueError:
        return None
