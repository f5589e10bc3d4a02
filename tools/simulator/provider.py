"""What a provider module declares: hosts, paths, and functions from a request to an answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tools.simulator.clock import Clock
from tools.simulator.events import Schedule
from tools.simulator.market import MarketSource
from tools.simulator.news import NewsSource

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class World:
    """Everything an answer is made from; `recordings` holds recorded bodies by endpoint name."""

    clock: Clock
    market: MarketSource
    news: NewsSource
    schedule: Schedule | None
    recordings: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A request to a provider. `now` is on the 60-second grid, `instant` is not (Unix s).

    `items` is how many entries a feed holds; only a fault asks for more than the usual 25.
    """

    world: World
    path: str
    params: Mapping[str, str]
    now: int
    instant: float
    items: int


@dataclass(frozen=True)
class Answer:
    """A provider's answer; `modified` (Unix s) becomes Last-Modified.

    One that is `kept` depends on no more than the request and its minute, and is made once.
    """

    body: bytes
    modified: int
    media_type: str = JSON
    status: int = 200
    kept: bool = False


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
