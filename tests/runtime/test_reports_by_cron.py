"""Reports on workerd: the API's cron makes them from what was collected, each period one."""

import pytest

from tests.support.live import START, Live

pytestmark = pytest.mark.runtime

DAY = 86_400
TODAY = START // DAY * DAY
MORNING = TODAY + DAY + 600
MADE = "SELECT kind, begins_at, made_at FROM reports ORDER BY kind, begins_at"


def test_the_cron_makes_each_period_once_and_what_it_told_is_served(live: Live) -> None:
    for turn in range(6):  # a few are made a run
        live.system.fire("api", MORNING + 300 * turn)
    made = live.rows(MADE)
    periods = [(kind, begins) for kind, begins, _ in made]
    assert len(set(periods)) == len(periods)
    assert {("daily", TODAY), ("daily", TODAY - DAY)} <= set(periods)
    live.system.fire("api", MORNING + 3600)
    assert live.rows(MADE) == made

    listed = live.api("/api/v1/reports?limit=250").json()["data"]
    assert len(listed) == sum(kind == "daily" for kind, _ in periods)
    told = live.api("/api/v1/reports/daily?date=2026-11-22&as_of=made").json()["data"]
    assert told["moves"]["assets"] > 200
    assert told["signals"]["n"] > 0
    visitor = live.get("dashboard", "/api/v1/dashboard/report?kind=daily&date=2026-11-22")
    assert visitor.json()["data"]["report"] == told
