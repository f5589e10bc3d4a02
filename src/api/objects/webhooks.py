"""The tables of webhooks and their deliveries, as their owners see and change them."""

from typing import Annotated

import msgspec

from common.alerts import WebhookEvent

MOST_WEBHOOKS = 10
Url = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^https?://[^\x00-\x20\x7f]+$",
        max_length=2000,
        description="https, on the public internet; it is sent POST requests",
        examples=["https://hooks.example.com/cryptointel"],
    ),
]
Events = Annotated[
    list[WebhookEvent],
    msgspec.Meta(
        min_length=1,
        max_length=3,
        description="signal and signal.ended: every signal and its end; alert: what the alert"
        " rules that name this webhook fire on",
    ),
]
# A delivery's id begins with the time it was made at.
DeliveryId = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9]{10}-[0-9a-f]{16}$", examples=["1763813700-0123456789abcdef"]),
]

_HOOK = """json_object('webhook_id', w.webhook_id, 'url', w.url, 'events', json(w.events),
    'active', json(iif(w.active, 'true', 'false')),
    'secret_version', w.secret_version,
    'secret_rotated_at', strftime('%Y-%m-%dT%H:%M:%SZ', w.rotated_at, 'unixepoch'),
    'failing_since', strftime('%Y-%m-%dT%H:%M:%SZ', w.failing_since, 'unixepoch'),
    'switched_off_at', strftime('%Y-%m-%dT%H:%M:%SZ', w.switched_off_at, 'unixepoch'),
    'switched_off_reason', w.switched_off_reason,
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', w.created_at, 'unixepoch'),
    'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', w.updated_at, 'unixepoch'))"""
LIST = f"""
SELECT json_group_array(json(item)) FROM (
  SELECT {_HOOK} AS item FROM webhooks w WHERE w.owner = ?1 ORDER BY w.webhook_id)
"""  # noqa: S608 - a constant of ours
GET = f"SELECT {_HOOK} FROM webhooks w WHERE w.webhook_id = ?1 AND w.owner = ?2"  # noqa: S608
# Counted in the statement that inserts: two requests at once cannot exceed it.
INSERT = """
INSERT INTO webhooks (webhook_id, owner, url, events, active, created_at, updated_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6 WHERE (SELECT count(*) FROM webhooks WHERE owner = ?2) < ?7
ON CONFLICT DO NOTHING
"""
# Whoever is switched on again starts without a past.
UPDATE = """
UPDATE webhooks SET url = ?3, events = ?4, active = ?5, updated_at = ?6, failing_since = NULL,
  switched_off_at = iif(?5, NULL, switched_off_at),
  switched_off_reason = iif(?5, NULL, switched_off_reason)
WHERE webhook_id = ?1 AND owner = ?2
"""
# What waits for one that is not active is given up; it can be replayed.
GIVE_UP = """
UPDATE webhook_deliveries SET state = 'failed'
WHERE webhook_id = ?1 AND owner = ?2 AND state = 'pending'
  AND NOT EXISTS (SELECT 1 FROM webhooks w WHERE w.webhook_id = ?1 AND w.active)
"""
ROTATE = """
UPDATE webhooks SET secret_version = ?3, rotated_at = ?4, updated_at = ?4
WHERE webhook_id = ?1 AND owner = ?2 AND secret_version = ?3 - 1
"""
VERSION = "SELECT secret_version, rotated_at FROM webhooks WHERE webhook_id = ?1"
DELETE = "DELETE FROM webhooks WHERE webhook_id = ?1 AND owner = ?2"
DELETE_DELIVERIES = "DELETE FROM webhook_deliveries WHERE webhook_id = ?1 AND owner = ?2"
FORGET_IN_RULES = """
UPDATE alert_rules SET webhooks = (
  SELECT json_group_array(j.value) FROM json_each(alert_rules.webhooks) j WHERE j.value <> ?1)
WHERE owner = ?2 AND ?1 IN (SELECT value FROM json_each(alert_rules.webhooks))
"""

_DELIVERY = """json_object('delivery_id', d.delivery_id, 'webhook_id', d.webhook_id,
    'event', d.event, 'event_key', d.event_key, 'state', d.state,
    'attempts', json(d.attempts),
    'next_try_at', CASE WHEN d.state = 'pending' THEN strftime('%Y-%m-%dT%H:%M:%SZ',
      max(d.next_at, d.created_at), 'unixepoch') END,
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', d.created_at, 'unixepoch'),
    'delivered_at', strftime('%Y-%m-%dT%H:%M:%SZ', d.delivered_at, 'unixepoch'),
    'acknowledged_at', strftime('%Y-%m-%dT%H:%M:%SZ', d.acknowledged_at, 'unixepoch'))"""
DELIVERIES = f"""
SELECT json_group_array(json_array(delivery_id, item)) FROM (
  SELECT d.delivery_id, {_DELIVERY} AS item FROM webhook_deliveries d
  WHERE d.webhook_id = ?2 AND d.owner = ?3 AND d.delivery_id < ?4
  ORDER BY d.delivery_id DESC LIMIT ?1 + 1)
"""  # noqa: S608 - a constant of ours
DELIVERY = f"""
SELECT {_DELIVERY} FROM webhook_deliveries d
WHERE d.delivery_id = ?1 AND d.webhook_id = ?2 AND d.owner = ?3
"""  # noqa: S608 - a constant of ours
IS_ACTIVE = "SELECT active FROM webhooks WHERE webhook_id = ?1 AND owner = ?2"
PING = """
INSERT INTO webhook_deliveries (delivery_id, webhook_id, owner, event_key, event, body, created_at)
SELECT ?3, w.webhook_id, w.owner, 'ping:' || ?3, 'ping', json_object('type', 'ping',
  'timestamp', strftime('%Y-%m-%dT%H:%M:%SZ', ?4, 'unixepoch'),
  'data', json_object('webhook_id', w.webhook_id)), ?4
FROM webhooks w WHERE w.webhook_id = ?1 AND w.owner = ?2 AND w.active
ON CONFLICT DO NOTHING
"""
# At once, with all its retries; one that is being sent just now stays claimed.
REPLAY = """
UPDATE webhook_deliveries SET state = 'pending', next_at = 0, failures = 0, acknowledged_at = NULL
WHERE delivery_id = ?1 AND webhook_id = ?2 AND owner = ?3
  AND EXISTS (SELECT 1 FROM webhooks w WHERE w.webhook_id = ?2 AND w.active)
"""
# By the receiver, whose signature is its right to; once.
ACKNOWLEDGE = """
UPDATE webhook_deliveries SET acknowledged_at = ?3
WHERE delivery_id = ?1 AND webhook_id = ?2 AND acknowledged_at IS NULL
RETURNING acknowledged_at
"""
IS_SENT = """
SELECT acknowledged_at IS NOT NULL FROM webhook_deliveries
WHERE delivery_id = ?1 AND webhook_id = ?2
"""


class WebhookFields(msgspec.Struct, kw_only=True):
    """Where to send, which events, and whether to."""

    url: Url
    events: Events
    active: bool = True
