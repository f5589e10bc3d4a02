"""Times: epoch seconds inside, ISO 8601 with Z outside."""

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """Return `seconds` since the epoch as "2026-11-22T12:15:00Z"."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(text: str) -> int:
    """Return the epoch seconds of an ISO 8601 time; one without an offset is UTC.

    Raises ValueError when `text` is no such time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp())
