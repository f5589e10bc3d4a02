"""Shapes of the view of alerts."""

import msgspec

from api.shapes.common import Age, Count, Moment, Signal
from api.shapes.rules import AlertRule
from api.shapes.webhooks import Webhook


class NamedWatchlist(msgspec.Struct, forbid_unknown_fields=True):
    """A watchlist that a rule may be about."""

    watchlist_id: str
    name: str
    assets: list[str]


class FiredAlert(msgspec.Struct, forbid_unknown_fields=True):
    """One time that a rule of the caller's fired: when, and on which signal."""

    rule_id: str
    rule: str
    fired_at: Moment
    age_seconds: Age
    signal: Signal


class AlertsView(msgspec.Struct, forbid_unknown_fields=True):
    """The caller's rules by name, and the newest 50 alerts of all of them.

    `webhooks` is null for who may not see any.
    """

    rules: list[AlertRule]
    webhooks: list[Webhook] | None
    watchlists: list[NamedWatchlist]
    fired: list[FiredAlert]
    most_rules: Count
