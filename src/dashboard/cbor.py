"""CBOR (RFC 8949), as much of it as WebAuthn's canonical form uses (CTAP2, 8): whole numbers,
bytes, texts, arrays, maps, true, false and null, all of definite length."""

from typing import Any

DEEPEST = 4


def decode_first(data: bytes) -> tuple[Any, int]:
    """Return the first value in `data`, and where it ends. Raises ValueError."""
    return _value(data, 0, 0)


def _value(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > DEEPEST:
        raise ValueError("CBOR: nested too deep")
    kind = _part(data, at, 1)[0] >> 5
    if kind == 7:
        simple = {0xF4: False, 0xF5: True, 0xF6: None}
        if data[at] not in simple:
            raise ValueError("CBOR: a value that is not used here")
        return simple[data[at]], at + 1
    number, at = _argument(data, at)
    if kind == 0:
        return number, at
    if kind == 1:
        return -1 - number, at
    if kind in (2, 3):
        part = _part(data, at, number)
        return (part if kind == 2 else part.decode("utf-8")), at + number
    if kind == 4:
        items = []
        for _ in range(_count(data, number)):
            item, at = _value(data, at, depth + 1)
            items.append(item)
        return items, at
    if kind == 5:
        found: dict[Any, Any] = {}
        for _ in range(_count(data, number)):
            key, at = _value(data, at, depth + 1)
            if not isinstance(key, int | str) or key in found:
                raise ValueError("CBOR: a key twice, or none that is used here")
            found[key], at = _value(data, at, depth + 1)
        return found, at
    raise ValueError("CBOR: a tag")


def _argument(data: bytes, at: int) -> tuple[int, int]:
    low = data[at] & 0x1F
    if low < 24:
        return low, at + 1
    if low > 27:
        raise ValueError("CBOR: indefinite length")
    size = 1 << (low - 24)
    return int.from_bytes(_part(data, at + 1, size), "big"), at + 1 + size


def _count(data: bytes, number: int) -> int:
    if number > len(data):
        raise ValueError("CBOR: more items than bytes")
    return number


def _part(data: bytes, at: int, size: int) -> bytes:
    part = data[at : at + size]
    if len(part) != size:
        raise ValueError("CBOR: it ends early")
    return part
