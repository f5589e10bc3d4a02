"""The page of the track record: honest about what has an edge, what has none, what is unknown."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.views import alter
from tests.support.live import Live

pytestmark = pytest.mark.browser

HORIZON = 14_400


def record(
    kind: str, share: float, interval: tuple[float, float], n: int = 400, **more: Any
) -> dict[str, Any]:
    """A record of 4 hours whose base rate is 19 %."""
    bins = [{"p": 0.25, "share": share, "n": n, "interval": interval}]
    return {
        "type": kind, "horizon_seconds": HORIZON, "version": 3, "made_at": "2026-11-22T12:00:00Z",
        "age_seconds": 60, "accepted": True, "decision": {},
        "calibration": {
            "n": n, "days": 40, "control_n": 9, "interval": interval, "base_rate": 0.19,
            "flat": False,
        } | more,
        "report": {
            "n": n, "n_effective": 212.5, "days": 40, "hits": int(share * n), "share": share,
            "interval": interval, "skill": -0.031, "brier": 0.16, "brier_base": 0.155,
            "n_scored": n, "basis": "issued", "reliability": bins,
            "bands": [{"low": 1.0, "n": n, "share": share, "interval": interval}],
        },
    }  # fmt: skip


RECORDS = [
    record("price_anomaly", 0.41, (0.33, 0.5)),
    record("volume_spike", 0.2, (0.15, 0.26)),
    record("pump", 0.06, (0.03, 0.12)),
    record("depeg", 0.5, (0.1, 0.9), n=8),
]
SAID = {
    "price_anomaly": ("Edge", "came true 41% of the time within 4 h; the market does that by"
                      " itself 19% of the time."),
    "volume_spike": ("No edge", "No edge: it came true 20% of the time"),
    "pump": ("Less than chance", "Do not trade on it."),
    "depeg": ("Too few judged", "Nothing can be said yet: 8 judged on 40 days"),
}  # fmt: skip


@pytest.fixture
def told(page: Page, live: Live) -> Page:
    """The page of those records."""

    def change(data: dict[str, Any]) -> None:
        if "records" not in data:
            return
        data["records"] = RECORDS
        for one in data["types"]:
            if one["type"] in SAID:
                one |= {
                    "claim": "a further move", "started_at": "2026-11-01T00:00:00Z",
                    "last_at": "2026-11-22T12:00:00Z",
                }  # fmt: skip

    alter(page, change)
    page.goto(live.system.ports.address("dashboard") + "/track-record")
    expect(page.get_by_role("heading", name="At a glance")).to_be_visible(timeout=20_000)
    return page


def test_each_type_says_in_plain_words_whether_it_can_be_believed(told: Page) -> None:
    expect(told.locator(".track-summary")).to_have_text(
        "Within 4 h 1 of 4 types beats the base rate, 2 without an edge,"
        " 1 judged too seldom to tell."
    )
    for kind, (chip, sentence) in SAID.items():
        panel = told.locator(f"[data-type={kind}]")
        expect(panel.locator(".chip")).to_have_text(chip)
        expect(panel.locator(".track-sentence")).to_contain_text(sentence)
        expect(panel).to_contain_text("Counts as a hit within 4 h: a further move.")
    expect(told.locator("[data-type=pump]")).to_contain_text(
        "3.1% worse than always saying the base rate (Brier 0.160 against 0.155)"
    )


def test_the_plot_has_a_table_that_tells_the_same(told: Page) -> None:
    panel = told.locator("[data-type=price_anomaly]")
    plot = panel.get_by_role("img", name=re.compile("said 25%, came 41%"))
    expect(plot).to_be_visible()
    expect(plot.locator(".plot-count")).to_have_text("400")
    table = panel.get_by_role("table", name="By the probability that was given")
    expect(table.locator("tbody tr")).to_have_text(["25%41%33% – 50%400"])


def test_another_horizon_is_in_the_address(told: Page) -> None:
    told.get_by_role("button", name="24 h").click()
    expect(told).to_have_url(re.compile(r"/track-record\?horizon=86400$"))
    expect(told.locator("[data-type=pump] .track-sentence")).to_have_count(0)
    expect(told.get_by_role("button", name="24 h")).to_have_attribute("aria-pressed", "true")
