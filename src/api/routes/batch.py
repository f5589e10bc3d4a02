"""POST /batch: many reads in one request, each counted and allowed like a request of its own."""

from typing import Annotated

import msgspec

from api.routing import PRIVATE, Reads, Result, Route
from common.envelope import Answer, failure
from common.errors import Problem, Retryable

MOST_READS = 50
MOST_CHARACTERS = 4_000_000  # of all answers together: an isolate has 128 MB

Path = Annotated[str, msgspec.Meta(pattern=r"^/api/v1/[\x21-\x7e]{1,2000}$", max_length=2008)]


class BatchRequest(msgspec.Struct):
    """`reads`: paths with their queries, for example /api/v1/market-data/BTC."""

    reads: Annotated[list[Path], msgspec.Meta(min_length=1, max_length=MOST_READS)]


class BatchItem(msgspec.Struct, forbid_unknown_fields=True):
    """One read's answer: what the path alone would have answered, and with which status."""

    path: str
    status: int
    body: msgspec.Raw


async def batch(request: BatchRequest, reads: Reads) -> Result:
    """Return the answers in the order of the paths; one that fails does not fail the others."""
    if reads.ask is None:
        raise Retryable("no way to ask for further reads")
    items: list[str] = []
    size = 0
    for path in request.reads:
        answer = await reads.ask(path) if size < MOST_CHARACTERS else _full()
        items.append(_item(path, answer))
        size += len(items[-1])
    return Result(f"[{','.join(items)}]")


def _full() -> Answer:
    return failure(
        Problem(413, "batch-full", "The answers before this fill the batch. Ask for it anew."), ""
    )


def _item(path: str, answer: Answer) -> str:
    if not isinstance(answer.body, str) or "json" not in answer.headers.get("content-type", ""):
        answer = failure(
            Problem(400, "not-for-batch", "The answer is no JSON. Ask for this one alone."), ""
        )
    body = answer.body
    named = msgspec.json.encode(path).decode()
    return f'{{"path":{named},"status":{answer.status},"body":{body}}}'


ROUTES = (
    Route(
        path="/api/v1/batch",
        summary="Up to 50 reads in one request",
        description="Each read is counted as one request, and answered as it would be alone.",
        request=BatchRequest,
        handler=batch,
        permission="market:read",
        method="POST",
        answers=list[BatchItem],
        example={"reads": ["/api/v1/market-data/BTC", "/api/v1/signals/all?limit=5"]},
        cache=PRIVATE,
        problems=("batch-full", "not-for-batch"),
    ),
)
