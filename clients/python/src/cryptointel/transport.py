"""How requests reach the API: httpx on CPython, the browser's own means in Pyodide."""

import sys
from typing import Any, Protocol

from cryptointel.answers import Reply
from cryptointel.errors import Unreachable
from cryptointel.requests import Request

IN_BROWSER = sys.platform == "emscripten"


class Transport(Protocol):
    """Sends requests one after another."""

    def send(self, request: Request) -> Reply:
        """Return the answer. Raises Unreachable."""

    def close(self) -> None:
        """Let go of connections."""


class AsyncTransport(Protocol):
    """Sends requests, many at once."""

    async def send(self, request: Request) -> Reply:
        """Return the answer. Raises Unreachable."""

    async def close(self) -> None:
        """Let go of connections."""


class HttpxTransport:
    """httpx; `client` may be one of yours, with proxies or certificates."""

    def __init__(self, client: Any = None) -> None:
        import httpx

        self._failures = (httpx.TransportError,)
        self._client: httpx.Client = client or httpx.Client()

    def send(self, request: Request) -> Reply:
        """Return the answer. Raises Unreachable."""
        try:
            got = self._client.request(
                request.method, request.url,
                headers=request.headers, content=request.body, timeout=request.timeout,
            )  # fmt: skip
        except self._failures as error:
            raise _unreachable(error) from error
        return Reply(got.status_code, got.headers, got.content)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class AsyncHttpxTransport:
    """httpx; `client` may be one of yours, with proxies or certificates."""

    def __init__(self, client: Any = None) -> None:
        import httpx

        self._failures = (httpx.TransportError,)
        self._client: httpx.AsyncClient = client or httpx.AsyncClient()

    async def send(self, request: Request) -> Reply:
        """Return the answer. Raises Unreachable."""
        try:
            got = await self._client.request(
                request.method, request.url,
                headers=request.headers, content=request.body, timeout=request.timeout,
            )  # fmt: skip
        except self._failures as error:
            raise _unreachable(error) from error
        return Reply(got.status_code, got.headers, got.content)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def own_transport() -> Transport:
    """Return what works here."""
    if IN_BROWSER:
        from cryptointel.browser import BrowserTransport

        return BrowserTransport()
    return HttpxTransport()


def own_async_transport() -> AsyncTransport:
    """Return what works here."""
    if IN_BROWSER:
        from cryptointel.browser import AsyncBrowserTransport

        return AsyncBrowserTransport()
    return AsyncHttpxTransport()


def _unreachable(error: Exception) -> Unreachable:
    return Unreachable(f"No answer came: {error or type(error).__name__}")
