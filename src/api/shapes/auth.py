"""Shapes of signing up and in."""

from typing import Literal

import msgspec


class Registered(msgspec.Struct, forbid_unknown_fields=True):
    """What everybody is told, whether the address was free or not."""

    status: Literal["accepted"]


class TokenPair(msgspec.Struct, forbid_unknown_fields=True):
    """An access token (a JWT) and the refresh token that is good for the next pair, once.

    `expires_in` is in seconds; `scope` are the permissions, separated by spaces.
    """

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    scope: str


class SignedOut(msgspec.Struct, forbid_unknown_fields=True):
    """That is all."""

    signed_out: bool
