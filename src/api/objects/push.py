"""The tables of notifications (Web Push), as their owners see and change them."""

from typing import Annotated, Literal

import msgspec

from api.objects.fields import Id
from common.signal_types import SignalType
from common.texts import ONE_LINE

MOST_DEVICES = 10
DEFAULT_CAP = 20
# The receiver of RFC 8291, appendix A.
EXAMPLE_P256DH = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
EXAMPLE_AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
Endpoint = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^https?://[^\x00-\x20\x7f]+$",
        max_length=2000,
        description="PushSubscription.endpoint: https, on the public internet",
        examples=["https://push.example.com/send/5f1d"],
    ),
]
Key = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9_-]{87}=?$",
        description="PushSubscription.getKey('p256dh'), base64url: a point of P-256",
        examples=[EXAMPLE_P256DH],
    ),
]
Auth = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9_-]{22}(==)?$",
        description="PushSubscription.getKey('auth'), base64url: 16 bytes",
        examples=[EXAMPLE_AUTH],
    ),
]
Device = Annotated[
    str,
    msgspec.Meta(
        pattern=ONE_LINE, max_length=60, description="what you know it by",
        examples=["Chrome on Android"],
    ),
]  # fmt: skip
Zone = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$", max_length=60,
        description="a name of the IANA time zone database", examples=["Europe/Berlin"],
    ),
]  # fmt: skip
Clock = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="hours and minutes of the day",
        examples=["22:00"],
    ),
]  # fmt: skip
SignalIds = Annotated[
    list[Annotated[str, msgspec.Meta(min_length=1, max_length=300)]], msgspec.Meta(max_length=250)
]
Types = Annotated[list[SignalType], msgspec.Meta(min_length=1, max_length=8)] | Literal["all"]
Scope = Literal["all", "watchlist", "none"]


class QuietHours(msgspec.Struct):
    """From when until when nothing is shown, by the clock of the time zone; over midnight too."""

    start: Clock
    end: Clock


class Preferences(msgspec.Struct, kw_only=True):
    """What to be notified of, on all devices.

    `scope` is which signals: of all assets, of the watchlist `watchlist_id`, or none;
    with `rules` also what one's own alert rules fire on. `daily_cap` counts single
    notifications of a day; what goes beyond it, and what comes in quiet hours, is told
    in one summary afterwards.
    """

    enabled: bool = True
    scope: Scope = "all"
    watchlist_id: Id | None = None
    rules: bool = True
    types: Types = "all"
    min_confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    quiet_hours: QuietHours | None = None
    time_zone: Zone = "UTC"
    daily_cap: Annotated[int, msgspec.Meta(ge=1, le=500)] | None = DEFAULT_CAP
    badges: bool = True


_SUBSCRIPTION = """json_object('subscription_id', d.subscription_id, 'endpoint', d.endpoint,
    'device', d.device,
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', d.created_at, 'unixepoch'),
    'last_sent_at', strftime('%Y-%m-%dT%H:%M:%SZ', d.last_sent_at, 'unixepoch'),
    'failing_since', strftime('%Y-%m-%dT%H:%M:%SZ', d.failing_since, 'unixepoch'),
    'failure', d.failure)"""
LIST = f"""
SELECT json_group_array(json(item)) FROM (
  SELECT {_SUBSCRIPTION} AS item FROM push_subscriptions d
  WHERE d.owner = ?1 ORDER BY d.subscription_id)
"""  # noqa: S608 - a constant of ours
BY_ENDPOINT = f"""
SELECT {_SUBSCRIPTION} FROM push_subscriptions d WHERE d.endpoint = ?1 AND d.owner = ?2
"""  # noqa: S608 - a constant of ours
GET = f"""
SELECT {_SUBSCRIPTION} FROM push_subscriptions d WHERE d.subscription_id = ?1 AND d.owner = ?2
"""  # noqa: S608 - a constant of ours
IS_KNOWN = "SELECT 1 FROM push_subscriptions WHERE endpoint = ?1"
# Counted in the statement that inserts: two requests at once cannot exceed it. Another user
# may take over what his own browser holds, and that is who knows its keys.
SUBSCRIBE = """
INSERT INTO push_subscriptions (subscription_id, owner, endpoint, p256dh, auth, device, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
WHERE (SELECT count(*) FROM push_subscriptions WHERE owner = ?2) < ?8
  OR EXISTS (SELECT 1 FROM push_subscriptions WHERE endpoint = ?3)
ON CONFLICT (endpoint) DO UPDATE SET owner = excluded.owner, p256dh = excluded.p256dh,
  auth = excluded.auth, device = excluded.device, failing_since = NULL, failure = NULL,
  created_at = CASE WHEN owner = excluded.owner THEN created_at ELSE excluded.created_at END
WHERE owner = excluded.owner OR (p256dh = excluded.p256dh AND auth = excluded.auth)
"""
FORGET_OTHERS_DELIVERIES = """
DELETE FROM push_deliveries WHERE owner <> ?2 AND subscription_id = (
  SELECT subscription_id FROM push_subscriptions WHERE endpoint = ?1 AND owner = ?2)
"""
# Whoever has a device has preferences: those that stand here, until he says otherwise.
FIRST_PREFERENCES = """
INSERT INTO push_preferences (owner, enabled, scope, rules, time_zone, daily_cap, badges,
  updated_at)
SELECT owner, 1, 'all', 1, ?2, ?3, 1, ?4 FROM push_subscriptions WHERE owner = ?1 LIMIT 1
ON CONFLICT (owner) DO NOTHING
"""
UNSUBSCRIBE = "DELETE FROM push_subscriptions WHERE subscription_id = ?1 AND owner = ?2"
FORGET_DELIVERIES = "DELETE FROM push_deliveries WHERE subscription_id = ?1 AND owner = ?2"

PREFERENCES = """
SELECT json_object('enabled', json(iif(p.enabled, 'true', 'false')), 'scope', p.scope,
  'watchlist_id', (SELECT w.watchlist_id FROM watchlists w
    WHERE w.watchlist_id = p.watchlist_id AND w.owner = p.owner),
  'rules', json(iif(p.rules, 'true', 'false')), 'types', json(coalesce(p.types, '"all"')),
  'min_confidence', p.min_confidence,
  'quiet_hours', CASE WHEN p.quiet_from IS NOT NULL THEN json_object(
    'start', printf('%02d:%02d', p.quiet_from / 60, p.quiet_from % 60),
    'end', printf('%02d:%02d', p.quiet_to / 60, p.quiet_to % 60)) END,
  'time_zone', p.time_zone, 'daily_cap', p.daily_cap,
  'badges', json(iif(p.badges, 'true', 'false')))
FROM push_preferences p WHERE p.owner = ?1
"""
SET_PREFERENCES = """
INSERT INTO push_preferences (owner, enabled, scope, watchlist_id, rules, types, min_confidence,
  quiet_from, quiet_to, time_zone, daily_cap, badges, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
ON CONFLICT (owner) DO UPDATE SET enabled = excluded.enabled, scope = excluded.scope,
  watchlist_id = excluded.watchlist_id, rules = excluded.rules, types = excluded.types,
  min_confidence = excluded.min_confidence, quiet_from = excluded.quiet_from,
  quiet_to = excluded.quiet_to, time_zone = excluded.time_zone, daily_cap = excluded.daily_cap,
  badges = excluded.badges, updated_at = excluded.updated_at
"""
# What was held back is judged anew: its quiet hours may be over now.
RECONSIDER = """
UPDATE push_messages SET due_at = 0 WHERE owner = ?1 AND state = 'waiting' AND held
"""
UNREAD = """
SELECT count(*) FROM push_messages m
WHERE m.owner = ?1 AND m.read_at IS NULL AND m.state = 'told'
"""
READ = """
UPDATE push_messages SET read_at = ?2 WHERE owner = ?1 AND read_at IS NULL AND state = 'told'
  AND (?3 IS NULL OR signal_id IN (SELECT value FROM json_each(?3)))
"""
TEST = """
INSERT INTO push_deliveries (delivery_id, subscription_id, owner, event_key, kind, body,
  created_at, expires_at)
SELECT ?3, d.subscription_id, d.owner, 'test:' || ?3, 'test', '{}', ?4, ?4 + 300
FROM push_subscriptions d WHERE d.subscription_id = ?1 AND d.owner = ?2
ON CONFLICT DO NOTHING
"""
TESTED = """
SELECT json_object('delivery_id', delivery_id, 'subscription_id', subscription_id,
  'state', state, 'status', status, 'error', error)
FROM push_deliveries WHERE delivery_id = ?1 AND owner = ?2
"""

EXPORT_SUBSCRIPTIONS = """
SELECT json_object('subscription_id', subscription_id, 'endpoint', endpoint, 'device', device,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'last_sent_at', strftime('%Y-%m-%dT%H:%M:%SZ', last_sent_at, 'unixepoch')) AS item
FROM push_subscriptions WHERE owner = ?1 ORDER BY subscription_id
"""
EXPORT_PREFERENCES = """
SELECT json_object('enabled', enabled, 'scope', scope, 'watchlist_id', watchlist_id,
  'rules', rules, 'types', json(types), 'min_confidence', min_confidence,
  'quiet_from', quiet_from, 'quiet_to', quiet_to, 'time_zone', time_zone,
  'daily_cap', daily_cap, 'badges', badges) AS item
FROM push_preferences WHERE owner = ?1
"""
EXPORT_MESSAGES = """
SELECT json_object('signal_id', signal_id, 'rule_id', rule_id, 'state', state,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'told_at', strftime('%Y-%m-%dT%H:%M:%SZ', told_at, 'unixepoch'),
  'read_at', strftime('%Y-%m-%dT%H:%M:%SZ', read_at, 'unixepoch')) AS item
FROM push_messages WHERE owner = ?1 ORDER BY signal_id
"""
EXPORT_DELIVERIES = """
SELECT json_object('delivery_id', d.delivery_id, 'kind', d.kind, 'body', json(d.body),
  'state', d.state, 'status', d.status,
  'delivered_at', strftime('%Y-%m-%dT%H:%M:%SZ', d.delivered_at, 'unixepoch')) AS item
FROM push_subscriptions s JOIN push_deliveries d USING (subscription_id) WHERE s.owner = ?1
"""
ERASE_DELIVERIES = """
DELETE FROM push_deliveries WHERE subscription_id IN (
  SELECT subscription_id FROM push_subscriptions WHERE owner = ?1)
"""
ERASE_SUBSCRIPTIONS = "DELETE FROM push_subscriptions WHERE owner = ?1"
ERASE_PREFERENCES = "DELETE FROM push_preferences WHERE owner = ?1"
ERASE_MESSAGES = "DELETE FROM push_messages WHERE owner = ?1"
