"""A site whose answers a test says."""

from collections.abc import Callable
from typing import Any

import httpx

from cryptointel import Client, Retries
from cryptointel.transport import HttpxTransport
from tests.api.calling import BASE, KEY

Answering = Callable[[httpx.Request], httpx.Response]


def answering(answer: Answering, retries: Retries | None = None) -> Client:
    """Return a client of a site that answers so."""
    transport = HttpxTransport(httpx.Client(transport=httpx.MockTransport(answer)))
    return Client(KEY, base_url=BASE, transport=transport, retries=retries)


def said(data: Any, **meta: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": data, "meta": meta})
