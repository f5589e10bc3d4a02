"""Shapes of the view of signals."""

import msgspec

from api.shapes.common import JudgedSignal


class SignalsView(msgspec.Struct, forbid_unknown_fields=True):
    """A page of signals, the newest first; of one that was asked for by id, its whole event."""

    origin: str
    signals: list[JudgedSignal]
