"""Receivers acknowledge what they processed: by signature, once, and in time."""

from typing import Any

import pytest

from common import webhook_signing as signing
from tests.api.owning import Desk
from tests.signals.delivery.world import KEY, TICK

BODY = {"url": "https://hooks.example.com/in", "events": ["signal"]}


class Receiver:
    """A webhook with a delivery, and the other side of it."""

    def __init__(self) -> None:
        self.desk = Desk()
        hook = self.desk.ask("POST", "/api/v1/webhooks", BODY)
        self.hook, self.secret = hook["webhook_id"], hook["secret"]
        self.path = f"/api/v1/hooks/{self.hook}/ack"
        self.delivery = self.desk.world.delivery(self.hook, state="delivered")

    def signed(self, timestamp: int = TICK, secret: str | None = None, **more: Any) -> Any:
        signature = signing.sign_ack(secret or self.secret, self.delivery, timestamp)
        return {
            "delivery_id": self.delivery, "timestamp": timestamp, "signature": signature, **more,
        }  # fmt: skip

    def ack(self, body: Any) -> Any:
        return self.desk.ask("POST", self.path, body, user="guest")

    def refused(self, body: Any) -> tuple[int, str]:
        return self.desk.refused("POST", self.path, body, user="guest")


def test_a_signed_acknowledgement_is_noted_without_any_key() -> None:
    one = Receiver()
    assert one.ack(one.signed()) == {
        "delivery_id": one.delivery, "acknowledged_at": "2025-10-09T09:15:00Z",
    }  # fmt: skip
    (listed,) = one.desk.ask("GET", f"/api/v1/webhooks/{one.hook}/deliveries")
    assert listed["acknowledged_at"] == "2025-10-09T09:15:00Z"


def test_an_acknowledgement_holds_once() -> None:
    one = Receiver()
    one.ack(one.signed())
    for body in (one.signed(), one.signed(TICK + 1)):
        assert one.refused(body) == (409, "already-acknowledged")


def test_after_a_replay_the_receiver_acknowledges_anew() -> None:
    one = Receiver()
    one.ack(one.signed())
    one.desk.ask("POST", f"/api/v1/webhooks/{one.hook}/deliveries/{one.delivery}/replay")
    one.ack(one.signed(TICK + 1))


def test_a_wrong_signature_and_one_of_another_webhook_are_refused() -> None:
    one = Receiver()
    other = one.desk.ask("POST", "/api/v1/webhooks", BODY)
    wrong = [
        one.signed() | {"signature": "v1,AAAA"},
        one.signed() | {"timestamp": TICK + 1},
        one.signed(secret=other["secret"]),
        one.signed() | {"delivery_id": f"{TICK:010d}-{99:016x}"},
    ]
    for body in wrong:
        assert one.refused(body) == (401, "signature-refused")
    assert one.desk.world.state(one.delivery)["acknowledged_at"] is None


@pytest.mark.parametrize("late", [-301, 302])
def test_an_old_or_early_signature_is_refused(late: int) -> None:
    one = Receiver()
    assert one.refused(one.signed(TICK + late)) == (401, "signature-refused")


def test_the_replaced_secret_still_acknowledges_for_a_day() -> None:
    one = Receiver()
    one.desk.ask("POST", f"/api/v1/webhooks/{one.hook}/rotate-secret")
    one.ack(one.signed())
    late = Receiver()
    late.desk.ask("POST", f"/api/v1/webhooks/{late.hook}/rotate-secret")
    late.desk.world.now += 86_400
    assert late.refused(late.signed(TICK + 86_400)) == (401, "signature-refused")


def test_what_does_not_exist_is_told_as_a_wrong_signature_is() -> None:
    one = Receiver()
    missing = f"{TICK:010d}-{99:016x}"
    made = signing.sign_ack(one.secret, missing, TICK)
    good = {"delivery_id": missing, "timestamp": TICK, "signature": made}
    assert one.refused(good) == (401, "signature-refused")
    one.path = f"/api/v1/hooks/{'0' * 16}/ack"
    assert one.refused(one.signed()) == (401, "signature-refused")
    one.path = f"/api/v1/hooks/{'0' * 16}/ack"
    of_nobody = one.signed(secret=signing.secret_of(KEY, "0" * 16, 1))
    assert one.refused(of_nobody) == (401, "signature-refused")


def test_somebody_elses_delivery_is_not_acknowledged_with_ones_own_secret() -> None:
    one = Receiver()
    hook = one.desk.ask("POST", "/api/v1/webhooks", BODY, user="u2")
    one.delivery = one.desk.world.delivery(hook["webhook_id"], 7, owner="u2")
    assert one.refused(one.signed()) == (401, "signature-refused")
    assert one.desk.world.state(one.delivery)["acknowledged_at"] is None


def test_without_a_key_of_the_operators_nothing_is_accepted() -> None:
    one = Receiver()
    one.desk.settings.clear()
    assert one.refused(one.signed()) == (503, "webhooks-not-set-up")
