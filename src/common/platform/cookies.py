"""Cookies on an answer of the runtime, also on one that was passed on as it came."""

from typing import Any

import js

SWITCHING_PROTOCOLS = 101


def with_cookies(answer: Any, cookies: list[str]) -> Any:
    """Return the answer with a Set-Cookie header for each; nobody may keep such an answer.

    A WebSocket that opens is left as it is: a copy of its answer would hold no socket.
    """
    raw = getattr(answer, "js_object", answer)
    if not cookies or raw.status == SWITCHING_PROTOCOLS:
        return answer
    changed = js.Response.new(raw.body, raw)  # what came over a binding cannot be changed
    for cookie in cookies:
        changed.headers.append("set-cookie", cookie)
    changed.headers.set("cache-control", "no-store")
    return changed
