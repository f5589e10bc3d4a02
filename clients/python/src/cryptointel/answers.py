"""What the API answers: `data`, and in `meta` what is to be said of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from cryptointel.errors import ApiError, error_of
from cryptointel.tables import to_csv, to_pandas, to_rows

T = TypeVar("T")


class Reply(NamedTuple):
    """An HTTP answer; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class RateLimit(NamedTuple):
    """What is left of the limit that binds first: requests, and seconds until it is whole again."""

    limit: int
    remaining: int
    reset: int


@dataclass(frozen=True)
class Answer:
    """A successful answer. `next` is the cursor of the next page, None at the end."""

    data: Any
    meta: dict[str, Any]
    rate_limit: RateLimit | None
    request_id: str | None

    @property
    def next(self) -> str | None:
        """The cursor of the page behind this one."""
        following = self.meta.get("next")
        return None if following is None else str(following)

    def rows(self) -> "Rows[Any]":
        """Return the data as rows. Raises TypeError when it is no list."""
        if not isinstance(self.data, list):
            raise TypeError("this answer is no list of rows")
        return Rows(self.data, self)


class Rows(list[T], Generic[T]):
    """A page of rows: a list, with the answer that it came in."""

    def __init__(self, rows: Iterable[T], answer: Answer) -> None:
        super().__init__(rows)
        self.answer = answer

    @property
    def meta(self) -> dict[str, Any]:
        """What was said of the rows: units, origin, the cursor of the next page."""
        return self.answer.meta

    @property
    def next(self) -> str | None:
        """The cursor of the page behind this one, None at the end."""
        return self.answer.next

    def to_rows(self) -> list[dict[str, Any]]:
        """Return flat rows: what is nested gets names such as `statistic.value`."""
        return to_rows(self)

    def to_csv(self) -> str:
        """Return the rows as CSV (RFC 4180) with a header."""
        return to_csv(self)

    def to_pandas(self) -> Any:
        """Return a DataFrame. Raises ImportError where pandas is not installed."""
        return to_pandas(self)


def read(reply: Reply) -> Answer:
    """Return what a reply says. Raises ApiError for a problem and for what is no JSON."""
    said = _decode(reply.body)
    if not 200 <= reply.status < 300:
        raise problem_of(reply, said)
    if not isinstance(said, dict) or "data" not in said:
        raise ApiError(
            reply.status, "", "The answer is not one of this API; is the address right?",
            request_id=reply.headers.get("x-request-id"),
        )  # fmt: skip
    meta = said.get("meta")
    return Answer(
        said["data"],
        meta if isinstance(meta, dict) else {},
        rate_limit_of(reply.headers),
        reply.headers.get("x-request-id"),
    )


def read_text(reply: Reply) -> str:
    """Return the body of an answer that has no envelope (Markdown, CSV, NDJSON)."""
    if not 200 <= reply.status < 300:
        raise problem_of(reply, _decode(reply.body))
    return reply.body.decode("utf-8", "replace")


def problem_of(reply: Reply, said: Any) -> ApiError:
    """Return the error that a reply tells of; `said` is its decoded body."""
    problem = said if isinstance(said, dict) else {}
    kind = str(problem.get("type") or "").rstrip("/").rsplit("/", 1)[-1]
    detail = problem.get("detail") or problem.get("title") or f"HTTP status {reply.status}"
    return error_of(reply.status)(
        reply.status, kind, str(detail),
        request_id=problem.get("request_id") or reply.headers.get("x-request-id"),
        retry_after=seconds(reply.headers.get("retry-after")),
        problem=problem,
    )  # fmt: skip


def seconds(told: str | None) -> float | None:
    """Return a header's seconds. The API never sends dates; they count as not told."""
    return float(told) if told and told.strip().isdecimal() else None


def rate_limit_of(headers: Mapping[str, str]) -> RateLimit | None:
    """Return what RateLimit-Limit, -Remaining and -Reset say, None unless all three do."""
    told = [headers.get(f"ratelimit-{name}", "").strip() for name in RateLimit._fields]
    if not all(value.isdecimal() for value in told):
        return None
    return RateLimit(*map(int, told))


def _decode(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
