"""What an operator is told of, by whom it was put aside, and when it comes back."""

from typing import Any

import pytest

from api.admin.alerting import alerts
from api.admin.alerts import Alert, Aside, Degraded, Facts, Stored, Waiting
from common.times import iso
from tests.api.calling import NOW, TICK, insert
from tests.api.staff import Office

HOUR, DAY = 3_600, 86_400
NONE = Waiting(0, None)


def facts(**changes: Any) -> Facts:
    known: dict[str, Any] = {
        "last_tick": TICK, "detected": TICK, "degraded": [], "outbox": NONE, "deliveries": NONE,
        "failing": NONE, "open": NONE, "unclear": NONE, "difference": 0,
        "stored": Stored(900, 6_300, TICK - 8 * DAY), "aside": {},
    }  # fmt: skip
    return Facts(**known | changes)


def told(now: float = NOW, live: bool = True, **changes: Any) -> list[Alert]:
    return alerts(facts(**changes), now, live)


WRONG: dict[str, dict[str, Any]] = {
    "collection-late": {"now": TICK + 2 * HOUR},
    "detection-behind": {"detected": TICK - HOUR},
    "source:kraken": {"degraded": [Degraded("kraken", TICK - HOUR - 900, "ticker: status 503")]},
    "outbox": {"outbox": Waiting(3, TICK - 900)},
    "deliveries": {"deliveries": Waiting(2, int(NOW) - 900)},
    "webhooks": {"failing": Waiting(1, int(NOW) - 900)},
    "books": {"difference": -1},
    "payments-unclear": {"unclear": Waiting(1, int(NOW) - 60)},
    "payments-open": {"open": Waiting(1, int(NOW) - HOUR - 60)},
    "storage-growth": {"stored": Stored(2_000, 6_300, TICK - 8 * DAY)},
}


def test_a_system_that_is_well_has_no_alert() -> None:
    assert told() == []
    assert told(last_tick=None, detected=None) == []


@pytest.mark.parametrize("alert", WRONG)
def test_what_is_wrong_is_told_with_what_to_do(alert: str) -> None:
    (one,) = told(**WRONG[alert])
    assert one.alert == alert
    assert one.title
    assert one.what_to_do.endswith(".")
    assert one.state == "open"


@pytest.mark.parametrize(
    "changes",
    [
        {"degraded": [Degraded("kraken", TICK - 900, "one bad tick")]},
        {"outbox": Waiting(3, int(NOW) - 60)},
        {"deliveries": Waiting(2, int(NOW) - 60)},
        {"open": Waiting(1, int(NOW) - 60)},
        {"stored": Stored(2_000, 100, TICK - DAY)},  # of a system that is a day old
    ],
)
def test_what_may_pass_by_itself_is_no_alert(changes: dict[str, Any]) -> None:
    assert told(**changes) == []


def test_a_recording_is_never_late() -> None:
    assert told(now=TICK + 90 * DAY, live=False) == []


def test_what_somebody_knows_comes_last_and_comes_back_when_it_begins_anew() -> None:
    known = {"source:kraken": Aside(TICK, "eve", None)}
    wrong = [Degraded("kraken", TICK - 2 * HOUR, None)]
    both = told(degraded=wrong, unclear=Waiting(1, TICK), aside=known)
    assert [(one.alert, one.state) for one in both] == [
        ("payments-unclear", "open"), ("source:kraken", "acknowledged"),
    ]  # fmt: skip
    later = {"source:kraken": Aside(TICK - 3 * HOUR, "eve", None)}
    assert [one.state for one in told(degraded=wrong, aside=later)] == ["open"]


def test_what_is_snoozed_comes_back_when_the_time_is_over() -> None:
    for left, state in ((60, "snoozed"), (-60, "acknowledged")):
        aside = {"books": Aside(int(NOW) - HOUR, "eve", int(NOW) + left)}
        assert told(difference=5, aside=aside)[0].state == state


def test_an_alert_without_a_beginning_is_known_for_a_day() -> None:
    for age, state in ((HOUR, "acknowledged"), (DAY + 1, "open")):
        aside = {"books": Aside(int(NOW) - age, "eve", None)}
        assert told(difference=5, aside=aside)[0].state == state


ALERTS = "/api/v1/admin/alerts"


def with_trouble() -> Office:
    office = Office()
    office.database.connection.execute(
        "UPDATE sources SET state = 'degraded', reason = 'status 503', last_success = ?"
        " WHERE source = 'coindesk'",
        (TICK - 2 * HOUR,),
    )
    insert(office.database, "detection_runs", run_no=1, tick=TICK, seq=0, head="h", summary="{}")
    return office


def test_the_tables_are_what_alerts_follow_from() -> None:
    (one,) = with_trouble().data("GET", ALERTS)
    assert one["alert"] == "source:coindesk"
    assert one["since"] == iso(TICK - 2 * HOUR)
    assert one["detail"] == "status 503"


def test_an_alert_is_acknowledged_snoozed_and_reopened_and_each_is_written_down() -> None:
    office = with_trouble()
    path = f"{ALERTS}/source:coindesk"
    for action, state in (
        ("acknowledge", "acknowledged"), ("snooze", "snoozed"), ("reopen", "open"),
    ):  # fmt: skip
        (one,) = office.data("POST", path, {"action": action, "hours": 4})
        assert one["state"] == state
        assert one["acknowledged_by"] == (None if state == "open" else "eve")
    assert [entry[1:3] for entry in office.entries()] == [
        ("alert.put-aside", "alert:source:coindesk")
    ] * 3


def test_what_is_not_wrong_cannot_be_put_aside() -> None:
    office = with_trouble()
    refused = office.refused("POST", f"{ALERTS}/source:coingecko", {"action": "acknowledge"})
    assert refused == (404, "no-such-alert")
    assert office.entries() == []


def test_books_that_do_not_balance_are_seen() -> None:
    office = Office()
    insert(
        office.database, "user_analytics", user_id="u1", endpoint="GET /x",
        timestamp=int(NOW) // HOUR * HOUR, revenue_atomic=5,
    )  # fmt: skip
    assert "books" in {one["alert"] for one in office.data("GET", ALERTS)}
