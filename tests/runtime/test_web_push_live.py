"""Notifications on workerd: encrypted by WebCrypto, read and verified by stock libraries."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.runtime.receiver import Receiver
from tests.support.live import Live, eventually
from tests.support.web_push import Browser, verified

pytestmark = pytest.mark.runtime

PUSH = "/api/v1/push"
BROWSER = Browser.number(41)
FAR = "Pacific/Kiritimati"  # UTC+14, the whole year


def ask(live: Live, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    headers = {
        "authorization": f"Bearer {live.system.account.api_key}",
        "content-type": "application/json",
    }
    told = live.get("api", path, headers, method, json.dumps(body or {}))
    return told.status, told.json()


def prefer(live: Live, **wanted: Any) -> int:
    return ask(live, "PUT", f"{PUSH}/preferences", wanted)[0]


@pytest.fixture
def phone(live: Live) -> Iterator[tuple[Receiver, str]]:
    """A push service of one phone, and the phone's subscription."""
    with Receiver() as service:
        body = {"endpoint": service.url, "p256dh": BROWSER.p256dh, "auth": BROWSER.auth}
        status, told = ask(live, "POST", f"{PUSH}/subscriptions", body)
        assert status == 201, told
        name = told["data"]["subscription_id"]
        yield service, name
        ask(live, "DELETE", f"{PUSH}/subscriptions/{name}")


def test_a_phone_reads_what_only_it_can_read_and_knows_who_sent_it(
    live: Live, phone: tuple[Receiver, str]
) -> None:
    service, name = phone
    status, told = ask(live, "POST", f"{PUSH}/subscriptions/{name}/test")
    assert (status, told["data"]["state"], told["data"]["status"]) == (200, "delivered", 204)
    ((headers, body),) = service.received
    assert BROWSER.read(body)["title"] == "Notifications work on this device"
    claims = verified(headers["authorization"])
    assert claims["aud"] == service.url.removesuffix("/hook")
    assert claims["exp"] > time.time()
    key = ask(live, "GET", PUSH)[1]["data"]["public_key"]
    assert headers["authorization"].endswith(f"k={key}")
    assert (headers["content-encoding"], headers["urgency"]) == ("aes128gcm", "high")
    assert int(headers["ttl"]) > 0


def test_a_signal_reaches_the_phone_within_its_tick_with_its_own_sentence(
    live: Live, phone: tuple[Receiver, str]
) -> None:
    service, _ = phone
    assert prefer(live, types=["price_anomaly"], daily_cap=None) == 200
    live.next_tick()
    service.received.clear()
    live.plant("jump", "stellar", live.time + 300, 0.15)
    tick = live.next_tick()
    [(signal, sentence)] = live.rows(
        "SELECT id, explanation FROM signals WHERE type = 'price_anomaly'"
        " AND asset_id = 'stellar' AND created_at = ?", tick,
    )  # fmt: skip
    shown = {one["tag"]: one for one in (BROWSER.read(body) for _, body in service.received)}
    assert shown[f"signal:{signal}"]["body"] == sentence
    assert shown[f"signal:{signal}"]["url"].startswith("/asset/stellar?")
    status, told = ask(live, "POST", f"{PUSH}/read", {"signal_ids": [signal]})
    assert (status, told["data"]["unread"]) == (200, shown[f"signal:{signal}"]["badge"] - 1)


def test_in_quiet_hours_of_the_users_zone_it_is_held_until_their_end(
    live: Live, phone: tuple[Receiver, str]
) -> None:
    service, _ = phone
    here = datetime.now(ZoneInfo(FAR))
    hours = {"start": f"{(here.hour - 1) % 24:02d}:00", "end": f"{(here.hour + 2) % 24:02d}:00"}
    assert prefer(live, quiet_hours=hours, time_zone="No/Where") == 422
    assert prefer(live, quiet_hours=hours, time_zone=FAR, types=["price_anomaly"]) == 200
    live.next_tick()
    service.received.clear()
    live.plant("jump", "tron", live.time + 300, 0.15)
    tick = live.next_tick()
    wanted = "SELECT held, due_at FROM push_messages WHERE signal_id LIKE ?"
    [(held, until)] = live.rows(wanted, f"{tick:010d}-price_anomaly-tron%")
    assert (held, service.received) == (1, [])
    ends = datetime.fromtimestamp(until, ZoneInfo(FAR))
    assert (f"{ends:%H:%M}", 0 < until - time.time() < 10_800) == (hours["end"], True)
    assert prefer(live, types=["price_anomaly"]) == 200  # no quiet hours any more
    live.system.fire("signals", time.time())
    eventually(lambda: service.received)
    tag = BROWSER.read(service.received[0][1])["tag"]
    # Of several that were held, as the market may have it, one summary tells.
    assert tag == "summary" or tag.endswith("-price_anomaly-tron")


def test_a_phone_that_is_gone_is_forgotten(live: Live) -> None:
    with Receiver(410) as service:
        body = {"endpoint": service.url, "p256dh": BROWSER.p256dh, "auth": BROWSER.auth}
        name = ask(live, "POST", f"{PUSH}/subscriptions", body)[1]["data"]["subscription_id"]
        status, told = ask(live, "POST", f"{PUSH}/subscriptions/{name}/test")
    assert (status, told["type"].rpartition("/")[2]) == (409, "push-subscription-gone")
    subscriptions = ask(live, "GET", PUSH)[1]["data"]["subscriptions"]
    assert name not in [one["subscription_id"] for one in subscriptions]
