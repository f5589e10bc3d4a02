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


_MOST_INITS = 500
# Made while serving, never at import: a deployment's snapshot holds no JavaScript objects.
_inits: dict[Any, Any] = {}


def outgoing(answer: Answer) -> Any:
    """Return the runtime's Response for `answer`.

    An answer that may be given again (it has an ETag) keeps its headers on
    the other side; then only the request id crosses. A Response copies what
    it is made from, so the next one may change it.
    """
    if "etag" not in answer.headers:
        return _response(answer, _init(answer.status, answer.headers))
    request_id = answer.headers.get("x-request-id", "")
    fixed = tuple(pair for pair in answer.headers.items() if pair[0] != "x-request-id")
    init = _inits.get((answer.status, fixed))
    if init is None:
        if len(_inits) >= _MOST_INITS:
            _inits.clear()
        init = _inits[answer.status, fixed] = _init(answer.status, dict(fixed))
    init.headers.set("x-request-id", request_id)
    return _response(answer, init)


def _init(status: int, headers: dict[str, str]) -> Any:
    init = js.Object.new()
    init.status = status
    init.headers = js.Headers.new()
    for name, value in headers.items():
        init.headers.set(name, value)
    return init


def _response(answer: Answer, init: Any) -> Any:
    return js.Response.new(None if answer.status in (204, 304) else answer.body, init)
