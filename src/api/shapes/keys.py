"""Shapes of API keys."""

from typing import Annotated

import msgspec
from msgspec import Meta

from api.permissions import Scope
from api.shapes.common import Moment


class ApiKey(msgspec.Struct, forbid_unknown_fields=True):
    """A live key of yours; null is no limit. One that was replaced ends at `expires_at`."""

    key_id: str
    name: str
    scopes: list[Scope] | None
    allowed_origins: list[str] | None
    allowed_addresses: list[str] | None
    per_minute: int | None
    replaced_by: str | None
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None


class NewApiKey(ApiKey, forbid_unknown_fields=True):
    """A key that was just made; `key` is shown this once."""

    key: Annotated[str, Meta(pattern="^ci_[a-z]+_[0-9a-f]{12}_[0-9a-f]{64}$")]


class RevokedKey(msgspec.Struct, forbid_unknown_fields=True):
    """A key that is no longer good."""

    key_id: str
    revoked_at: Moment
