"""Signals that a page is told: by its view, and by the live stream that the test speaks."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, Route, WebSocketRoute, expect

from tests.support.live import START, Live

Told = dict[str, Any]
NOTE = "Fewer than 30 judged signals of this type on 10 days (3 on 2 so far)."
UNKNOWN: Told = {
    "p": None, "n": 0, "n_type": 3, "hits": 0, "base_rate": None, "lift": None, "interval": None,
    "edge": False, "note": NOTE,
}  # fmt: skip
EDGE = UNKNOWN | {
    "p": 0.41, "n": 118, "n_type": 236, "hits": 48, "base_rate": 0.19, "lift": 2.16,
    "interval": [0.33, 0.5], "edge": True, "note": "It was 41 % of 236.",
}  # fmt: skip
NO_EDGE = EDGE | {"p": 0.21, "n": 64, "interval": [0.14, 0.33], "edge": False}
BELOW = EDGE | {"p": 0.06, "n": 90, "interval": [0.03, 0.12], "edge": False}


def iso(minutes_ago: int) -> str:
    moment = datetime.fromtimestamp(START, UTC) - timedelta(minutes=minutes_ago)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def signal(
    kind: str, minutes_ago: int, asset: str = "bitcoin", symbol: str = "BTC",
    calibration: Told = UNKNOWN, horizons: dict[str, Told] | None = None,
    labels: dict[str, str] | None = None, **more: Any,
) -> Told:  # fmt: skip
    """A signal as the API tells it."""
    return {
        "id": f"{START - 60 * minutes_ago}-{kind}-{asset}", "type": kind, "asset_id": asset,
        "symbol": symbol, "name": symbol.title(), "confidence_score": calibration["p"],
        "created_at": iso(minutes_ago), "ended_at": None, "known_at": iso(minutes_ago),
        "event_id": f"{minutes_ago:05d}-{asset}", "explanation": f"{kind} of {symbol}.",
        "metadata": {
            "direction": "down", "measured": {"name": "gap", "value": 0.031, "unit": "1"},
            "window_seconds": 900, "score": 1.4, "labels": labels or {},
            "statistic": {"name": "robust z-score", "value": -9.1, "threshold": 6},
            "context": {"left_share": 0.234, "locked_before": 1.23e9},
            "inputs": [{"source": "kraken", "observed_at": iso(minutes_ago), "age_seconds": 42}],
            "detector": {"name": kind, "version": 2},
            "claim": {"name": "moves_on", "says": "a further move of 2 σ", "horizon": 14400},
            "calibration": calibration,
            "horizons": horizons or dict.fromkeys(("3600", "14400", "86400"), calibration),
        },
    } | more  # fmt: skip


def outcome(horizon: int, hit: bool | None, judged: bool = True) -> Told:
    return {
        "horizon_seconds": horizon, "due_at": "2100-01-01T00:00:00Z", "hit": hit,
        "judged_at": iso(0) if judged else None, "value": None, "threshold": None,
        "base_rate": None, "controls": None, "reason": None,
    }  # fmt: skip


class Feed:
    """The view of signals, answered from `signals` (the newest first), and the live stream.

    `signals` may change: the next answer has what it holds then. Pages have `size` signals.
    """

    def __init__(self, page: Page, live: Live, signals: list[Told], size: int = 50) -> None:
        self.signals = signals
        self.asked: list[dict[str, str]] = []
        self._page, self._size, self._seq = page, size, 1
        self._own = live.system.ports.address("dashboard")
        self._sockets: list[WebSocketRoute] = []
        page.route("**/api/v1/dashboard/signals*", self._answer)
        page.route("**/api/v1/dashboard/asset*", self._answer_asset)
        page.route_web_socket("**/live*", self._open)

    def open(self, path: str = "/signals") -> None:
        """Open a page and wait until it shows a signal."""
        self._page.goto(self._own + path)
        expect(self._page.locator("[data-signal]").first).to_be_visible(timeout=20_000)

    def say(self, event: str, told: Told, *, lost: int = 0) -> None:
        """Send an event by the stream after `lost` ones that did not arrive."""
        self._seq += 1 + lost
        self._sockets[-1].send(json.dumps({"seq": self._seq, "event": event, "signal": told}))

    def _open(self, socket: WebSocketRoute) -> None:
        self._sockets.append(socket)
        socket.send(json.dumps({"event": "hello", "seq": self._seq}))

    def _answer(self, route: Route) -> None:
        asked = {name: one for name, (one,) in parse_qs(urlsplit(route.request.url).query).items()}
        self.asked.append(asked)
        first = int(asked.get("cursor", "0"))
        wanted = [
            one for one in self.signals
            if asked.get("type") in (None, one["type"]) and asked.get("id") in (None, one["id"])
        ]  # fmt: skip
        last = first + self._size
        data = {"origin": "simulated", "signals": wanted[first:last]}
        meta = {"generated_at": iso(0), "next": str(last) if last < len(wanted) else None}
        route.fulfill(json={"data": data, "meta": meta})

    def _answer_asset(self, route: Route) -> None:
        real = route.fetch()
        body = real.json()
        body["data"]["signals"] = self.signals
        route.fulfill(response=real, body=json.dumps(body))


def card(page: Page, told: Told) -> Locator:
    return page.locator(f"[data-signal='{told['id']}']")


def open_evidence(one: Locator) -> Locator:
    one.get_by_role("button", name="Evidence").click()
    return one.locator(".evidence")
