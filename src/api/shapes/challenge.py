"""What the challenge routes answer."""

import msgspec

from api.shapes.common import Moment


class Widget(msgspec.Struct, forbid_unknown_fields=True):
    """What a page needs to show the challenge: Turnstile's site key and the action to name."""

    site_key: str
    action: str


class Passed(msgspec.Struct, forbid_unknown_fields=True):
    """Until when the caller's address is not challenged again."""

    passed_until: Moment
