"""The table of alert rules: what users may say of one, and the statements on it."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec

from api.objects.fields import EXAMPLE_ID, Id, Name, Symbol
from api.objects.watchlists import MOST_ASSETS, encode, resolve_symbols
from common.alerts import MATCHES
from common.database import Database, Statement, Value
from common.errors import Problem
from common.signal_types import SignalType
from common.views import SIGNAL_OBJECT

MOST_RULES = 50
MARKET = "market"  # the market as a whole has signals, and is no asset
_LAST = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())

Types = Annotated[list[SignalType], msgspec.Meta(min_length=1, max_length=8)] | Literal["all"]
Symbols = (
    Annotated[list[Symbol], msgspec.Meta(min_length=1, max_length=MOST_ASSETS)] | Literal["any"]
)
Score = Annotated[
    float, msgspec.Meta(ge=1, le=1000, description="how many thresholds high it has to be")
]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Cooldown = Annotated[
    int,
    msgspec.Meta(
        ge=0,
        le=30 * 86_400,
        description="seconds of silence after an alert on an asset; with 0 the rule is silent"
        " until the signal that it fired on has ended",
    ),
]


class RuleFields(msgspec.Struct, kw_only=True):
    """Which signals a rule is about: of `types`, on `symbols` or a watchlist, and so strong.

    `symbols` takes "market" for the market as a whole.
    """

    types: Types = "all"
    symbols: Symbols = "any"
    watchlist_id: Id | None = None
    least_score: Score | None = None
    min_confidence: Share | None = None
    direction: Literal["up", "down"] | None = None
    cooldown_seconds: Cooldown = 0


class NewRule(RuleFields, kw_only=True):
    """A rule: its name, which signals it is about, and which webhooks are told.

    Until `snoozed_until` it does not fire.
    """

    name: Name
    active: bool = True
    snoozed_until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    webhooks: Annotated[list[Id], msgspec.Meta(max_length=10)] = []


_RULE = """json_object('rule_id', r.rule_id, 'name', r.name,
    'types', json(coalesce(r.types, '"all"')),
    'symbols', CASE WHEN r.watchlist_id IS NULL THEN json(coalesce(r.assets, '"any"')) END,
    'watchlist_id', r.watchlist_id, 'least_score', r.least_score,
    'min_confidence', r.min_confidence, 'direction', r.direction,
    'cooldown_seconds', r.cooldown_seconds, 'active', json(iif(r.active, 'true', 'false')),
    'snoozed_until', strftime('%Y-%m-%dT%H:%M:%SZ', r.snoozed_until, 'unixepoch'),
    'webhooks', json(r.webhooks),
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', r.created_at, 'unixepoch'),
    'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', r.updated_at, 'unixepoch'),
    'last_fired_at', (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', f.fired_at, 'unixepoch')
      FROM alerts f WHERE f.rule_id = r.rule_id ORDER BY f.signal_id DESC LIMIT 1))"""
LIST = f"""
SELECT json_group_array(json(item)) FROM (
  SELECT {_RULE} AS item FROM alert_rules r WHERE r.owner = ?1 ORDER BY r.name)
"""  # noqa: S608 - a constant of ours
GET = f"SELECT {_RULE} FROM alert_rules r WHERE r.rule_id = ?1 AND r.owner = ?2"  # noqa: S608
BY_NAME = f"""
SELECT json_array(r.rule_id, {_RULE}) FROM alert_rules r WHERE r.owner = ?1 AND r.name = ?2
"""  # noqa: S608 - a constant of ours
# Counted in the statement that inserts: two requests at once cannot exceed it.
INSERT = """
INSERT INTO alert_rules (rule_id, owner, name, types, assets, watchlist_id, least_score,
  min_confidence, direction, cooldown_seconds, active, snoozed_until, webhooks, created_at,
  updated_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14
WHERE (SELECT count(*) FROM alert_rules WHERE owner = ?2) < ?15
ON CONFLICT DO NOTHING
"""
UPDATE = """
UPDATE alert_rules SET name = ?3, types = ?4, assets = ?5, watchlist_id = ?6, least_score = ?7,
  min_confidence = ?8, direction = ?9, cooldown_seconds = ?10, active = ?11, snoozed_until = ?12,
  webhooks = ?13, updated_at = ?14
WHERE rule_id = ?1 AND owner = ?2
"""
DELETE = "DELETE FROM alert_rules WHERE rule_id = ?1 AND owner = ?2"
DELETE_ALERTS = "DELETE FROM alerts WHERE rule_id = ?1 AND owner = ?2"
# Whether a watchlist is the owner's, and which of these webhooks are his and take alerts.
KNOWN = """
SELECT json_array(
  (SELECT count(*) FROM watchlists WHERE watchlist_id = ?2 AND owner = ?1),
  (SELECT json_group_array(w.webhook_id) FROM json_each(?3) j CROSS JOIN webhooks w
   WHERE w.webhook_id = j.value AND w.owner = ?1
     AND 'alert' IN (SELECT value FROM json_each(w.events))))
"""
ALERTS = f"""
SELECT json_group_array(json_array(signal_id, item)) FROM (
  SELECT f.signal_id, json_object(
    'fired_at', strftime('%Y-%m-%dT%H:%M:%SZ', f.fired_at, 'unixepoch'),
    'signal', {SIGNAL_OBJECT}) AS item
  FROM alerts f CROSS JOIN signals s LEFT JOIN assets a ON a.asset_id = s.asset_id
  WHERE f.rule_id = ?2 AND f.owner = ?3 AND f.signal_id < ?4 AND s.id = f.signal_id
  ORDER BY f.signal_id DESC LIMIT ?1 + 1)
"""  # noqa: S608 - a constant of ours

MOST_MATCHES = 10_000
# The newest signals that a rule matches: [[id, asset, at, ended], ...], the newest first.
MATCHED = f"""
WITH r AS (SELECT ?1 AS owner, ?2 AS types, ?3 AS assets, ?4 AS watchlist_id, ?5 AS least_score,
  ?6 AS min_confidence, ?7 AS direction)
SELECT json_group_array(json_array(id, asset_id, created_at, ended_at)) FROM (
  SELECT s.id, s.asset_id, s.created_at, s.ended_at FROM r CROSS JOIN signals s
  WHERE s.created_at > ?8 AND s.created_at <= ?9 AND {MATCHES}
  ORDER BY s.created_at DESC, s.id DESC LIMIT ?10)
"""  # noqa: S608 - constants of ours
# Of the signals with these ids: the newest ones, and what came of all of them by horizon.
FOLLOWED = """
SELECT json_object(
  'fires', json((SELECT json_group_array(json(item)) FROM (
    SELECT json_object('signal_id', s.id, 'type', s.type, 'asset_id', s.asset_id,
      'symbol', s.symbol, 'at', strftime('%Y-%m-%dT%H:%M:%SZ', s.created_at, 'unixepoch'),
      'confidence_score', s.confidence_score, 'explanation', s.explanation) AS item
    FROM json_each(?1) one CROSS JOIN signals s WHERE s.id = one.value
    ORDER BY s.id DESC LIMIT 50))),
  'records', json((SELECT json_group_array(json(item)) FROM (
    SELECT json_object('horizon_seconds', horizon, 'n', n, 'hits', hits,
      'share', 1.0 * hits / n, 'base_rate', 1.0 * control_hits / control_n,
      'controls', control_n) AS item
    FROM (SELECT o.horizon, count(*) AS n, sum(o.hit) AS hits, sum(o.control_n) AS control_n,
        sum(o.control_hits) AS control_hits
      FROM json_each(?1) one CROSS JOIN outcomes o
      WHERE o.signal_id = one.value AND o.hit IS NOT NULL GROUP BY o.horizon)
    ORDER BY horizon))))
"""


async def matched_by(asked: RuleFields, owner: str, database: Database) -> tuple[Value, ...]:
    """Return the columns types to direction of a rule.

    Raises Problem 422 for a rule that cannot be: unknown symbols, two kinds of assets.
    """
    assets: str | None = None
    if asked.symbols != "any":
        if asked.watchlist_id is not None:
            raise Problem(422, "rule-invalid", "Give symbols or watchlist_id, not both.")
        named = [one for one in asked.symbols if one.lower() != MARKET]
        extra = [MARKET] if len(named) < len(asked.symbols) else []
        assets = encode(await resolve_symbols(named, database) + extra)
    types = None if asked.types == "all" else encode(list(dict.fromkeys(asked.types)))
    if asked.watchlist_id is not None:
        await require_known(owner, asked.watchlist_id, [], database)
    return (
        types, assets, asked.watchlist_id, asked.least_score, asked.min_confidence, asked.direction,
    )  # fmt: skip


async def columns(rule: NewRule, owner: str, now: int, database: Database) -> list[Value]:
    """Return the columns name to updated_at of a rule. Raises Problem 422."""
    hooks = list(dict.fromkeys(rule.webhooks))
    found = await matched_by(rule, owner, database)
    if hooks:
        await require_known(owner, None, hooks, database)
    snoozed = rule.snoozed_until
    until = None if snoozed is None else max(0, min(_LAST, int(snoozed.timestamp())))
    return [
        rule.name.strip(), *found, rule.cooldown_seconds, rule.active, until, encode(hooks), now,
    ]  # fmt: skip


async def require_known(
    owner: str, watchlist_id: str | None, webhooks: list[str], database: Database
) -> None:
    """Raise Problem 422 for a watchlist or webhook that is not the owner's."""
    values = (owner, watchlist_id, encode(webhooks))
    told = await database.text(Statement(KNOWN, values)) or "[0,[]]"
    lists, known = msgspec.json.decode(told, type=tuple[int, list[str]])
    if watchlist_id is not None and not lists:
        raise Problem(
            422, "unknown-watchlist",
            "watchlist_id: you have no such watchlist. /api/v1/watchlists lists yours.",
        )  # fmt: skip
    missing = [one for one in webhooks if one not in known]
    if missing:
        raise Problem(
            422, "unknown-webhooks",
            f"These are no webhooks of yours that take the event 'alert': {', '.join(missing)}.",
        )  # fmt: skip


EXAMPLE_RULE: dict[str, Any] = {
    "name": "Pumps of the majors", "types": ["pump", "price_anomaly"], "symbols": ["BTC", "ETH"],
    "least_score": 1.5, "cooldown_seconds": 3600,
}  # fmt: skip
EXAMPLE_PATH = {"rule_id": EXAMPLE_ID}
