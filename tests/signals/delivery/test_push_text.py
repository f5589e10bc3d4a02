"""What notifications say, and that every one of them fits into a push message."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.web_push import MOST_BYTES
from signals.delivery.push_text import Told, confidence, payload

TOLD: dict[str, Any] = {
    "id": "1-pump-bitcoin", "type": "pump", "asset_id": "bitcoin", "listed": True, "symbol": "BTC",
    "name": "Bitcoin", "direction": None, "p": 0.41, "base_rate": 0.33, "edge": True,
    "explanation": "It rose.", "at": "2026-11-22T12:15:00Z", "rule": None,
}  # fmt: skip


def shown(kind: Any, stored: Any, badge: int | None = None) -> dict[str, Any]:
    text = payload(kind, msgspec.json.encode(stored).decode(), badge)
    found: dict[str, Any] = msgspec.json.decode(text)
    return found


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "41 % against 33 % by chance"),
        ({"edge": False}, "41 % against 33 % by chance: no edge"),
        ({"p": None}, "no probability yet"),
        ({"base_rate": None}, "no probability yet"),
    ],
)
def test_confidence_is_told_beside_chance_or_not_at_all(values: dict[str, Any], says: str) -> None:
    assert confidence(msgspec.convert(TOLD | values, Told)) == says


def test_what_has_no_page_of_its_own_leads_to_the_signals() -> None:
    assert shown("signal", TOLD | {"listed": False})["url"] == "/signals?signal=1-pump-bitcoin"
    odd = TOLD | {"asset_id": "a/../b?x#y", "id": "1&2"}
    assert shown("signal", odd)["url"] == "/asset/a%2F..%2Fb%3Fx%23y?signal=1%262"


def test_a_test_says_that_it_works() -> None:
    assert shown("test", {})["title"] == "Notifications work on this device"


@given(st.text(max_size=5000), st.text(max_size=500), st.text(max_size=500))
def test_no_text_is_too_long_for_a_push_message(said: str, name: str, rule: str) -> None:
    told = TOLD | {"explanation": said, "name": name, "rule": rule}
    encoded = msgspec.json.encode(told).decode()
    assert len(payload("signal", encoded, 9)) <= MOST_BYTES
    summary = {"count": 9, "assets": 9, "signals": [told] * 3}
    assert len(payload("summary", msgspec.json.encode(summary).decode(), 9)) <= MOST_BYTES
