"""httpx over the gateway itself, without a network: stock clients run against it unmodified."""

from typing import Protocol

import httpx

from common.envelope import Answer


class Site(Protocol):
    """What answers a request (tests.api.calling.Caller)."""

    async def ask(
        self, path: str, method: str, headers: dict[str, str], sent: bytes = b""
    ) -> Answer:
        """Answer one request."""


class GatewayTransport(httpx.AsyncBaseTransport):
    """Hands every request to a gateway; `base` is the only origin that it serves."""

    def __init__(self, site: Site, base: str) -> None:
        self._site = site
        self._base = base

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        if not url.startswith(self._base + "/"):
            raise httpx.ConnectError("nobody there", request=request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = url.removeprefix(self._base)
        answer = await self._site.ask(path, request.method, headers, await request.aread())
        body = answer.body
        if not isinstance(body, str):
            body = "".join([part async for part in body])
        return httpx.Response(answer.status, headers=answer.headers, content=body)
