"""Requests and answers of the runtime, with as few crossings into JavaScript as possible.

The SDK's `request.headers` rebuilds all headers at every access and its
Response converts more than is needed here; both cost more than a cached
answer does.
"""

from typing import Any, NamedTuple

import js
from pyodide.ffi import jsnull

from common.envelope import Answer


class Incoming(NamedTuple):
    """A request as the pure code reads it; `raw` is the runtime's own object."""

    method: str
    url: str
    raw: Any

    def header(self, name: str) -> str | None:
        """Return one header, None when it is absent."""
        value = self.raw.headers.get(name)
        return None if value is None or value is jsnull else str(value)


def incoming(request: Any) -> Incoming:
    """Wrap the request that a fetch handler got."""
    raw = getattr(request, "js_object", request)
    return Incoming(str(raw.method), str(raw.url), raw)


def outgoing(answer: Answer) -> Any:
    """Return the runtime's Response for `answer`."""
    init = js.Object.new()
    init.status = answer.status
    headers = js.Headers.new()
    for name, value in answer.headers.items():
        headers.set(name, value)
    init.headers = headers
    empty = answer.status in (204, 304)
    return js.Response.new(None if empty else answer.body, init)
