"""Closing a connection instead of answering, for which ASGI itself has no word."""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


async def hang_up(receive: Receive, send: Send) -> None:
    """Close the connection after what was written. `send` must be the server's own."""
    # uvicorn's `send` is a method of the request's cycle, which holds the transport.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionAbortedError("this server cannot close a connection on purpose")
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


class Outermost:
    """ASGI middleware that lets what it wraps answer with `HangUp`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        leave_word(scope, receive, send)
        await self._app(scope, receive, send)


def leave_word(scope: Scope, receive: Receive, send: Send) -> None:
    """Note in the request's state how its connection is closed; inner layers wrap `send`."""
    scope.setdefault("state", {})["hang_up"] = lambda: hang_up(receive, send)


class HangUp(Response):
    """No answer: the connection closes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Close it."""
        await scope["state"]["hang_up"]()
