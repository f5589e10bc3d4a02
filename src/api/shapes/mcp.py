"""Shapes of /mcp: the answers of JSON-RPC 2.0 (https://www.jsonrpc.org/specification)."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType


class RpcError(msgspec.Struct, forbid_unknown_fields=True):
    """What was wrong with a message."""

    code: int
    message: str
    data: Any = None


class RpcAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """The answer to a request: `result`, or `error`."""

    jsonrpc: Literal["2.0"]
    id: int | Annotated[str, msgspec.Meta(examples=["1"])] | None
    result: dict[str, Any] | UnsetType = UNSET
    error: RpcError | UnsetType = UNSET
