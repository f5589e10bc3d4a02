"""Shapes of what administrators see."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from api.permissions import Role
from api.shapes.common import Count, Moment
from api.shapes.me import Plan

FlagName = Annotated[
    str,
    Meta(pattern="^[a-z][a-z0-9_]{0,39}$", description="lower case, _", examples=["notebook"]),
]
Share = Annotated[int, Meta(ge=0, le=100, description="percent of the users that it is for")]


class Person(msgspec.Struct, forbid_unknown_fields=True):
    """An account. `last_seen` is when it last asked for anything, by a request to the hour;
    `mfa` says whether anything but a password guards it."""

    user_id: str
    email: str
    role: Role
    plan: Plan
    disabled: bool
    created_at: Moment
    last_seen: Moment | None
    mfa: bool
    sessions: Count
    keys: Count


class PersonSession(msgspec.Struct, forbid_unknown_fields=True):
    """Where somebody is signed in; `country` as the platform tells it."""

    device: str
    country: str | None
    method: str
    created_at: Moment
    seen_at: Moment


class PersonKey(msgspec.Struct, forbid_unknown_fields=True):
    """A live API key of somebody's, without its secret, which nobody knows."""

    key_id: str
    name: str
    scopes: list[str] | None
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None


class PersonInFull(msgspec.Struct, forbid_unknown_fields=True):
    """An account with how it signs in, where it is signed in, and its keys."""

    user_id: str
    email: str
    role: Role
    plan: Plan
    disabled_at: Moment | None
    created_at: Moment
    last_seen: Moment | None
    has_password: bool
    totp: bool
    recovery_codes: Count
    passkeys: Count
    linked: list[str]
    sessions: list[PersonSession]
    sign_ins: Count
    keys: list[PersonKey]
    requests_7d: Count
    errors_7d: Count


class SessionsEnded(msgspec.Struct, forbid_unknown_fields=True):
    """What is left: nothing."""

    user_id: str
    sessions: Count
    sign_ins: Count


class FeatureFlag(msgspec.Struct, forbid_unknown_fields=True):
    """A flag; see common.flags for whom it is on. `roles` null: for all."""

    flag: FlagName
    enabled: bool
    rollout_percent: Share
    roles: list[Role] | None
    users: list[str]
    description: str
    updated_at: Moment


class RemovedFlag(msgspec.Struct, forbid_unknown_fields=True):
    """The flag that is no more, and so off for everybody."""

    flag: FlagName


class OwnFlags(msgspec.Struct, forbid_unknown_fields=True):
    """Each feature, and whether it is switched on for you."""

    flags: dict[str, bool]


class OperatorAlert(msgspec.Struct, forbid_unknown_fields=True):
    """Something that is wrong now, since when, and what to do about it."""

    alert: str
    severity: Literal["critical", "warning"]
    title: str
    detail: str
    what_to_do: str
    since: Moment | None
    state: Literal["open", "acknowledged", "snoozed"]
    acknowledged_at: Moment | None
    acknowledged_by: str | None
    snoozed_until: Moment | None


class AuditEntry(msgspec.Struct, forbid_unknown_fields=True):
    """Who changed what, from what to what, when and by which request.

    `request_id` is the platform's number of the request, empty where there is none.
    """

    entry_no: Count
    at: Moment
    actor: str
    actor_email: str | None
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str


class Caller(msgspec.Struct, forbid_unknown_fields=True):
    """Who asked how often in these days. `revenue_atomic` is in millionths of a US dollar."""

    user_id: str
    email: str | None
    plan: Plan | None
    requests: Count
    errors: Count
    revenue_atomic: int
