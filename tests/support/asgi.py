"""The gateway as an ASGI application (https://asgi.readthedocs.io/), for clients of HTTP."""

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from common.envelope import Answer
from tests.api.calling import BASE, Caller, FakeRequest

Message = dict[str, Any]
Told = TypeVar("Told")


class Application:
    """Every request goes to the gateway of the Caller that `make` returns.

    A client may ask from any thread; a database belongs to one. So all requests
    are answered by one thread, as in an isolate. Each comes from an address of
    its own: what is suspected of an address is not what such a client looks for.
    """

    def __init__(self, make: Callable[[], Caller]) -> None:
        self.statuses: Counter[int] = Counter()
        self._number = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.caller: Caller = self.run(_called(make))

    def run(self, work: Coroutine[Any, Any, Told]) -> Told:
        """Do `work` in the thread that answers."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer one request."""
        assert scope["type"] == "http"
        headers = {
            name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]
        }
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        request = FakeRequest(BASE + target, scope["method"], headers)
        work = self._answer(request, await _read(receive))
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        answer, body = await asyncio.wrap_future(future)
        named = [(name.encode(), text.encode("latin-1")) for name, text in answer.headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": named})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, request: FakeRequest, sent: bytes) -> tuple[Answer, bytes]:
        self._number += 1
        number = self._number
        caller = self.caller
        caller.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        caller.parts.now = caller.now
        answer = await caller.gateway.answer(request, caller.context(sent))
        self.statuses[answer.status] += 1
        if isinstance(answer.body, str):
            body = answer.body.encode()
        else:
            body = b"".join([part.encode() async for part in answer.body])
        await self._settle()
        return answer, body

    async def _settle(self) -> None:
        """Do what was left for later, but for what waits on purpose."""
        pending = self.caller.parts.pending
        while pending:
            task = asyncio.create_task(pending.pop(0))
            await asyncio.sleep(0)  # nothing here waits for anything outside: one turn is enough
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _called(make: Callable[[], Told]) -> Told:
    return make()


async def _read(receive: Callable[[], Awaitable[Message]]) -> bytes:
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
