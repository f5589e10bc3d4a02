"""What a value looks like in the notebook page: a table, a figure, or text.

The bundles are those of the notebook format, keyed by media type. Each has a
text, so that a notebook can be read elsewhere too.
"""

import dataclasses
import json
import pprint
from typing import Any

from cryptointel import figures
from cryptointel.tables import members

TABLE = "application/vnd.cryptointel.table+json"
MOST_ROWS = 500
MOST_COLUMNS = 60
_WIDE = 100


def bundle(value: Any) -> dict[str, Any]:
    """Return a value as data by media type."""
    if isinstance(value, figures.Figure):
        told = json.loads(json.dumps(dataclasses.asdict(value)))
        return {figures.MIME: told, "text/plain": repr(value)}
    rows = _rows(value)
    if rows is not None:
        return {TABLE: _table(rows), "text/plain": _text(value)}
    return {"text/plain": _text(value)}


def _rows(value: Any) -> list[dict[str, Any]] | None:
    """Return the rows of what is a table, None for everything else."""
    if hasattr(value, "to_dict") and hasattr(value, "columns"):  # a DataFrame
        value = value.to_dict("records")
    if not isinstance(value, list | tuple) or not value:
        return None
    rows = [members(one) for one in value]
    return None if None in rows else [row for row in rows if row is not None]


def _table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    shown = rows[:MOST_ROWS]
    columns = list(dict.fromkeys(name for row in shown for name in row))[:MOST_COLUMNS]
    return {
        "columns": columns,
        "rows": [[_cell(row.get(name)) for name in columns] for row in shown],
        "total": len(rows),
    }


def _cell(value: Any) -> Any:
    """Return what JSON has a word for; numbers that it has none for become texts."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        fits = abs(value) < 2**53 if isinstance(value, int) else value - value == 0
        return value if fits else str(value)
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _text(value: Any) -> str:
    text = pprint.pformat(value, width=_WIDE, compact=True, sort_dicts=False)
    most = 50_000
    return text if len(text) <= most else f"{text[:most]}\n… {len(text) - most:,} more characters"
