"""A report as CSV (RFC 4180): a line a figure, with its unit, its source and its time.

One table for all sections, so that a spreadsheet filters and pivots it; a text that a
spreadsheet would take for a formula gets an apostrophe in front, as in the exports.
"""

from collections.abc import Iterator
from typing import Any

Part = dict[str, Any]
Line = tuple[object, ...]
HEAD = ("section", "subject", "figure", "value", "unit", "source", "observed_at", "age_seconds")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PERCENT, _SHARE = "percent", "share"


def csv(report: Part) -> str:
    """Return the text of a report (api.shapes.reports.Report)."""
    lines = [HEAD, *_lines(report)]
    return "".join(",".join(_cell(value) for value in line) + "\r\n" for line in lines)


def _lines(report: Part) -> Iterator[Line]:
    span = f"{report['since']}/{report['until']}"
    yield "report", report["period"], "span", span, "ISO 8601", "", report["told_at"], 0
    if (market := report["market"]) is not None:
        yield from _figures("market", "", market, {
            "total_market_cap": "USD", "change": _PERCENT, "total_volume": "USD",
            "btc_dominance": _PERCENT, "btc_dominance_change": "percentage points",
        })  # fmt: skip
    if (mood := report["fear_greed"]) is not None:
        yield from _figures("fear_greed", "", mood, {"value": "points", "value_before": "points"})
    for row in (*report["moves"]["up"], *report["moves"]["down"]):
        yield from _figures("moves", row["asset_id"], row, {"price": "USD", "change": _PERCENT})
    for row in (*report["locked"]["up"], *report["locked"]["down"]):
        units = {"value": "USD", "difference": "USD", "change": _PERCENT}
        yield from _figures("locked", row["name"], row, units)
    for row in report["signals"]["rows"]:
        yield from _signal(row)
    for row in report["track_record"]:
        yield from _record(row, report["told_at"])
    tone = report["sentiment"]
    units = {"tone": "-1 to 1", "n": "stories", "tone_before": "-1 to 1", "n_before": "stories"}
    yield from _figures("sentiment", "", {**tone, "source": " ".join(tone["sources"])}, units)
    for row in report["stories"]:
        told = {**row, "observed_at": row["published_at"]}
        yield from _figures("stories", row["title"], told, {
            "url": "", "times": "items", "sources": "sources", "sentiment": "-1 to 1",
        })  # fmt: skip
    for row in report["sources"]:
        units = {"runs": "runs", "ok": "runs", "success_rate": "share of runs", "parsed": "rows"}
        yield from _figures("sources", row["source"], row, units)


def _figures(section: str, subject: str, row: Part, units: dict[str, str]) -> Iterator[Line]:
    for name, unit in units.items():
        if row[name] is not None:
            yield (
                section, subject, name, row[name], unit, row["source"], row["observed_at"],
                row["age_seconds"],
            )  # fmt: skip


def _signal(row: Part) -> Iterator[Line]:
    told = {**row, "observed_at": row["created_at"]}
    units = {"type": "", "symbol": "", "explanation": "", "confidence_score": "probability"}
    yield from _figures("signals", row["id"], told, units)
    for one in row["outcomes"]:
        after = f"after_{one['horizon_seconds']}_s"
        hit = {True: "yes", False: "no", None: "unknown"}[one["hit"]]
        figures = {
            f"hit_{after}": hit if one["judged_at"] else "open",
            f"base_rate_{after}": one["base_rate"],
        }
        judged = {**told, "observed_at": one["judged_at"] or row["created_at"], **figures}
        yield from _figures("signals", row["id"], judged, dict.fromkeys(figures, _SHARE))


def _record(row: Part, told_at: str) -> Iterator[Line]:
    subject = f"{row['type']} after {row['horizon_seconds']} s"
    of_period = {
        **row["of_period"], "source": row["source"], "observed_at": told_at, "age_seconds": 0,
    }  # fmt: skip
    units = {"n": "signals", "hits": "signals", "rate": _SHARE, "base_rate": _SHARE}
    yield from _figures("track_record of the period", subject, of_period, units)
    if (known := row["calibration"]) is not None:
        low, high = known["interval"] or (None, None)
        told = {**known, "source": row["source"], "interval_low": low, "interval_high": high}
        units = {
            "n": "signals", "days": "days", "rate": _SHARE, "interval_low": _SHARE,
            "interval_high": _SHARE, "base_rate": _SHARE, "edge": "",
        }  # fmt: skip
        yield from _figures("track_record known by then", subject, told, units)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return repr(value)
    guard = "'" if value.startswith(FORMULA) else ""
    doubled = value.replace('"', '""')
    return f'"{guard}{doubled}"'
