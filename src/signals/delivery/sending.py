"""Sending what is due, six at a time; every attempt is recorded as soon as it is over.

A delivery is tried up to seven times in about 18 hours and then failed. A
webhook that fails for five days, or answers 410 Gone, is switched off and says
so; what was waiting for it is given up and can be replayed.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from common.database import Database
from common.errors import Fatal, Retryable
from common.log import Logger
from common.ports import Clock
from common.times import iso
from common.webhook_signing import headers, secrets_in_force
from signals.delivery.due import LEASE_SECONDS, Attempt, Due, claim, follows, forget, record
from signals.delivery.matching import match
from signals.delivery.post import Answered

AT_ONCE = 6
IN_A_ROUND = 24
BESIDE_A_TICK, BY_CRON = 5.0, 40.0  # seconds after which no further round is begun


class Sends(Protocol):
    """How a message leaves: see signals.delivery.post.Post."""

    async def send(self, url: str, headers: dict[str, str], body: bytes, /) -> Answered:
        """Return the answer. Raises RefusedAddress, Retryable."""


class Ports(NamedTuple):
    """What delivery needs of the outside; `key` is the setting WEBHOOK_SECRET_KEY."""

    database: Database
    post: Sends
    key: str
    clock: Clock
    rng: random.Random
    log: Logger


async def deliver(ports: Ports, most: int = IN_A_ROUND, seconds: float = BESIDE_A_TICK) -> int:
    """Match what was announced, send what is due; return how many attempts were made.

    Rounds of at most `most` follow each other for `seconds`; 0 is a single one.
    """
    await match(ports.database, int(ports.clock()))
    began, made = ports.clock(), 0
    while sent := await _round(ports, most):
        made += sent
        if ports.clock() - began >= seconds:
            break
    return made


async def sweep(ports: Ports) -> int:
    """Deliver as long as something is due and time is left, then forget what is old."""
    made = await deliver(ports, seconds=BY_CRON)
    await forget(ports.database, int(ports.clock()))
    return made


async def _round(ports: Ports, most: int) -> int:
    now = int(ports.clock())
    due = await claim(ports.database, now, most)
    gate = asyncio.Semaphore(AT_ONCE)
    lease = now + LEASE_SECONDS

    async def gated(one: Due) -> None:
        async with gate:
            await _attempt(one, lease, ports)

    # All are waited for, whatever becomes of the others: no task outlives its request.
    done = await asyncio.gather(*map(gated, due), return_exceptions=True)
    for one, error in zip(due, done, strict=True):
        if isinstance(error, BaseException):
            ports.log(
                "error", "a delivery was not recorded; it comes again", delivery=one.delivery_id,
                error=f"{type(error).__name__}: {error}"[:300],
            )  # fmt: skip
    return len(due)


async def _attempt(one: Due, lease: int, ports: Ports) -> None:
    began = ports.clock()
    body = one.body.encode()
    secrets = secrets_in_force(ports.key, one.webhook_id, one.secret_version, one.rotated_at, began)
    signed = headers(secrets, one.delivery_id, int(began), body)
    status = error = excerpt = None
    try:
        status, excerpt, _ = await ports.post.send(one.url, signed, body)
    except (Fatal, Retryable) as failed:
        error = str(failed)
    now = ports.clock()
    then = follows(one, status, int(now), ports.rng.random())
    if status is not None and then.state != "delivered":
        error = f"HTTP {status}" + (", redirects are not followed" if 300 <= status < 400 else "")
    attempt = Attempt(iso(began), status, round((now - began) * 1000), error, excerpt)
    await ports.database.batch(record(one, lease, attempt, then, int(now)))
    if then.switch_off:
        ports.log("warning", "webhook switched off", webhook=one.webhook_id, why=then.switch_off)


async def unfailing(work: Callable[[], Awaitable[object]], log: Logger) -> None:
    """Do the delivery's part of a tick: what fails in it is logged, and the cron does it again."""
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - whatever breaks here, the tick is not at fault
        log("error", "delivery failed", error=f"{type(error).__name__}: {error}"[:300])
