"""What a notification says: the signal's own sentence, and how far to believe it. Pure.

The page's service worker shows `title` and `body` as they are; `tag` makes a repeat
of the same notification replace the first, `url` is what a click opens, `signal_ids`
what it marks as read, `badge` the number on the app's icon (absent: leave it alone).
"""

from typing import Any, Literal
from urllib.parse import quote

import msgspec

from common.web_push import MOST_BYTES

LONGEST_BODY = 700  # more is shown nowhere; the sentences of signals are shorter
Kind = Literal["signal", "summary", "test"]


class Told(msgspec.Struct, frozen=True):
    """What a notification tells of a signal; `p` None without a probability.

    `listed`: its subject is an asset that has a page.
    """

    id: str
    type: str
    asset_id: str
    listed: bool
    symbol: str
    name: str
    direction: str | None
    p: float | None
    base_rate: float | None
    edge: bool
    explanation: str
    at: str
    rule: str | None


class Summary(msgspec.Struct, frozen=True):
    """What was held back: how many signals, on how many assets, and the first of them."""

    count: int
    assets: int
    signals: list[Told]


def payload(kind: Kind, stored: str, badge: int | None) -> bytes:
    """Return the text of a push message, JSON, at most MOST_BYTES long."""
    if kind == "test":
        told = _test()
    elif kind == "signal":
        told = _of_signal(msgspec.json.decode(stored, type=Told))
    else:
        summary = msgspec.json.decode(stored, type=Summary)
        one = summary.count == 1 and summary.signals
        told = _of_signal(summary.signals[0]) if one else _of_summary(summary)
    if badge is not None:
        told["badge"] = badge
    return _fitting(told)


def confidence(signal: Told) -> str:
    """Return how far to believe a signal, in a few words."""
    if signal.p is None or signal.base_rate is None:
        return "no probability yet"
    beside = f"{100 * signal.p:.0f} % against {100 * signal.base_rate:.0f} % by chance"
    return beside if signal.edge else f"{beside}: no edge"


def _of_signal(signal: Told) -> dict[str, Any]:
    what = signal.type.replace("_", " ")
    says = f"{signal.rule}: {signal.name}" if signal.rule else signal.name
    page = f"/asset/{quote(signal.asset_id, safe='')}" if signal.listed else "/signals"
    arrow = {"up": " ↑", "down": " ↓"}.get(signal.direction or "", "")
    return {
        "kind": "signal",
        "title": f"{says}{arrow} {what} · {confidence(signal)}",
        "body": signal.explanation,
        "tag": f"signal:{signal.id}",
        "url": f"{page}?signal={quote(signal.id, safe='')}",
        "signal_ids": [signal.id],
        "at": signal.at,
    }


def _of_summary(summary: Summary) -> dict[str, Any]:
    lines = [f"{one.symbol} {one.type.replace('_', ' ')}: {confidence(one)}"
             for one in summary.signals]  # fmt: skip
    more = summary.count - len(summary.signals)
    assets = f"{summary.assets} asset{'' if summary.assets == 1 else 's'}"
    return {
        "kind": "summary",
        "title": f"{summary.count} signals on {assets} while it was quiet",
        "body": "\n".join(lines) + (f"\nand {more} more" if more > 0 else ""),
        "tag": "summary",
        "url": "/signals",
        "signal_ids": [],
        "at": max((one.at for one in summary.signals), default=None),
    }


def _test() -> dict[str, Any]:
    return {
        "kind": "test",
        "title": "Notifications work on this device",
        "body": "This is how CryptoIntel tells you of a signal.",
        "tag": "test",
        "url": "/settings/notifications",
        "signal_ids": [],
        "at": None,
    }


def _fitting(told: dict[str, Any]) -> bytes:
    """Return it as JSON, its texts cut where they are too long for one record."""
    for most in (LONGEST_BODY, 300, 100):
        cut = {**told, "title": _cut(told["title"], 200), "body": _cut(told["body"], most)}
        encoded = msgspec.json.encode(cut)
        if len(encoded) <= MOST_BYTES:
            break
    return encoded


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
