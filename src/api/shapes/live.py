"""Shapes of the live stream's tickets."""

from typing import Annotated

import msgspec
from msgspec import Meta

from api.shapes.common import Moment


class LiveTicket(msgspec.Struct, forbid_unknown_fields=True):
    """Leave to open one connection, for half a minute, once."""

    ticket: Annotated[str, Meta(pattern=r"^lt_[0-9]{1,4}_[A-Za-z0-9_-]{43}$")]
    expires_at: Moment
