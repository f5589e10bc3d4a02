"""One request against answers that a test gives."""

import asyncio
import random
from collections.abc import AsyncIterator

import httpx

from collection.fetch import Ask, Fetcher, Limits, Reply, Slots, Usage
from common.errors import CryptoIntelError

URL = "https://provider.example/v1/prices?page=2&x=a%20b"


class Chunks(httpx.AsyncByteStream):
    """A body of `count` chunks that knows how many were read."""

    def __init__(self, count: int, size: int) -> None:
        self.count, self.size, self.read = count, size, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.count):
            self.read += 1
            yield b"x" * self.size


class Fetched:
    """One get against answers of a test: its result or error, waits, usage and requests."""

    def __init__(
        self,
        *answers: httpx.Response | Exception,
        upstream: str = "",
        limits: Limits | None = None,
        seed: int = 1,
        ask: Ask | None = None,
        slots: int = 10,
    ) -> None:
        self.waits: list[float] = []
        self.usage = Usage()
        self.requests: list[httpx.Request] = []
        self.reply: Reply | None = None
        self.error: CryptoIntelError | None = None
        left = list(answers)

        def answer(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            given = left.pop(0)
            if isinstance(given, Exception):
                raise given
            return given

        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        async def run() -> None:
            async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
                fetcher = Fetcher(client, sleep, random.Random(seed), upstream, limits)
                try:
                    granted = Slots([0.0] * slots, lambda: 0.0, sleep)
                    self.reply = await fetcher.get(ask or Ask(URL), self.usage, granted)
                except CryptoIntelError as error:
                    self.error = error

        asyncio.run(run())

    @property
    def body(self) -> bytes | None:
        return self.reply.body if self.reply else None
