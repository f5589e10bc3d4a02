"""The deliveries that are due: claimed for one sender at a time, and what became of them.

Claiming is one statement that takes a lease, so a cron and a tick at once never
send the same row; a sender that dies gives it back when the lease ends. What is
recorded names its lease: one that took too long changes nothing any more.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from common.database import Database, Statement

LEASE_SECONDS = 120  # longer than a round of sending ever takes
FOR_ONE_WEBHOOK = 4  # of a round: a slow receiver must not keep the others waiting
RETRY_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000)  # after the first failure, the second, …
PATIENCE_SECONDS = 5 * 86_400  # without a success: then the webhook is switched off
KEPT_SECONDS = 30 * 86_400
FORGOTTEN_AT_ONCE = 500

CLAIM = """
UPDATE webhook_deliveries SET claimed_until = ?2 WHERE delivery_id IN (
  SELECT delivery_id FROM (
    SELECT delivery_id, next_at,
      row_number() OVER (PARTITION BY webhook_id ORDER BY next_at, delivery_id) AS place
    FROM webhook_deliveries
    WHERE state = 'pending' AND next_at <= ?1 AND claimed_until <= ?1)
  WHERE place <= ?3 ORDER BY next_at, delivery_id LIMIT ?4)
RETURNING delivery_id
"""
LOAD = """
SELECT d.delivery_id, d.webhook_id, d.body, d.failures, w.url, w.secret_version, w.rotated_at,
  w.failing_since
FROM json_each(?1) j CROSS JOIN webhook_deliveries d CROSS JOIN webhooks w
WHERE d.delivery_id = j.value AND w.webhook_id = d.webhook_id
"""
# What was given up meanwhile stays given up, unless it arrived.
RECORD = """
UPDATE webhook_deliveries SET
  state = CASE WHEN ?3 = 'delivered' OR state = 'pending' THEN ?3 ELSE state END,
  failures = ?4, next_at = ?5, delivered_at = coalesce(?6, delivered_at), claimed_until = 0,
  attempts = json_insert(CASE WHEN json_array_length(attempts) < 20 THEN attempts
    ELSE json_remove(attempts, '$[0]') END, '$[#]', json(?7))
WHERE delivery_id = ?1 AND claimed_until = ?2
"""
WELL = (
    "UPDATE webhooks SET failing_since = NULL WHERE webhook_id = ?1 AND failing_since IS NOT NULL"
)
UNWELL = "UPDATE webhooks SET failing_since = coalesce(failing_since, ?2) WHERE webhook_id = ?1"
SWITCH_OFF = """
UPDATE webhooks SET active = 0, switched_off_at = ?2, switched_off_reason = ?3
WHERE webhook_id = ?1 AND active
"""
GIVE_UP = """
UPDATE webhook_deliveries SET state = 'failed'
WHERE webhook_id = ?1 AND state = 'pending'
  AND NOT EXISTS (SELECT 1 FROM webhooks w WHERE w.webhook_id = ?1 AND w.active)
"""
# A delivery's id begins with the time it was made at.
FORGET = """
DELETE FROM webhook_deliveries WHERE delivery_id IN (
  SELECT delivery_id FROM webhook_deliveries
  WHERE delivery_id < printf('%010d', ?1) AND state <> 'pending' LIMIT ?2)
"""


class Due(msgspec.Struct, frozen=True):
    """A claimed delivery, and what sending it needs to know of its webhook."""

    delivery_id: str
    webhook_id: str
    body: str
    failures: int
    url: str
    secret_version: int
    rotated_at: int | None
    failing_since: int | None


class Attempt(msgspec.Struct, frozen=True):
    """One attempt, as it is stored and shown: `status` None without an answer, `error` says why."""

    at: str
    status: int | None
    milliseconds: int
    error: str | None
    answer: str | None


class Next(NamedTuple):
    """What follows from an attempt: the delivery's new state, and why to switch the webhook off."""

    state: str
    next_at: int
    switch_off: str | None


async def claim(database: Database, now: int, most: int) -> list[Due]:
    """Take at most `most` deliveries that are due, until now + LEASE_SECONDS."""
    values = (now, now + LEASE_SECONDS, FOR_ONE_WEBHOOK, most)
    rows = await database.all(Statement(CLAIM, values))
    if not rows:
        return []
    ids = msgspec.json.encode([row["delivery_id"] for row in rows]).decode()
    return [msgspec.convert(row, Due) for row in await database.all(Statement(LOAD, (ids,)))]


def follows(due: Due, status: int | None, now: int, jitter: float) -> Next:
    """Return what follows from an answer; `jitter` from 0 to 1 draws the wait out by a fifth."""
    if status is not None and 200 <= status < 300:
        return Next("delivered", 0, None)
    if status == 410:
        return Next("failed", 0, "it answered 410 Gone")
    off = None
    if due.failing_since is not None and now - due.failing_since >= PATIENCE_SECONDS:
        off = f"every attempt failed for {PATIENCE_SECONDS // 86_400} days"
    if due.failures >= len(RETRY_SECONDS):
        return Next("failed", 0, off)
    return Next("pending", now + round(RETRY_SECONDS[due.failures] * (1 + jitter / 5)), off)


def record(due: Due, lease: int, attempt: Attempt, then: Next, now: int) -> Sequence[Statement]:
    """Return the statements that store an attempt and what follows from it."""
    arrived = then.state == "delivered"
    told = msgspec.json.encode(attempt).decode()
    statements = [
        Statement(
            RECORD,
            (due.delivery_id, lease, then.state, due.failures + (not arrived), then.next_at,
             now if arrived else None, told),
        ),
        Statement(WELL, (due.webhook_id,)) if arrived else Statement(UNWELL, (due.webhook_id, now)),
    ]  # fmt: skip
    if then.switch_off:
        statements += [
            Statement(SWITCH_OFF, (due.webhook_id, now, then.switch_off)),
            Statement(GIVE_UP, (due.webhook_id,)),
        ]
    return statements


async def forget(database: Database, now: int) -> None:
    """Delete deliveries that were done with long ago, some at a call."""
    await database.batch([Statement(FORGET, (now - KEPT_SECONDS, FORGOTTEN_AT_ONCE))])
