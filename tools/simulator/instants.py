"""Instants: Unix seconds inside, ISO 8601 UTC with a Z outside."""

from datetime import UTC, datetime
from email.utils import format_datetime

DAY = 86_400
EARLIEST = 1_230_768_000  # 2009-01-01, before which no cryptocurrency had a price
LATEST = 4_102_444_800  # 2100-01-01


def parse_iso(text: str) -> int:
    """Unix seconds of an ISO 8601 instant; one without an offset is UTC.

    Raises ValueError, with a message that says what to change, for anything else.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not ISO 8601, e.g. 2026-11-22T12:00:00Z") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = int(moment.timestamp())
    if not EARLIEST <= seconds < LATEST:
        raise ValueError(f"{text!r} is outside 2009..2099")
    return seconds


def iso(seconds: float) -> str:
    """`2026-11-22T12:00:00Z`."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_ms(seconds: float) -> str:
    """`2026-11-22T12:00:00.250Z`, the form of CoinGecko's `last_updated`."""
    milliseconds = round(seconds * 1000)
    return f"{iso(milliseconds // 1000)[:-1]}.{milliseconds % 1000:03d}Z"


def http_date(seconds: int) -> str:
    """`Sun, 22 Nov 2026 12:00:00 GMT`, the form of Last-Modified."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)
