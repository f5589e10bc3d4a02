"""The report as a page with plots: one HTML file, without anything from elsewhere."""

from collections import Counter
from collections.abc import Mapping
from html import escape

from common.times import epoch
from signals.claims import HEADLINE
from signals.detectors.base import duration
from signals.history import History
from signals.walk import Walked
from tools.backtest import charts
from tools.backtest.report import BacktestReport, DetectorReport

MOST_ASSETS = 4
COLOURS = ("#2563eb", "#d97706", "#059669", "#db2777", "#7c3aed", "#0891b2", "#65a30d", "#dc2626")

STYLE = """
:root{--ink:#0f172a;--soft:#64748b;--line:#e2e8f0;--card:#fff;--ground:#f8fafc;--accent:#2563eb}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
  font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1120px;margin:0 auto;padding:40px 24px 64px}
h1{font-size:28px;letter-spacing:-.02em;margin:0 0 4px}h2{font-size:19px;margin:0}
h3{font-size:13px;font-weight:600;margin:0 0 8px;color:var(--soft)}
p{margin:4px 0}.apart{margin:24px 0}.soft{color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:24px;
  margin-top:24px}
.head{display:flex;align-items:baseline;gap:12px;flex-wrap:wrap}
.numbers{display:flex;gap:24px 32px;flex-wrap:wrap;margin:24px 0 12px}
.numbers b{display:block;font-size:24px;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.plots{display:grid;grid-template-columns:34fr 25fr 34fr;gap:32px;margin-top:20px}
@media(max-width:860px){.plots{grid-template-columns:1fr}}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font:11px system-ui,sans-serif;fill:var(--soft)}
.badge{font-size:12px;font-weight:600;border-radius:99px;padding:2px 10px;background:#f1f5f9;
  color:var(--soft)}
.edge{background:#dcfce7;color:#166534}.worse{background:#fee2e2;color:#991b1b}
.dot{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
.key{display:flex;gap:18px;flex-wrap:wrap;font-size:13px;color:var(--soft);margin:12px 0 0}
"""


def page(report: BacktestReport, walked: Walked, history: History) -> str:
    """Return the page."""
    colours = dict(zip((one.name for one in report.detectors), COLOURS * 4, strict=False))
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>Backtest, {escape(report.made_of)}</title><style>{STYLE}</style><main>",
        _header(report),
        *(_detector(one, colours[one.name]) for one in report.detectors if one.signals),
        _silent(report),
        _prices(walked, history, colours),
        "</main></html>\n",
    ]
    return "\n".join(parts)


def _header(report: BacktestReport) -> str:
    events = report.events
    days = max((epoch(report.last) - epoch(report.first)) / 86400, 1)
    numbers = [
        (f"{report.assets}", "assets"),
        (f"{days:.0f}", "days"),
        (f"{sum(one.signals for one in report.detectors):,}", "signals"),
        (f"{events.total:,}" if events else "0", "events"),
        (f"{events.median:.2g}" if events else "0", "events per asset and day, median"),
        (f"{events.quiet_median:.2g}" if events else "0", "the same on quiet days"),
    ]
    boxes = "".join(f"<div><b>{value}</b><span class=soft>{what}</span></div>"
                    for value, what in numbers)  # fmt: skip
    notes = "".join(f"<p class=soft>{escape(note)}</p>" for note in report.notes)
    return (
        f"<h1>Backtest</h1><p class=soft>{escape(report.made_of)}, {report.first[:10]} to"
        f" {report.last[:10]}. Walk-forward: every signal was judged on what came after it, and"
        " every probability was given by what was known before it.</p>"
        f"<div class=numbers>{boxes}</div>{notes}"
    )


def _detector(one: DetectorReport, colour: str) -> str:
    (headline,) = [h for h in one.horizons if h.horizon == HEADLINE]
    kind = {"edge": "edge", "less often than without": "worse"}.get(headline.edge, "")
    since = duration(round(one.latency.since_onset_median)) if one.latency else "-"
    rate = f"{one.events.median:.2g}" if one.events else "-"
    return (
        f"<section class=card><div class=head><h2>{_dot(colour)}"
        f"{_words(one.name).capitalize()}</h2>"
        f"<span class='badge {kind}'>{HEADLINE // 3600} h: {escape(headline.edge)}</span>"
        f"<span class=soft>{one.signals:,} signals, {rate} events per asset and day,"
        f" told {since} after the move began</span></div>"
        f"<p>Claims: {escape(one.claim)}.</p><div class=plots>"
        "<div><h3>How often that held, against the base rate</h3>"
        f"{charts.held(one.horizons, colour)}</div>"
        f"<div><h3>Probability given and outcome, {HEADLINE // 3600} h</h3>"
        f"{charts.reliability(headline, colour)}</div>"
        "<div><h3>Return in the direction of the signal</h3>"
        f"{charts.returns(one.horizons, colour)}</div>"
        "</div></section>"
    )


def _silent(report: BacktestReport) -> str:
    names = [_words(one.name) for one in report.detectors if not one.signals]
    return f"<p class='soft apart'>Found nothing: {', '.join(names)}.</p>" if names else ""


def _prices(walked: Walked, history: History, colours: Mapping[str, str]) -> str:
    count = Counter(one.asset_id for one in walked.events.values())
    by_id = {one.asset_id: one for one in history.assets if one.prices}
    busiest = [(name, n) for name, n in count.most_common() if name in by_id][:MOST_ASSETS]
    cards = []
    for name, events in busiest:
        mine = [one for one in walked.signals if one.asset_id == name]
        types = sorted({one.type for one in mine})
        key = "".join(f"<span>{_dot(colours[one])}{_words(one)}</span>" for one in types)
        cards.append(
            f"<section class=card><div class=head><h2>{escape(by_id[name].symbol)}</h2>"
            f"<span class=soft>{events:,} events; US dollars, log scale</span></div>"
            f"{charts.prices(by_id[name], mine, colours)}<div class=key>{key}</div></section>"
        )
    return "".join(cards)


def _dot(colour: str) -> str:
    return f"<i class=dot style='background:{colour}'></i>"


def _words(name: str) -> str:
    return escape(name.replace("_", " "))
