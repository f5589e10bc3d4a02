"""What the parts of a report share: whose numbers are told, its span, how times are written.

In every part ?1 is the first second, ?2 the one behind the last, ?3 now, all in epoch seconds.
"""

OURS = "(SELECT source FROM sources WHERE redistributable AND shared)"
SPAN = """span AS (SELECT CAST(?1 AS INTEGER) AS since, CAST(?2 AS INTEGER) AS until,
  CAST(?3 AS INTEGER) AS now)"""


def time(seconds: str) -> str:
    """Return SQL of epoch seconds as ISO 8601."""
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {seconds}, 'unixepoch')"


def seen(observed_at: str) -> str:
    """Return SQL of the members observed_at and age_seconds, for json_object."""
    return f"""'observed_at', {time(observed_at)},
    'age_seconds', CAST(?3 AS INTEGER) - {observed_at}"""
