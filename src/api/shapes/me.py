"""Shapes of the caller's own account."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from api.permissions import Role
from api.shapes.common import Count, Moment
from api.shapes.oauth import Consent

Day = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-11-22"])]
Plan = Literal["free", "pro", "enterprise"]


class Credential(msgspec.Struct, forbid_unknown_fields=True):
    """What you ask with: a key and its id, an app and its client_id, a token or a session."""

    kind: Literal["key", "token", "session", "app"]
    id: str | None


class Me(msgspec.Struct, forbid_unknown_fields=True):
    """Your account, and what you may do with this credential."""

    user_id: str
    email: str
    role: Role
    plan: Plan
    created_at: Moment
    permissions: list[str]
    credential: Credential


class PerMinute(msgspec.Struct, forbid_unknown_fields=True):
    """Requests of each class in any 60 seconds."""

    read: Count
    view: Count
    heavy: Count
    write: Count
    login: Count


class Quota(msgspec.Struct, forbid_unknown_fields=True):
    """What your plan allows; the headers RateLimit-* say what is left of it now."""

    plan: Plan
    per_minute: PerMinute
    per_day: Count
    requests_today: Count


class UsageRow(msgspec.Struct, forbid_unknown_fields=True):
    """Requests of one UTC day to one endpoint, and how many of them were refused or failed."""

    day: Day
    endpoint: str
    requests: Count
    errors: Count


class Usage(msgspec.Struct, forbid_unknown_fields=True):
    """What you used, newest day first, complete but for the last seconds."""

    quota: Quota
    rows: list[UsageRow]


class Export(msgspec.Struct):
    """Everything that is stored of you, a member a table; no secrets, of which none is stored."""

    account: dict[str, Any]
    api_keys: list[dict[str, Any]]


class Ended(msgspec.Struct, forbid_unknown_fields=True):
    """What a changed password ended: how many sessions at the dashboard, how many sign-ins with
    their refresh tokens, and which apps are no longer allowed what they were."""

    sessions: Count
    sign_ins: Count
    apps: list[Consent]


class PasswordChanged(msgspec.Struct, forbid_unknown_fields=True):
    """That it is done, what ended, and what goes on."""

    ended: Ended
    stays: str


class Erased(msgspec.Struct, forbid_unknown_fields=True):
    """That it is done, and what stays."""

    erased: bool
    stays: str
