"""What a provider module declares: hosts, paths, and functions from a request to an answer."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from tools.simulator.clock import Clock
from tools.simulator.events import Schedule
from tools.simulator.market import MarketSource
from tools.simulator.news import NewsSource

JSON = "application/json; charset=utf-8"

Scale = Literal["normal", "full"]


@dataclass(frozen=True)
class World:
    """Everything an answer is made from; `recordings` holds recorded bodies by endpoint name.

    `scale` says how long the lists of protocols and pools are.
    """

    clock: Clock
    market: MarketSource
    news: NewsSource
    schedule: Schedule | None
    recordings: Mapping[str, bytes] = field(default_factory=dict)
    scale: Scale = "normal"


@dataclass(frozen=True)
class Request:
    """A request to a provider. `now` is on the 60-second grid, `instant` is not (Unix s).

    `items` is how many entries a feed holds; only a fault asks for more than the usual 25.
    `headers` have names in lower case.
    """

    world: World
    path: str
    params: Mapping[str, str]
    now: int
    instant: float
    items: int
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """A provider's answer; `modified` (Unix s) becomes Last-Modified.

    One that is `kept` depends on no more than the request and its minute, and is made once.
    `headers` are sent besides the usual ones. `pieces`, where given, are sent instead of the
    body, as they come and without a Content-Length.
    """

    body: bytes
    modified: int
    media_type: str = JSON
    status: int = 200
    kept: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Callable[[], AsyncIterator[bytes]] | None = None


Handler = Callable[[Request, re.Match[str]], Answer]


@dataclass(frozen=True)
class Provider:
    """One host and its paths, each a regular expression matched against the whole path."""

    host: str
    routes: tuple[tuple[str, Handler], ...]

    def answer(self, request: Request) -> Answer:
        """The answer of the first route that matches, or a 404."""
        for pattern, handler in self.routes:
            if match := re.fullmatch(pattern, request.path):
                return handler(request, match)
        return json_answer({"error": "Not Found"}, request.now, 404)


def json_answer(value: Any, now: int, status: int = 200, kept: bool = False) -> Answer:
    """A JSON answer as of an instant."""
    return Answer(msgspec.json.encode(value), now, status=status, kept=kept)
