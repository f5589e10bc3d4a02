"""Shapes of answers about what is muted."""

from typing import Literal

import msgspec

from api.shapes.common import Moment


class Mute(msgspec.Struct, forbid_unknown_fields=True):
    """Signals on one asset, or of one type, that are not shown until then; null: for good."""

    kind: Literal["asset", "type"]
    subject: str
    until: Moment | None
    created_at: Moment


class RemovedMute(msgspec.Struct, forbid_unknown_fields=True):
    """What is shown again."""

    kind: Literal["asset", "type"]
    subject: str
