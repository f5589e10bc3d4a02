"""Notifications to the push services of browsers (Web Push), six at a time.

At least once: a repeat has the same Topic, which replaces what the push service
still keeps (RFC 8030, 5.4), and the same tag, which replaces what the phone shows.
Push services are addresses that users gave: they are asked as webhooks are.
"""

import asyncio
import hashlib
import random
import secrets
from typing import NamedTuple

from common import web_push
from common.database import Database
from common.errors import Fatal, Retryable
from common.log import Logger
from common.ports import Clock
from common.quiet_hours import Offset
from common.web_push import Crypto, Sign
from signals.delivery.push_due import LEASE_SECONDS, Due, Tried, claim, follows, forget, record
from signals.delivery.push_matching import match
from signals.delivery.push_planning import plan
from signals.delivery.push_text import payload
from signals.delivery.sending import Sends

AT_ONCE = 6
IN_A_ROUND = 24
BESIDE_A_TICK, BY_CRON = 5.0, 15.0  # seconds after which no further round is begun
TOPIC_CHARACTERS = 32  # RFC 8030, 5.4
URGENCY = {"signal": "high", "summary": "normal", "test": "high"}


class Ports(NamedTuple):
    """What sending needs of the outside.

    `key` is the setting VAPID_PRIVATE_KEY, `subject` VAPID_SUBJECT; without a key
    nothing is matched, so that nothing piles up.
    """

    database: Database
    post: Sends
    crypto: Crypto
    sign: Sign
    offset: Offset
    key: str
    subject: str
    clock: Clock
    rng: random.Random
    log: Logger


async def deliver(ports: Ports, most: int = IN_A_ROUND, seconds: float = BESIDE_A_TICK) -> int:
    """Match what was announced, plan what is due, send it; return how many attempts were made.

    Rounds of at most `most` follow each other for `seconds`; 0 is a single one.
    """
    if not ports.key:
        return 0
    now = int(ports.clock())
    await match(ports.database, now)
    await plan(ports.database, now, ports.offset)
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
                "error", "a notification was not recorded; it comes again",
                delivery=one.delivery_id, error=f"{type(error).__name__}: {error}"[:300],
            )  # fmt: skip
    return len(due)


async def _attempt(one: Due, lease: int, ports: Ports) -> None:
    tried = await _tried(one, ports)
    now = int(ports.clock())
    then = follows(one, tried, now, ports.rng.random())
    await ports.database.batch(record(one, lease, tried, then, now))
    if then.gone:
        ports.log("info", "a device is gone", subscription=one.subscription_id)
    elif then.state == "failed":
        ports.log(
            "warning", "a notification was given up", delivery=one.delivery_id,
            status=tried.status, error=tried.error,
        )  # fmt: skip


async def _tried(one: Due, ports: Ports) -> Tried:
    """Encrypt, sign and send once. Never raises what an attempt may end with."""
    now = int(ports.clock())
    if one.expires_at <= now:
        return Tried(None, "its time was over", hopeless=True)
    try:
        text = payload(one.kind, one.body, one.badge)
        salt = secrets.token_bytes(web_push.SALT_BYTES)
        body = await web_push.encrypt(text, one.p256dh, one.auth, ports.crypto, salt)
        vapid = await web_push.authorization(
            one.endpoint, ports.key, ports.subject, now, ports.sign
        )
        headers = {
            "authorization": vapid,
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(one.expires_at - now),
            "topic": topic_of(one.event_key),
            "urgency": URGENCY[one.kind],
            "user-agent": "CryptoIntel-Push/1 (+https://cryptointel.example)",
        }
        answer = await ports.post.send(one.endpoint, headers, body)
    except Fatal as refused:
        return Tried(None, str(refused), hopeless=True)
    except Retryable as failed:
        return Tried(None, str(failed))
    told = f"HTTP {answer.status}: {answer.excerpt}"[:200]
    return Tried(answer.status, told, answer.retry_after)


def topic_of(event_key: str) -> str:
    """Return a Topic for an event: 32 characters of base64url that say nothing of it."""
    digest = hashlib.sha256(event_key.encode()).digest()
    return web_push.encode(digest)[:TOPIC_CHARACTERS]
