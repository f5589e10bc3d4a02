"""The one shape of answers: {"data", "meta"} or problem+json (RFC 9457).

`data` arrives as JSON text made by SQLite and is never parsed here.
"""

from collections.abc import AsyncIterator

import msgspec

from common.errors import Problem
from common.times import iso

JSON = "application/json; charset=utf-8"
PROBLEM_JSON = "application/problem+json"
NOSNIFF = {"x-content-type-options": "nosniff"}
PROBLEM_TYPES = "https://cryptointel.example/problems/"


class Answer(msgspec.Struct):
    """An HTTP answer: status, headers in lower case, body.

    A body that is too long to be held at once is an iterator of its parts.
    """

    status: int
    headers: dict[str, str]
    body: str | AsyncIterator[str]


def describe(now: float, meta: dict[str, object]) -> str:
    """Return the members of `meta` as JSON text without braces; `now` is said as generated_at."""
    return msgspec.json.encode({"generated_at": iso(now), **meta}).decode()[1:-1]


def success(data: str, now: float, meta: dict[str, object] | None = None) -> Answer:
    """Return `data` (JSON text) in the envelope."""
    body = f'{{"data":{data},"meta":{{{describe(now, meta or {})}}}}}'
    return Answer(200, {"content-type": JSON, **NOSNIFF}, body)


def failure(problem: Problem, request_id: str) -> Answer:
    """Return a Problem as problem+json; `request_id` is what support asks for."""
    body = {
        "type": PROBLEM_TYPES + problem.kind,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": request_id,
        **problem.extra,
    }
    headers = {"content-type": PROBLEM_JSON, "cache-control": "no-store", **NOSNIFF}
    headers |= problem.headers
    return Answer(problem.status, headers, msgspec.json.encode(body).decode())
