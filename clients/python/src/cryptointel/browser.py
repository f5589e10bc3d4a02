"""The browser's own means, for Pyodide: XMLHttpRequest by pyodide-http, and fetch.

Cookies go along to the page's own origin, so whoever is signed in there asks.
Waiting for an answer without `await` needs a Web Worker; in the page itself a
synchronous request can neither be timed out nor be told from a hung page.
"""

from typing import Any

from cryptointel.answers import Reply
from cryptointel.errors import Unreachable
from cryptointel.requests import Request

# The browser says by itself who it is.
_NOT_OURS = ("user-agent",)


class BrowserTransport:
    """Waits for each answer (pyodide-http)."""

    def send(self, request: Request) -> Reply:
        """Return the answer. Raises Unreachable."""
        # Not through urllib: what stands in for urlopen there has no timeout.
        from pyodide.ffi import JsException
        from pyodide_http import _core  # type: ignore[import-not-found, unused-ignore]

        asked = _core.Request(
            request.method, request.url,
            body=request.body, headers=_headers(request), timeout=request.timeout,
        )  # fmt: skip
        try:
            got = _core.send(asked)
        except JsException as error:
            raise _unreachable(error) from None
        headers = {name.lower(): value for name, value in got.headers.items()}
        return Reply(got.status_code, headers, bytes(got.body))

    def close(self) -> None:
        """There is nothing to let go of."""


class AsyncBrowserTransport:
    """Asks by fetch."""

    async def send(self, request: Request) -> Reply:
        """Return the answer. Raises Unreachable."""
        from js import AbortSignal
        from pyodide.ffi import JsException
        from pyodide.http import pyfetch

        options: dict[str, Any] = {
            "method": request.method,
            "headers": _headers(request),
            "signal": AbortSignal.timeout(int(request.timeout * 1000)),
        }
        if request.body is not None:
            options["body"] = request.body
        try:
            got = await pyfetch(request.url, **options)
            body = await got.bytes()
        except (JsException, OSError) as error:
            raise _unreachable(error) from None
        headers = {name.lower(): value for name, value in got.headers.items()}
        return Reply(got.status, headers, body)

    async def close(self) -> None:
        """There is nothing to let go of."""


def own_origin() -> str:
    """Return the origin of the page."""
    from js import location

    return str(location.origin)


def _headers(request: Request) -> dict[str, str]:
    return {n: value for n, value in request.headers.items() if n.lower() not in _NOT_OURS}


def _unreachable(error: Exception) -> Unreachable:
    return Unreachable(f"No answer came: {str(error).strip() or type(error).__name__}")
