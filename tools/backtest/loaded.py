"""What every kind of input becomes."""

from typing import NamedTuple

from signals.history import History


class Loaded(NamedTuple):
    """A history, what it was made of, and what was left out of it or is missing in it."""

    history: History
    made_of: str
    notes: list[str]


class BadInputError(Exception):
    """The input cannot be used; the text says which, why, and what could be."""
