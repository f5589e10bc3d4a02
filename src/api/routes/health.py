"""/health: how the parts are, in the shape that the design fixes; no key needed."""

from collections.abc import Awaitable

import msgspec

from api.health import health, read_facts
from api.routing import PRIVATE, Reads, Route
from common.envelope import JSON, Answer
from common.errors import Retryable


class HealthRequest(msgspec.Struct):
    """No parameters."""


class Services(msgspec.Struct, forbid_unknown_fields=True):
    """The state of each part; external_apis names the sources that are unwell."""

    database: str
    cache: str
    external_apis: str
    workers: str


class Metrics(msgspec.Struct, forbid_unknown_fields=True):
    """Share of the ticks of a day that were collected, and this isolate's answers."""

    uptime: str
    response_time_ms: int
    error_rate: str


class Health(msgspec.Struct, forbid_unknown_fields=True):
    """What /health says."""

    status: str
    timestamp: str
    services: Services
    metrics: Metrics


async def state(request: HealthRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return the state of database, cache, providers and Workers; 503 when it is unhealthy."""
    facts = await read_facts(reads.database, reads.now)
    cache = await _answers(reads.outside.kv_get("config:health"))
    hub = await _answers(reads.outside.hub_status())
    live = reads.origin != "recorded"
    status, body = health(facts, cache, hub, reads.outside.load(), reads.now, live)
    return Answer(status, {"content-type": JSON, "cache-control": "no-store"}, body.decode())


async def _answers(question: Awaitable[object]) -> bool:
    try:
        await question
    except Retryable:
        return False
    return True


ROUTES = (
    Route(
        path="/health",
        summary="State of database, cache, providers and Workers; no key needed",
        request=HealthRequest,
        handler=state,
        permission="public",
        answers=Health,
        cache=PRIVATE,
    ),
)
