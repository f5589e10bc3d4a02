"""All that belongs to a user, in one list: what an export holds and an erasure removes.

A test compares the list with the schema: a table with a column `owner` or
`user_id` that is not named here fails it. Secrets are stored as hashes only,
and the hashes are in no export either.
"""

import msgspec

from api.identity import owned_sign_in
from api.objects import mutes, push
from common.database import Database, Statement


class Owned(msgspec.Struct, frozen=True):
    """One table: its SQL for the export (rows of one JSON text `item`) and for the erasure.

    Erasures run in the order of the list. `export` is empty for what only
    serves to recognise a credential.
    """

    table: str
    erase: str
    export: str = ""


EXPORT_ACCOUNT = """
SELECT json_object('user_id', user_id, 'email', email, 'role', role, 'plan', plan,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch')) AS item
FROM users WHERE user_id = ?1
"""
EXPORT_KEYS = """
SELECT json_object('key_id', key_id, 'name', name, 'scopes', json(scopes),
  'allowed_origins', json(allowed_origins), 'allowed_addresses', json(allowed_addresses),
  'per_minute', per_minute, 'replaced_by', replaced_by,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'expires_at', strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, 'unixepoch'),
  'revoked_at', strftime('%Y-%m-%dT%H:%M:%SZ', revoked_at, 'unixepoch'),
  'last_used_at', strftime('%Y-%m-%dT%H:%M:%SZ', last_used_at, 'unixepoch')) AS item
FROM api_keys WHERE user_id = ?1 ORDER BY created_at
"""
EXPORT_FAMILIES = """
SELECT json_object('client_id', client_id, 'scopes', json(scopes),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'expires_at', strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, 'unixepoch'),
  'revoked_at', strftime('%Y-%m-%dT%H:%M:%SZ', revoked_at, 'unixepoch')) AS item
FROM token_families WHERE user_id = ?1
"""
EXPORT_GRANTS = """
SELECT json_object('client_id', client_id, 'scopes', json(scopes),
  'granted_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch')) AS item
FROM oauth_grants WHERE user_id = ?1
"""
EXPORT_CLIENTS = """
SELECT json_object('client_id', client_id, 'name', name, 'website', website,
  'redirect_uris', json(redirect_uris), 'scopes', json(scopes),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch')) AS item
FROM oauth_clients WHERE owner = ?1 ORDER BY created_at
"""
EXPORT_FEEDS = """
SELECT json_object('feed_id', feed_id, 'name', name, 'spec', json(spec),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch')) AS item
FROM custom_feeds WHERE owner = ?1 ORDER BY created_at
"""
EXPORT_WATCHLISTS = """
SELECT json_object('watchlist_id', watchlist_id, 'name', name, 'assets', json(assets),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', updated_at, 'unixepoch')) AS item
FROM watchlists WHERE owner = ?1 ORDER BY name
"""
EXPORT_RULES = """
SELECT json_object('rule_id', rule_id, 'name', name, 'types', json(types), 'assets', json(assets),
  'watchlist_id', watchlist_id, 'least_score', least_score, 'min_confidence', min_confidence,
  'direction', direction, 'cooldown_seconds', cooldown_seconds, 'active', active,
  'snoozed_until', strftime('%Y-%m-%dT%H:%M:%SZ', snoozed_until, 'unixepoch'),
  'webhooks', json(webhooks),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch')) AS item
FROM alert_rules WHERE owner = ?1 ORDER BY name
"""
EXPORT_ALERTS = """
SELECT json_object('rule_id', a.rule_id, 'signal_id', a.signal_id, 'asset_id', a.asset_id,
  'fired_at', strftime('%Y-%m-%dT%H:%M:%SZ', a.fired_at, 'unixepoch')) AS item
FROM alert_rules r JOIN alerts a USING (rule_id) WHERE r.owner = ?1
"""
EXPORT_WEBHOOKS = """
SELECT json_object('webhook_id', webhook_id, 'url', url, 'events', json(events), 'active', active,
  'switched_off_reason', switched_off_reason,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', updated_at, 'unixepoch')) AS item
FROM webhooks WHERE owner = ?1 ORDER BY webhook_id
"""
EXPORT_DELIVERIES = """
SELECT json_object('delivery_id', d.delivery_id, 'webhook_id', d.webhook_id, 'event', d.event,
  'body', json(d.body), 'state', d.state, 'attempts', json(d.attempts),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', d.created_at, 'unixepoch'),
  'delivered_at', strftime('%Y-%m-%dT%H:%M:%SZ', d.delivered_at, 'unixepoch')) AS item
FROM webhooks w JOIN webhook_deliveries d USING (webhook_id) WHERE w.owner = ?1
"""
EXPORT_USAGE = """
SELECT json_object('day', strftime('%Y-%m-%d', timestamp, 'unixepoch'), 'endpoint', endpoint,
  'credential', credential, 'requests', sum(requests), 'errors', sum(errors)) AS item
FROM user_analytics WHERE user_id = ?1
GROUP BY CAST(timestamp / 86400 AS INTEGER), endpoint, credential ORDER BY timestamp
"""
EXPORT_PAYMENTS = """
SELECT json_object('payment_id', payment_id, 'network', network, 'asset', asset, 'payer', payer,
  'amount', amount, 'pay_to', pay_to, 'endpoint', endpoint, 'url', url, 'state', state, 'tx', tx,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'settled_at', strftime('%Y-%m-%dT%H:%M:%SZ', settled_at, 'unixepoch')) AS item
FROM payments WHERE user_id = ?1 ORDER BY payment_id
"""

# The account itself stays, as nobody's: what others refer to by its id means no one.
ERASE_ACCOUNT = """
UPDATE users SET email = 'erased:' || user_id, password_hash = NULL, role = 'viewer', plan = 'free',
  disabled_at = ?2 WHERE user_id = ?1
"""
ERASE_KEYS = "DELETE FROM api_keys WHERE user_id = ?1"
ERASE_FAMILIES = "DELETE FROM token_families WHERE user_id = ?1"
ERASE_GRANTS = """
DELETE FROM oauth_grants WHERE user_id = ?1
  OR client_id IN (SELECT client_id FROM oauth_clients WHERE owner = ?1)
"""
# Clients that registered themselves, and that nobody else allows anything; + as in registration.
ERASE_REGISTERED = """
DELETE FROM oauth_clients WHERE +owner IS NULL
  AND client_id IN (SELECT client_id FROM oauth_grants WHERE user_id = ?1)
  AND NOT EXISTS (SELECT 1 FROM oauth_grants g
    WHERE g.client_id = oauth_clients.client_id AND g.user_id <> ?1)
"""
ERASE_CODES = "DELETE FROM oauth_codes WHERE user_id = ?1"
ERASE_CLIENTS = "DELETE FROM oauth_clients WHERE owner = ?1"
# What a feed collected is seen by nobody without its source.
ERASE_FEED_SOURCES = """
DELETE FROM sources WHERE source IN (
  SELECT 'feed:' || feed_id FROM custom_feeds WHERE owner = ?1)
"""
ERASE_FEED_ENDPOINTS = """
DELETE FROM endpoint_states WHERE source IN (
  SELECT 'feed:' || feed_id FROM custom_feeds WHERE owner = ?1)
"""
ERASE_FEEDS = "DELETE FROM custom_feeds WHERE owner = ?1"
ERASE_WATCHLISTS = "DELETE FROM watchlists WHERE owner = ?1"
ERASE_ALERTS = """
DELETE FROM alerts WHERE rule_id IN (SELECT rule_id FROM alert_rules WHERE owner = ?1)
"""
ERASE_RULES = "DELETE FROM alert_rules WHERE owner = ?1"
ERASE_DELIVERIES = """
DELETE FROM webhook_deliveries
WHERE webhook_id IN (SELECT webhook_id FROM webhooks WHERE owner = ?1)
"""
ERASE_WEBHOOKS = "DELETE FROM webhooks WHERE owner = ?1"
# How often which endpoint was asked stays counted, of nobody: our own load and revenue.
ANONYMISE_USAGE = """
INSERT INTO user_analytics (user_id, timestamp, endpoint, credential, revenue_generated, requests,
  errors, revenue_atomic)
SELECT 'erased', timestamp, endpoint, '', sum(revenue_generated), sum(requests), sum(errors),
  sum(revenue_atomic)
FROM user_analytics WHERE user_id = ?1 GROUP BY timestamp, endpoint
ON CONFLICT (user_id, timestamp, endpoint, credential) DO UPDATE SET
  revenue_generated = revenue_generated + excluded.revenue_generated,
  requests = requests + excluded.requests, errors = errors + excluded.errors,
  revenue_atomic = revenue_atomic + excluded.revenue_atomic
"""
# Money that came in stays in the books, of nobody: they must go on to balance.
ANONYMISE_PAYMENTS = """
UPDATE payments SET user_id = 'erased', credential = '', url = endpoint,
  request = CASE WHEN state IN ('settling', 'pending') THEN request ELSE '' END
WHERE user_id = ?1
"""
ERASE_USAGE = "DELETE FROM user_analytics WHERE user_id = ?1"

OWNED = (
    Owned("api_keys", ERASE_KEYS, EXPORT_KEYS),
    Owned("sessions", owned_sign_in.ERASE_SESSIONS, owned_sign_in.EXPORT_SESSIONS),
    Owned("passkeys", owned_sign_in.ERASE_PASSKEYS, owned_sign_in.EXPORT_PASSKEYS),
    Owned("totp", owned_sign_in.ERASE_TOTP, owned_sign_in.EXPORT_TOTP),
    Owned("recovery_codes", owned_sign_in.ERASE_RECOVERY_CODES),
    Owned("linked_sign_ins", owned_sign_in.ERASE_LINKED, owned_sign_in.EXPORT_LINKED),
    Owned("token_families", ERASE_FAMILIES, EXPORT_FAMILIES),
    Owned("oauth_codes", ERASE_CODES),
    Owned("oauth_clients", ERASE_REGISTERED),
    Owned("oauth_grants", ERASE_GRANTS, EXPORT_GRANTS),
    Owned("oauth_clients", ERASE_CLIENTS, EXPORT_CLIENTS),
    Owned("sources", ERASE_FEED_SOURCES),
    Owned("endpoint_states", ERASE_FEED_ENDPOINTS),
    Owned("custom_feeds", ERASE_FEEDS, EXPORT_FEEDS),
    Owned("watchlists", ERASE_WATCHLISTS, EXPORT_WATCHLISTS),
    Owned("mutes", mutes.ERASE, mutes.EXPORT),
    Owned("alerts", ERASE_ALERTS, EXPORT_ALERTS),
    Owned("alert_rules", ERASE_RULES, EXPORT_RULES),
    Owned("webhook_deliveries", ERASE_DELIVERIES, EXPORT_DELIVERIES),
    Owned("webhooks", ERASE_WEBHOOKS, EXPORT_WEBHOOKS),
    Owned("push_deliveries", push.ERASE_DELIVERIES, push.EXPORT_DELIVERIES),
    Owned("push_subscriptions", push.ERASE_SUBSCRIPTIONS, push.EXPORT_SUBSCRIPTIONS),
    Owned("push_preferences", push.ERASE_PREFERENCES, push.EXPORT_PREFERENCES),
    Owned("push_messages", push.ERASE_MESSAGES, push.EXPORT_MESSAGES),
    Owned("payments", ANONYMISE_PAYMENTS, EXPORT_PAYMENTS),
    Owned("user_analytics", ANONYMISE_USAGE, EXPORT_USAGE),
    Owned("user_analytics", ERASE_USAGE),
)
STAYS = (
    "How often which endpoint was asked in which hour, added up over all erased users; payments,"
    " as the chain knows them, with what was sold but not to whom; and the number of this account,"
    " which can no longer be used and says nothing about you."
)


async def export(user_id: str, database: Database) -> str:
    """Return everything a user owns as one JSON object, a member a table.

    Row by row, because D1 makes no string over 2,000,000 bytes.
    """
    account = await database.text(Statement(EXPORT_ACCOUNT, (user_id,))) or "null"
    members = [f'"account":{account}']
    for one in OWNED:
        if one.export:
            rows = await database.all(Statement(one.export, (user_id,)))
            members.append(f'"{one.table}":[{",".join(row["item"] for row in rows)}]')
    return "{" + ",".join(members) + "}"


async def erase(user_id: str, now: float, database: Database) -> None:
    """Remove everything a user owns, in one transaction."""
    await database.batch([
        *(Statement(one.erase, (user_id,)) for one in OWNED),
        Statement(ERASE_ACCOUNT, (user_id, int(now))),
    ])  # fmt: skip
