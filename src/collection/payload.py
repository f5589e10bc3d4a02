"""Decoding a provider's JSON so that a bad row costs one row.

A body is decoded whole, by one pass of msgspec. Only when that fails it is
read again row by row, which is slower and finds the rows that are to blame.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from common.errors import Retryable, Skippable
from common.models import Parsable, Parsed
from common.times import epoch

Payload = TypeVar("Payload")
FUTURE_SECONDS = 600  # clocks differ; more than this ahead is a wrong stamp
STALE_SECONDS = 6 * 3600  # older than this says nothing about the tick


class Rows(Generic[Payload]):
    """The decoders of a JSON array (or object) of one kind of row; numbers may be strings."""

    def __init__(self, row: type[Payload]) -> None:
        self.row = msgspec.json.Decoder(row, strict=False)
        self.array = msgspec.json.Decoder(list[row], strict=False)  # type: ignore[valid-type]
        self.object = msgspec.json.Decoder(dict[str, row], strict=False)  # type: ignore[valid-type]

    def one_by_one(self, raw: Iterable[msgspec.Raw]) -> Iterator[Payload | None]:
        """Yield each row decoded, None for one that is malformed."""
        for one in raw:
            try:
                yield self.row.decode(one)
            except (msgspec.DecodeError, UnicodeDecodeError):
                yield None


_raw_array: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])
_raw_object: msgspec.json.Decoder[dict[str, msgspec.Raw]] = msgspec.json.Decoder(
    dict[str, msgspec.Raw]
)


def decode(body: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[Payload]) -> Payload:
    """Return `body` decoded. Raises Retryable when it is cut off or something else than promised.

    Bare NaN and Infinity, and halves of surrogate pairs, which some providers
    emit, are not JSON: only then the body is read by the slower standard
    library, which can make them null, and "?".
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Retryable(f"unexpected shape: {error}") from None
    except RecursionError:
        raise Retryable("nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _decode_leniently(bytes(body), decoder)


def _decode_leniently(body: bytes, decoder: msgspec.json.Decoder[Payload]) -> Payload:
    try:
        plain = json.loads(body, parse_constant=lambda _: None)
        # Half of a surrogate pair, as a cut emoji leaves it, becomes "?".
        encoded = json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
        return decoder.decode(encoded)
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
    body: bytes | msgspec.Raw,
    rows: Rows[Payload],
    build: Callable[[Payload], Parsable],
    key: Callable[[Payload], object],
) -> Parsed:
    """Parse a JSON array: each element is made a row by `build`.

    A row is skipped and counted when it does not decode ("malformed"), when
    `build` raises Skippable, or when its `key` was there before ("duplicate").
    """
    decoded: Iterable[Payload | None]
    try:
        decoded = rows.array.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raw = decode(body, _raw_array)
        decoded = rows.one_by_one(raw)
    return build_rows(decoded, build, key)


def parse_object(
    body: bytes | msgspec.Raw, rows: Rows[Payload], build: Callable[[str, Payload], Parsable]
) -> Parsed:
    """Parse a JSON object whose values are the rows; `build` gets the name of each."""
    found: dict[str, Payload | None]
    try:
        found = {**rows.object.decode(body)}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raw = decode(body, _raw_object)
        found = dict(zip(raw, rows.one_by_one(raw.values()), strict=True))
    named = (None if row is None else (name, row) for name, row in found.items())
    return build_rows(named, lambda pair: build(*pair))


def build_rows(
    decoded: Iterable[Payload | None],
    build: Callable[[Payload], Parsable],
    key: Callable[[Payload], object] | None = None,
) -> Parsed:
    """Make rows of decoded ones as parse_rows does; None is a malformed one."""
    rows: list[Parsable] = []
    skipped: Counter[str] = Counter()
    seen: set[object] = set()
    for one in decoded:
        if one is None:
            skipped["malformed"] += 1
            continue
        try:
            row = build(one)
        except Skippable as skip:
            skipped[skip.reason] += 1
            continue
        if key is not None:
            if (its_key := key(one)) in seen:
                skipped["duplicate"] += 1
                continue
            seen.add(its_key)
        rows.append(row)
    return Parsed(rows, skipped)


def one_row(build: Callable[[], Parsable]) -> Parsed:
    """Return the only row of a payload, or why `build` skipped it."""
    return build_rows([build], lambda build: build())


def join(*parts: Parsed) -> Parsed:
    """Return several results as one."""
    skipped: Counter[str] = Counter()
    for part in parts:
        skipped += part.skipped
    return Parsed([row for part in parts for row in part.rows], skipped)


def check_age(observed_at: int, tick: int, stale_seconds: int = STALE_SECONDS) -> None:
    """Raise Skippable when a stamp lies in the future or too far in the past of `tick`."""
    if observed_at > tick + FUTURE_SECONDS:
        raise Skippable("future_timestamp")
    if observed_at < tick - stale_seconds:
        raise Skippable("stale")


def stamp(iso: str | None, tick: int, stale_seconds: int = STALE_SECONDS) -> int:
    """Return an ISO 8601 stamp as epoch seconds, its age checked. Raises Skippable."""
    if iso is None:
        raise Skippable("no_timestamp")
    try:
        observed_at = epoch(iso)
    except ValueError:
        raise Skippable("bad_timestamp") from None
    check_age(observed_at, tick, stale_seconds)
    return observed_at


def price(value: float | None) -> float:
    """Return a usable price. Raises Skippable "no_price" or "bad_price"."""
    if value is None:
        raise Skippable("no_price")
    if not 0 < value < float("inf"):
        raise Skippable("bad_price")
    return value


def number(value: object) -> float | None:
    """Return what a provider sent as a finite number, or None: strings, "" and null happen."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < float("inf") else None


def positive(value: float | None) -> float | None:
    """Return `value` if it is a positive finite number, else None."""
    return value if value is not None and 0 < value < float("inf") else None


def amount(value: float | None) -> float | None:
    """Return `value` if it is a finite number of zero or more, else None."""
    return value if value is not None and 0 <= value < float("inf") else None


def figures(**values: float | str | None) -> dict[str, float | str]:
    """Return the values that are there: finite numbers and texts that are not empty."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and value != "" and (isinstance(value, str) or abs(value) < 1e300)
    }


def about(**values: str | None) -> dict[str, str]:
    """Return the descriptions that are there, cut to a sensible length."""
    return {name: value[:200] for name, value in values.items() if value}


def pairs(points: list[list[float | None]]) -> Iterator[tuple[int, float]]:
    """Yield (epoch seconds, value) of [[milliseconds, value], …], leaving out broken ones."""
    for point in points:
        if len(point) != 2 or point[1] is None:
            continue
        if (milliseconds := positive(point[0])) is not None:
            yield int(milliseconds // 1000), point[1]
