"""Rows of the API as tables: flat rows, CSV, a DataFrame."""

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

# A spreadsheet runs a cell that begins so as a formula; an apostrophe keeps it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return flat rows of mappings or dataclasses.

    What is nested gets names such as `statistic.value`; lists become JSON.
    Every row has every column, in the order in which they are first seen.
    Raises TypeError for a row that is neither.
    """
    flat = [_flat(row) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    return [{name: row.get(name) for name in columns} for row in flat]


def to_csv(rows: Iterable[Any]) -> str:
    """Return rows as CSV (RFC 4180) with a header; None is an empty cell.

    Texts that a spreadsheet would run as a formula begin with an apostrophe.
    """
    flat = to_rows(rows)
    if not flat:
        return ""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(flat[0]))
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in flat)
    return out.getvalue()


def to_pandas(rows: Iterable[Any]) -> Any:
    """Return a DataFrame; columns of ISO times become UTC times.

    Raises ImportError where pandas is not installed.
    """
    import pandas as pd  # type: ignore[import-untyped, import-not-found, unused-ignore]

    frame = pd.DataFrame(to_rows(rows))
    for name in frame.columns:
        if name == "time" or str(name).endswith("_at"):
            frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def members(row: Any) -> dict[str, Any] | None:
    """Return what a row is made of, None when it is neither mapping nor dataclass."""
    if isinstance(row, Mapping):
        return {str(name): value for name, value in row.items()}
    if dataclasses.is_dataclass(row) and not isinstance(row, type):
        return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
    return None


def _flat(row: Any, prefix: str = "") -> dict[str, Any]:
    found = members(row)
    if found is None:
        raise TypeError(f"a row is a mapping or a dataclass, not {type(row).__name__}")
    flat: dict[str, Any] = {}
    for name, value in found.items():
        nested = members(value)
        if nested:
            flat |= _flat(nested, f"{prefix}{name}.")
        elif isinstance(value, list | tuple | Mapping):
            flat[prefix + name] = json.dumps(value, ensure_ascii=False, default=str)
        else:
            flat[prefix + name] = value
    return flat


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
