"""Shapes of answers about notifications (Web Push)."""

from typing import Annotated, Literal

import msgspec

from api.objects.push import Preferences
from api.shapes.common import Count, Moment


class PushSubscription(msgspec.Struct, forbid_unknown_fields=True):
    """A device that is sent notifications.

    `last_sent_at` is when its push service last took one; `failing_since` is the first
    refusal after that, `failure` what it said last. One that is gone is removed.
    """

    subscription_id: str
    endpoint: str
    device: str
    created_at: Moment
    last_sent_at: Moment | None
    failing_since: Moment | None
    failure: str | None


class PushPreferences(Preferences, forbid_unknown_fields=True):
    """What to be notified of; `watchlist_id` is null where the list was removed."""


class PushState(msgspec.Struct, forbid_unknown_fields=True):
    """All of somebody's notifications.

    `public_key` is the applicationServerKey to subscribe with, null where this server
    sends none. `unread` is how many signals he was notified of and has not read.
    """

    public_key: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{87}$")] | None
    unread: Count
    preferences: PushPreferences
    subscriptions: list[PushSubscription]


class RemovedPushSubscription(msgspec.Struct, forbid_unknown_fields=True):
    """What was removed."""

    subscription_id: str


class TestedPush(msgspec.Struct, forbid_unknown_fields=True):
    """A notification sent to try a device: `status` is the push service's, null without an answer.

    One that is pending is tried again within a minute.
    """

    __test__ = False

    delivery_id: str
    subscription_id: str
    state: Literal["pending", "delivered", "failed"]
    status: int | None
    error: str | None


class Unread(msgspec.Struct, forbid_unknown_fields=True):
    """How many signals somebody was notified of and has not read."""

    unread: Count
