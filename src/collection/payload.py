"""Decoding a provider's JSON, one row at a time, so that a bad row costs one row."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from common.errors import Retryable, Skippable
from common.models import Parsable, Parsed

Payload = TypeVar("Payload")
FUTURE_SECONDS = 600  # clocks differ; more than this ahead is a wrong stamp
STALE_SECONDS = 6 * 3600  # older than this says nothing about the tick

_rows: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])


def decode(body: bytes, decoder: msgspec.json.Decoder[Payload]) -> Payload:
    """Return `body` decoded. Raises Retryable when it is cut off or something else than promised.

    Bare NaN and Infinity, which some providers emit, are not JSON: only then
    the body is read by the slower standard library, which can make them null.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Retryable(f"unexpected shape: {error}") from None
    except RecursionError:
        raise Retryable("nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _decode_leniently(body, decoder)


def _decode_leniently(body: bytes, decoder: msgspec.json.Decoder[Payload]) -> Payload:
    try:
        plain = json.loads(body, parse_constant=lambda _: None)
        return decoder.decode(msgspec.json.encode(plain))
    except msgspec.ValidationError as error:
        raise Retryable(f"unexpected shape: {error}") from None
    except (ValueError, RecursionError):
        raise Retryable(_describe(body)) from None


def _describe(body: bytes) -> str:
    start = body[:200].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        return "an HTML page instead of JSON"
    if start[:1] in (b"[", b"{"):
        return f"JSON cut off after {len(body)} bytes"
    return "not JSON"


def parse_rows(
    body: bytes,
    row: msgspec.json.Decoder[Payload],
    build: Callable[[Payload], Parsable],
    key: Callable[[Parsable], object],
) -> Parsed:
    """Parse a JSON array: each element decoded by `row`, made a row by `build`.

    A row is skipped and counted when it does not decode ("malformed"), when
    `build` raises Skippable, or when its `key` was there before ("duplicate").
    """
    rows: list[Parsable] = []
    skipped: Counter[str] = Counter()
    seen: set[object] = set()
    for raw in decode(body, _rows):
        try:
            built = build(row.decode(raw))
        except msgspec.ValidationError:
            skipped["malformed"] += 1
        except Skippable as skip:
            skipped[skip.reason] += 1
        else:
            if key(built) in seen:
                skipped["duplicate"] += 1
            else:
                seen.add(key(built))
                rows.append(built)
    return Parsed(rows, skipped)


def check_age(observed_at: int, tick: int) -> None:
    """Raise Skippable when a stamp lies in the future or too far in the past of `tick`."""
    if observed_at > tick + FUTURE_SECONDS:
        raise Skippable("future_timestamp")
    if observed_at < tick - STALE_SECONDS:
        raise Skippable("stale")


def positive(value: float | None) -> float | None:
    """Return `value` if it is a positive finite number, else None."""
    return value if value is not None and 0 < value < float("inf") else None


def amount(value: float | None) -> float | None:
    """Return `value` if it is a finite number of zero or more, else None."""
    return value if value is not None and 0 <= value < float("inf") else None


def pairs(points: list[list[float | None]]) -> Iterator[tuple[int, float]]:
    """Yield (epoch seconds, value) of [[milliseconds, value], …], leaving out broken ones."""
    for point in points:
        if len(point) != 2 or point[1] is None:
            continue
        if (milliseconds := positive(point[0])) is not None:
            yield int(milliseconds // 1000), point[1]
