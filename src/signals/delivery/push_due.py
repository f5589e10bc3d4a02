"""Notifications that are due: claimed for one sender at a time, and what became of them.

As signals.delivery.due, but for push services (RFC 8030): a subscription that is
gone (404, 410) is forgotten with all that waits for it, a service that asks for
patience (429, 5xx) is given it, and a notification whose time is over is given up.
"""

from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import msgspec

from common.database import Database, Statement
from signals.delivery.push_text import Kind

LEASE_SECONDS = 120  # longer than a round of sending ever takes
FOR_ONE_DEVICE = 6  # of a round
RETRY_SECONDS = (10, 60, 300, 900, 1800, 3600)
LONGEST_WAIT = 6 * 3600  # whatever a service asks for
KEPT_SECONDS = 7 * 86_400
MESSAGES_KEPT_SECONDS = 30 * 86_400
FORGOTTEN_AT_ONCE = 500
GONE = (404, 410)

CLAIM = """
UPDATE push_deliveries SET claimed_until = ?2 WHERE delivery_id IN (
  SELECT delivery_id FROM (
    SELECT delivery_id, next_at,
      row_number() OVER (PARTITION BY subscription_id ORDER BY next_at, delivery_id) AS place
    FROM push_deliveries
    WHERE state = 'pending' AND next_at <= ?1 AND claimed_until <= ?1)
  WHERE place <= ?3 ORDER BY next_at, delivery_id LIMIT ?4)
RETURNING delivery_id
"""
LOAD = """
SELECT d.delivery_id, d.subscription_id, d.event_key, d.kind, d.body, d.failures, d.expires_at,
  s.endpoint, s.p256dh, s.auth,
  CASE WHEN p.badges THEN (
    SELECT count(*) FROM push_messages m
    WHERE m.owner = d.owner AND m.read_at IS NULL AND m.state = 'told') END AS badge
FROM json_each(?1) j CROSS JOIN push_deliveries d CROSS JOIN push_subscriptions s
LEFT JOIN push_preferences p ON p.owner = d.owner
WHERE d.delivery_id = j.value AND s.subscription_id = d.subscription_id AND s.owner = d.owner
"""
RECORD = """
UPDATE push_deliveries SET state = ?3, failures = ?4, next_at = ?5, delivered_at = ?6,
  claimed_until = 0, status = ?7, error = ?8
WHERE delivery_id = ?1 AND claimed_until = ?2
"""
WELL = """
UPDATE push_subscriptions SET last_sent_at = ?2, failing_since = NULL, failure = NULL
WHERE subscription_id = ?1
"""
UNWELL = """
UPDATE push_subscriptions SET failing_since = coalesce(failing_since, ?2), failure = ?3
WHERE subscription_id = ?1
"""
# Only where it still leads to what is gone: a browser may have been given another address.
FORGET_DEVICE = "DELETE FROM push_subscriptions WHERE subscription_id = ?1 AND endpoint = ?2"
FORGET_ITS_DELIVERIES = """
DELETE FROM push_deliveries WHERE subscription_id = ?1
  AND NOT EXISTS (SELECT 1 FROM push_subscriptions s WHERE s.subscription_id = ?1)
"""
# A delivery's id begins with the time it was made at.
FORGET = """
DELETE FROM push_deliveries WHERE delivery_id IN (
  SELECT delivery_id FROM push_deliveries
  WHERE delivery_id < printf('%010d', ?1) AND state <> 'pending' LIMIT ?2)
"""
FORGET_MESSAGES = """
DELETE FROM push_messages WHERE (owner, signal_id) IN (
  SELECT owner, signal_id FROM push_messages WHERE created_at < ?1 LIMIT ?2)
"""


class Due(msgspec.Struct, frozen=True):
    """A claimed notification, and what sending it needs to know of its device.

    `badge` is how many signals its owner has not read, None when he wants no badges.
    """

    delivery_id: str
    subscription_id: str
    event_key: str
    kind: Kind
    body: str
    failures: int
    expires_at: int
    endpoint: str
    p256dh: str
    auth: str
    badge: int | None


class Tried(NamedTuple):
    """What came of an attempt: a status, or why there is none; what Retry-After said."""

    status: int | None
    error: str | None = None
    retry_after: str | None = None
    hopeless: bool = False  # the same attempt cannot succeed


class Next(NamedTuple):
    """What follows: the new state, and whether the device is gone."""

    state: str
    next_at: int
    gone: bool = False


async def claim(database: Database, now: int, most: int) -> list[Due]:
    """Take at most `most` notifications that are due, until now + LEASE_SECONDS."""
    values = (now, now + LEASE_SECONDS, FOR_ONE_DEVICE, most)
    rows = await database.all(Statement(CLAIM, values))
    if not rows:
        return []
    ids = msgspec.json.encode([row["delivery_id"] for row in rows]).decode()
    return [msgspec.convert(row, Due) for row in await database.all(Statement(LOAD, (ids,)))]


def follows(due: Due, tried: Tried, now: int, jitter: float) -> Next:
    """Return what follows from an attempt; `jitter` from 0 to 1 draws a wait out by a fifth."""
    status = tried.status
    if status is not None and 200 <= status < 300:
        return Next("delivered", 0)
    if status in GONE:
        return Next("failed", 0, gone=True)
    refused = status is not None and 300 <= status < 500 and status not in (408, 425, 429)
    if refused or tried.hopeless or due.failures >= len(RETRY_SECONDS):
        return Next("failed", 0)
    wait = RETRY_SECONDS[due.failures] * (1 + jitter / 5)
    asked = seconds_of(tried.retry_after, now)
    next_at = now + round(max(wait, asked))
    return Next("failed", 0) if next_at >= due.expires_at else Next("pending", next_at)


def seconds_of(retry_after: str | None, now: int) -> float:
    """Return the seconds that a header Retry-After asks for (RFC 9110, 10.2.3), 0 without."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return float(min(int(text[:9]), LONGEST_WAIT))
    try:
        until = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(until - now, 0.0), LONGEST_WAIT)


def record(due: Due, lease: int, tried: Tried, then: Next, now: int) -> Sequence[Statement]:
    """Return the statements that store an attempt and what follows from it."""
    if then.gone:
        return (
            Statement(FORGET_DEVICE, (due.subscription_id, due.endpoint)),
            Statement(FORGET_ITS_DELIVERIES, (due.subscription_id,)),
        )
    arrived = then.state == "delivered"
    error = None if arrived else tried.error or f"HTTP {tried.status}"
    values = (
        due.delivery_id, lease, then.state, due.failures + (not arrived), then.next_at,
        now if arrived else None, tried.status, error,
    )  # fmt: skip
    health = (
        Statement(WELL, (due.subscription_id, now))
        if arrived
        else Statement(UNWELL, (due.subscription_id, now, error))
    )
    return (Statement(RECORD, values), health)


async def forget(database: Database, now: int) -> None:
    """Delete what was done with long ago, some at a call."""
    await database.batch(
        [
            Statement(FORGET, (now - KEPT_SECONDS, FORGOTTEN_AT_ONCE)),
            Statement(FORGET_MESSAGES, (now - MESSAGES_KEPT_SECONDS, FORGOTTEN_AT_ONCE)),
        ]
    )
