"""The one shape of answers: {"data", "meta"} or problem+json (RFC 9457).

`data` arrives as JSON text made by SQLite and is never parsed here.
"""

import msgspec

from common.errors import Problem
from common.times import iso

JSON = "application/json; charset=utf-8"
PROBLEM_JSON = "application/problem+json"
PROBLEM_TYPES = "https://cryptointel.example/problems/"


class Answer(msgspec.Struct):
    """An HTTP answer: status, headers in lower case, body."""

    status: int
    headers: dict[str, str]
    body: str


def success(data: str, now: float, meta: dict[str, object] | None = None) -> Answer:
    """Return `data` (JSON text) in the envelope; `now` is said as meta.generated_at."""
    described = msgspec.json.encode({"generated_at": iso(now), **(meta or {})}).decode()
    return Answer(200, {"content-type": JSON}, f'{{"data":{data},"meta":{described}}}')


def failure(problem: Problem, request_id: str) -> Answer:
    """Return a Problem as problem+json; `request_id` is what support asks for."""
    body = {
        "type": PROBLEM_TYPES + problem.kind,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": request_id,
    }
    headers = {"content-type": PROBLEM_JSON, "cache-control": "no-store", **problem.headers}
    return Answer(problem.status, headers, msgspec.json.encode(body).decode())
