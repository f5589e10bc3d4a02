"""A report as Markdown (CommonMark with tables), for reading."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

Part = dict[str, Any]
_signs = re.compile(r"([\\`*_\[\]<>|#~])")


def markdown(report: Part, meta: Part) -> str:
    """Return the text of a report (api.shapes.reports.Report) with the meta of its answer."""
    day, last = report["since"][:10], report["until"]
    titles = {"daily": f"Day of {day}", "weekly": f"Week from {day}"}
    title = titles.get(report["period"], f"From {report['since']} to {last}")
    about = f"Until {last} (UTC). Told {meta['generated_at']}."
    if not report["complete"]:
        about += " The period is not over."
    if meta["origin"] != "live":
        about += f" **The data is {_safe(meta['origin'])}.**"
    parts = (
        f"# CryptoIntel: {title}", about,
        "## Market", _market(report["market"]), _mood(report["fear_greed"]),
        "## What moved", *_moves(report["moves"]),
        "## Value locked", *_locked(report["locked"]),
        "## Signals", *_signals(report["signals"]),
        "## Track record by detector", _record(report["track_record"]),
        "## News", _sentiment(report["sentiment"]), _stories(report["stories"]),
        "## Sources", _sources(report["sources"]),
    )  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _market(market: Part | None) -> str:
    if market is None:
        return "Nobody told the whole market in this period."
    return (
        f"{_dollars(market['total_market_cap'])} in all ({_percent(market['change'])} in the"
        f" period), {_dollars(market['total_volume'])} traded in 24 h, Bitcoin"
        f" {_number(market['btc_dominance'], '.2f')} %. {_origin(market)}"
    )


def _mood(mood: Part | None) -> str:
    if mood is None:
        return "Nobody told fear and greed in this period."
    return (
        f"Fear and greed {_number(mood['value'], '.0f')} of 100 ({_safe(mood['label'] or '–')};"
        f" before: {_number(mood['value_before'], '.0f')}). {_origin(mood)}"
    )


def _moves(moves: Part) -> Iterable[str]:
    yield f"{moves['assets']} assets had a price at both ends."
    for name, rows in (("Up", moves["up"]), ("Down", moves["down"])):
        yield f"### {name}"
        yield _table(
            ("asset", "change", "price", "source", "age"),
            [
                (f"{row['name']} ({row['symbol']})", _percent(row["change"]),
                 _dollars(row["price"]), row["source"], _age(row["age_seconds"]))
                for row in rows
            ],
        )  # fmt: skip


def _locked(locked: Part) -> Iterable[str]:
    yield f"{locked['protocols']} protocols told it at both ends."
    yield _table(
        ("protocol", "came or went", "change", "value", "source", "age"),
        [
            (row["name"], _dollars(row["difference"]), _percent(row["change"]),
             _dollars(row["value"]), row["source"], _age(row["age_seconds"]))
            for row in (*locked["up"], *locked["down"])
        ],
    )  # fmt: skip


def _signals(signals: Part) -> Iterable[str]:
    counts = ", ".join(f"{n} {_safe(kind)}" for kind, n in signals["by_type"].items())
    yield f"{signals['n']} fired{f': {counts}' if counts else ''}."
    yield _table(
        ("at", "signal", "confidence", "what came of it", "id"),
        [
            (row["created_at"], row["explanation"], _number(row["confidence_score"], ".2f"),
             _outcomes(row["outcomes"]), row["id"])
            for row in signals["rows"]
        ],
    )  # fmt: skip


def _outcomes(outcomes: Sequence[Part]) -> str:
    words = {True: "yes", False: "no", None: "cannot be told"}
    return ", ".join(
        f"{_hours(one['horizon_seconds'])}:"
        f" {words[one['hit']] if one['judged_at'] else 'open'}"
        f" (base {_number(one['base_rate'], '.2f')})"
        for one in outcomes
    )


def _record(rows: Sequence[Part]) -> str:
    told = []
    for row in rows:
        of, known = row["of_period"], row["calibration"]
        told.append(
            (
                row["type"], _hours(row["horizon_seconds"]),
                f"{of['hits']} of {of['n']}", _number(of["base_rate"], ".2f"),
                _known(known), _age(known["age_seconds"]) if known else "–",
            )
        )  # fmt: skip
    return _table(
        ("detector", "horizon", "right in the period", "base rate", "known by then", "age"), told
    )


def _known(known: Part | None) -> str:
    if known is None:
        return "nothing yet"
    low, high = known["interval"] or (None, None)
    return (
        f"{_number(known['rate'], '.2f')} ({_number(low, '.2f')} to {_number(high, '.2f')})"
        f" against {_number(known['base_rate'], '.2f')}, n {_number(known['n'], 'd')}:"
        f" {'an edge' if known['edge'] else 'no edge'}"
    )


def _sentiment(tone: Part) -> str:
    if not tone["n"]:
        return "No story of this period has a tone."
    return (
        f"{_number(tone['tone'], '+.3f')} of {tone['n']} stories (before:"
        f" {_number(tone['tone_before'], '+.3f')} of {tone['n_before']}), from -1 to 1. Sources:"
        f" {_safe(', '.join(tone['sources']))}; the newest {_age(tone['age_seconds'])} old."
    )


def _stories(rows: Sequence[Part]) -> str:
    return _table(
        ("most told", "sources", "times", "tone", "first told by", "age"),
        [
            (row["title"], str(row["sources"]), str(row["times"]),
             _number(row["sentiment"], "+.2f"), row["attribution"], _age(row["age_seconds"]))
            for row in rows
        ],
    )  # fmt: skip


def _sources(rows: Sequence[Part]) -> str:
    return _table(
        ("source", "runs that succeeded", "rows", "last run", "data by"),
        [
            (row["source"], f"{row['ok']} of {row['runs']}", str(row["parsed"]),
             _age(row["age_seconds"]), row["attribution"])
            for row in rows
        ],
    )  # fmt: skip


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "None."
    lines = [head, ["---"] * len(head), *([_safe(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _safe(text: str) -> str:
    """Return text that is only text: names are others' words."""
    return _signs.sub(r"\\\1", " ".join(text.split()))


def _origin(row: Part) -> str:
    return f"Source: {_safe(row['source'])}, {_age(row['age_seconds'])} old."


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:+.2f} %"


def _dollars(value: float | None) -> str:
    if value is None:
        return "–"
    sign, size = "-" if value < 0 else "", abs(value)
    return f"{sign}${size:,.0f}" if size >= 1000 else f"{sign}${size:.6g}"


def _age(seconds: int) -> str:
    return f"{seconds // 3600} h" if seconds >= 7200 else f"{max(0, seconds) // 60} min"


def _hours(seconds: int) -> str:
    return f"{seconds // 3600} h"
