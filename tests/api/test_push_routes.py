"""Notifications by the API: devices, preferences, tests, and nobody else's."""

from typing import Any

import msgspec
import pytest

from api.objects.push import DEFAULT_CAP, MOST_DEVICES
from common.errors import Retryable
from common.web_push import public_key
from tests.api.owning import Desk
from tests.signals.delivery.world import TICK
from tests.support.web_push import VAPID, Browser

PATH = "/api/v1/push"
DEVICES = f"{PATH}/subscriptions"
ENDPOINT = "https://push.example.com/send/1"


def keys(number: int = 1) -> dict[str, str]:
    browser = Browser.number(number)
    return {"p256dh": browser.p256dh, "auth": browser.auth}


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.settings["VAPID_PRIVATE_KEY"] = VAPID
    return made


def subscribed(desk: Desk, user: str = "u1", number: int = 1, **more: Any) -> Any:
    body = {"endpoint": f"https://push.example.com/send/{number}", **keys(number)} | more
    return desk.ask("POST", DEVICES, body, user=user)


def state(desk: Desk, user: str = "u1") -> Any:
    return desk.ask("GET", PATH, user=user)


def test_whoever_asks_first_is_told_the_key_and_how_it_would_be(desk: Desk) -> None:
    assert state(desk) == {
        "public_key": public_key(VAPID),
        "unread": 0,
        "preferences": {
            "enabled": True, "scope": "all", "watchlist_id": None, "rules": True, "types": "all",
            "min_confidence": None, "quiet_hours": None, "time_zone": "UTC",
            "daily_cap": DEFAULT_CAP, "badges": True,
        },
        "subscriptions": [],
    }  # fmt: skip


def test_a_first_device_brings_its_time_zone_and_no_secret_of_it_is_told(desk: Desk) -> None:
    told = subscribed(desk, device="Chrome on Android", time_zone="Europe/Berlin")
    assert (told["endpoint"], told["device"]) == (ENDPOINT, "Chrome on Android")
    subscribed(desk, number=2, time_zone="Asia/Tokyo")
    shown = state(desk)
    assert shown["preferences"]["time_zone"] == "Europe/Berlin"
    assert len(shown["subscriptions"]) == 2
    assert keys()["auth"] not in msgspec.json.encode(shown).decode()


def test_the_same_endpoint_again_replaces_what_is_known_of_it(desk: Desk) -> None:
    first = subscribed(desk)
    again = desk.ask("POST", DEVICES, {"endpoint": ENDPOINT, **keys(9), "device": "New"})
    assert again["subscription_id"] == first["subscription_id"]
    (row,) = desk.world.database.rows("SELECT p256dh, device FROM push_subscriptions")
    assert row == (keys(9)["p256dh"], "New")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"endpoint": "http://push.example.com/send"}, "push-refused-address"),
        ({"endpoint": "https://10.0.0.1/send"}, "push-refused-address"),
        ({"endpoint": "https://localhost/send"}, "push-refused-address"),
        ({"p256dh": "B" + "A" * 86}, "push-refused-keys"),
        ({"time_zone": "Europe/Atlantis"}, "unknown-time-zone"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_stored(
    desk: Desk, change: dict[str, str], refusal: str
) -> None:
    body = {"endpoint": ENDPOINT, **keys()} | change
    assert desk.refused("POST", DEVICES, body) == (422, refusal)
    assert state(desk)["subscriptions"] == []


def test_a_phone_that_another_user_signs_in_on_is_his_from_then_on(desk: Desk) -> None:
    subscribed(desk)
    desk.world.insert(
        "push_deliveries", delivery_id="d", owner="u1", event_key="e", kind="test", body="{}",
        created_at=1, expires_at=TICK * 2,
        subscription_id=state(desk)["subscriptions"][0]["subscription_id"],
    )  # fmt: skip
    subscribed(desk, user="u2")
    assert state(desk)["subscriptions"] == []
    assert len(state(desk, "u2")["subscriptions"]) == 1
    assert desk.world.database.rows("SELECT count(*) FROM push_deliveries") == [(0,)]


def test_who_knows_only_the_address_of_anothers_phone_cannot_take_it(desk: Desk) -> None:
    subscribed(desk)
    body = {"endpoint": ENDPOINT, **keys(2)}
    taken = desk.refused("POST", DEVICES, body, user="u2")
    assert taken == (409, "push-subscription-taken")
    assert len(state(desk)["subscriptions"]) == 1


def test_a_user_has_only_so_many_devices(desk: Desk) -> None:
    for number in range(1, MOST_DEVICES + 1):
        subscribed(desk, number=number)
    body = {"endpoint": "https://push.example.com/send/one-more", **keys(99)}
    assert desk.refused("POST", DEVICES, body) == (409, "push-limit")


def test_a_device_is_removed_and_is_nobody_elses_to_remove_or_try(desk: Desk) -> None:
    name = subscribed(desk)["subscription_id"]
    for method, end in (("DELETE", ""), ("POST", "/test")):
        refused = desk.refused(method, f"{DEVICES}/{name}{end}", user="u2")
        assert refused == (404, "no-such-push-subscription")
    assert desk.ask("DELETE", f"{DEVICES}/{name}") == {"subscription_id": name}
    assert state(desk)["subscriptions"] == []


def test_a_test_is_made_and_waits_where_the_signals_worker_is_away(desk: Desk) -> None:
    name = subscribed(desk)["subscription_id"]
    desk.outside.away = Retryable("away")
    told = desk.ask("POST", f"{DEVICES}/{name}/test")
    assert (told["state"], told["status"], told["error"]) == ("pending", None, None)


def test_a_test_of_a_device_that_is_gone_says_so(desk: Desk) -> None:
    name = subscribed(desk)["subscription_id"]
    desk.outside.on_delivery = lambda: desk.world.database.connection.execute(
        "DELETE FROM push_deliveries"
    )
    refused = desk.refused("POST", f"{DEVICES}/{name}/test")
    assert refused == (409, "push-subscription-gone")


WANTED: dict[str, Any] = {
    "enabled": True, "scope": "none", "watchlist_id": None, "rules": False,
    "types": ["pump", "depeg"], "min_confidence": 0.25,
    "quiet_hours": {"start": "22:30", "end": "06:05"}, "time_zone": "America/New_York",
    "daily_cap": None, "badges": False,
}  # fmt: skip


def test_preferences_are_kept_as_they_were_said_and_by_user(desk: Desk) -> None:
    assert desk.ask("PUT", f"{PATH}/preferences", WANTED) == WANTED
    assert state(desk)["preferences"] == WANTED
    assert state(desk, "u2")["preferences"] != WANTED


def test_a_watchlist_has_to_be_named_and_ones_own(desk: Desk) -> None:
    mine, hers = "a" * 16, "b" * 16
    desk.world.watchlist(mine, "bitcoin")
    desk.world.watchlist(hers, "bitcoin", owner="u2")
    path = f"{PATH}/preferences"
    told = desk.ask("PUT", path, {"scope": "watchlist", "watchlist_id": mine})
    assert told["watchlist_id"] == mine
    assert desk.refused("PUT", path, {"scope": "watchlist"}) == (422, "push-needs-watchlist")
    body = {"scope": "watchlist", "watchlist_id": hers}
    assert desk.refused("PUT", path, body) == (404, "no-such-watchlist")
    zone = {"time_zone": "Mars/Olympus"}
    assert desk.refused("PUT", path, zone) == (422, "unknown-time-zone")


def message(desk: Desk, signal: str, owner: str = "u1", **values: Any) -> None:
    row = {"state": "told", "told_at": TICK} | values
    desk.world.insert("push_messages", owner=owner, signal_id=signal, created_at=TICK, **row)


def test_new_preferences_have_what_was_held_back_judged_anew(desk: Desk) -> None:
    message(desk, "s1", state="waiting", held=1, due_at=TICK + 9, told_at=None)
    desk.ask("PUT", f"{PATH}/preferences", {})
    assert desk.world.database.rows("SELECT held, due_at FROM push_messages") == [(1, 0)]


def test_what_was_read_is_no_longer_counted_and_of_nobody_else(desk: Desk) -> None:
    for signal in ("s1", "s2", "s3"):
        message(desk, signal)
        message(desk, signal, owner="u2")
    message(desk, "held", state="waiting", told_at=None)
    assert state(desk)["unread"] == 3
    assert desk.ask("POST", f"{PATH}/read", {"signal_ids": ["s2", "other"]}) == {"unread": 2}
    assert desk.ask("POST", f"{PATH}/read", {}) == {"unread": 0}
    assert state(desk, "u2")["unread"] == 3


def test_where_no_key_is_set_it_says_so(desk: Desk) -> None:
    desk.settings["VAPID_PRIVATE_KEY"] = ""
    assert state(desk)["public_key"] is None
    body = {"endpoint": ENDPOINT, **keys()}
    assert desk.refused("POST", DEVICES, body) == (503, "push-not-set-up")
