"""Values as the JSON texts that are stored and answered."""

from collections.abc import Iterable

import msgspec


def as_json(value: object) -> str:
    """Return `value`, a Struct or what JSON knows, as JSON text."""
    return msgspec.json.encode(value).decode()


def set_as_json(texts: Iterable[str]) -> str:
    """Return texts by the alphabet, each once, as a JSON array."""
    return as_json(sorted(set(texts)))
