"""Webhooks: kept without their secret, tested, replayed, listed, and nobody else's."""

from typing import Any

import msgspec
import pytest

from api.objects.webhooks import MOST_WEBHOOKS
from common import webhook_signing as signing
from common.errors import Problem, Retryable
from tests.api.owning import Desk
from tests.signals.delivery.test_post import PRIVATE
from tests.signals.delivery.world import KEY, TICK

PATH = "/api/v1/webhooks"
BODY = {"url": "https://hooks.example.com/in?token=hidden", "events": ["signal", "alert"]}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def made(desk: Desk, user: str = "u1", **more: Any) -> str:
    return str(desk.ask("POST", PATH, BODY | more, user=user)["webhook_id"])


def test_the_secret_is_shown_when_it_is_made_and_never_again(desk: Desk) -> None:
    told = desk.ask("POST", PATH, BODY)
    secret = told.pop("secret")
    name = told["webhook_id"]
    assert secret == signing.secret_of(KEY, name, 1)
    assert desk.ask("GET", f"{PATH}/{name}") == told
    answers = [
        told, desk.ask("GET", PATH), desk.ask("PUT", f"{PATH}/{name}", BODY),
        desk.ask("POST", f"{PATH}/{name}/test"), desk.ask("GET", f"{PATH}/{name}/deliveries"),
        desk.ask("DELETE", f"{PATH}/{name}"), desk.world.lines,
        [list(row) for row in desk.world.database.connection.iterdump()],
    ]  # fmt: skip
    assert secret not in msgspec.json.encode(answers).decode()
    assert KEY not in msgspec.json.encode(answers).decode()


def test_a_new_webhook_says_all_there_is_of_it(desk: Desk) -> None:
    told = desk.ask("GET", f"{PATH}/{made(desk)}")
    del told["webhook_id"]
    assert told == BODY | {
        "active": True, "secret_version": 1, "secret_rotated_at": None, "failing_since": None,
        "switched_off_at": None, "switched_off_reason": None,
        "created_at": "2025-10-09T09:15:00Z", "updated_at": "2025-10-09T09:15:00Z",
    }  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_an_address_inside_is_refused_when_it_is_given(desk: Desk, host: str) -> None:
    body = BODY | {"url": f"https://{host}/in"}
    assert desk.refused("POST", PATH, body) == (422, "webhook-refused-address")
    name = made(desk)
    assert desk.refused("PUT", f"{PATH}/{name}", body) == (422, "webhook-refused-address")


def test_plain_http_is_for_developers_alone(desk: Desk) -> None:
    for url in ("http://hooks.example.com/", "http://127.0.0.1:9000/x"):
        assert desk.refused("POST", PATH, BODY | {"url": url}) == (422, "webhook-refused-address")
        desk.settings["ENVIRONMENT"] = "local"
        assert desk.ask("POST", PATH, BODY | {"url": url})["url"] == url
        desk.settings["ENVIRONMENT"] = "staging"


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://x.example/"}, {"url": ""}, {"url": "https://a b.example/"},
        {"url": "https://x.example/\x00"}, {"url": "https://x.example/" + "x" * 2000},
        {"events": []}, {"events": ["tick"]}, {"events": ["signal"] * 4}, {"active": None},
        {"secret": "whsec_mine"}, {"owner": "u2"},
    ],
)  # fmt: skip
def test_a_request_out_of_its_bounds_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem) as told:
        desk.ask("POST", PATH, BODY | wrong)
    assert told.value.status == 400


def test_nobody_has_more_webhooks_than_one_may(desk: Desk) -> None:
    for _ in range(MOST_WEBHOOKS):
        made(desk)
    assert desk.refused("POST", PATH, BODY) == (409, "webhook-limit")
    made(desk, user="u2")


def test_without_a_key_of_the_operators_no_webhook_is_made(desk: Desk) -> None:
    desk.settings.clear()
    assert desk.refused("POST", PATH, BODY) == (503, "webhooks-not-set-up")
    assert desk.ask("GET", PATH) == []


def test_a_test_sends_a_signed_ping_now_and_says_what_came_of_it(desk: Desk) -> None:
    hook = desk.ask("POST", PATH, BODY)
    told = desk.ask("POST", f"{PATH}/{hook['webhook_id']}/test")
    assert (told["event"], told["state"], told["attempts"][0]["status"]) == (
        "ping", "delivered", 200,
    )  # fmt: skip
    ((url, headers, body),) = desk.world.receiver.sent
    assert url == BODY["url"]
    found = signing.verify([hook["secret"]], headers, body, desk.world.now)
    assert found == (told["delivery_id"], TICK)
    assert msgspec.json.decode(body) == {
        "type": "ping", "timestamp": "2025-10-09T09:15:00Z",
        "data": {"webhook_id": hook["webhook_id"]},
    }  # fmt: skip


def test_a_test_that_fails_says_why_and_when_the_next_try_is(desk: Desk) -> None:
    name = made(desk)
    desk.world.receiver.answers = lambda _: 503
    told = desk.ask("POST", f"{PATH}/{name}/test")
    assert (told["state"], told["attempts"][0]["error"]) == ("pending", "HTTP 503")
    assert told["next_try_at"] == "2025-10-09T09:15:05Z"
    assert desk.ask("GET", f"{PATH}/{name}")["failing_since"] == "2025-10-09T09:15:00Z"


def test_while_the_signals_worker_is_away_a_test_waits_for_the_cron(desk: Desk) -> None:
    name = made(desk)
    desk.outside.away = Retryable("signals: away")
    told = desk.ask("POST", f"{PATH}/{name}/test")
    assert (told["state"], told["attempts"]) == ("pending", [])


def test_after_a_rotation_both_secrets_hold_for_a_day(desk: Desk) -> None:
    first = desk.ask("POST", PATH, BODY)
    path = f"{PATH}/{first['webhook_id']}"
    second = desk.ask("POST", f"{path}/rotate-secret")
    assert second["secret"] == signing.secret_of(KEY, first["webhook_id"], 2)
    assert (second["secret_version"], second["secret_rotated_at"]) == (2, "2025-10-09T09:15:00Z")
    desk.ask("POST", f"{path}/test")
    desk.world.now += 86_400
    desk.ask("POST", f"{path}/test")
    (_, both, body), (_, one, later) = desk.world.receiver.sent
    for secret in (first["secret"], second["secret"]):
        assert signing.verify([secret], both, body, TICK)
    with pytest.raises(signing.RefusedSignature):
        signing.verify([first["secret"]], one, later, desk.world.now)


def test_deliveries_are_listed_newest_first_and_in_pages(desk: Desk) -> None:
    name = made(desk)
    ids = [desk.world.delivery(name, number) for number in range(5)]
    seen = [one["delivery_id"] for one in desk.ask("GET", f"{PATH}/{name}/deliveries?limit=3")]
    assert desk.last is not None
    cursor = desk.last.meta["next"]
    rest = desk.ask("GET", f"{PATH}/{name}/deliveries?limit=3&cursor={cursor}")
    assert seen + [one["delivery_id"] for one in rest] == ids[::-1]
    assert desk.last.meta["next"] is None
    other = made(desk)
    wrong = f"{PATH}/{other}/deliveries?cursor={cursor}"
    assert desk.refused("GET", wrong) == (400, "invalid-cursor")


def test_a_replay_sends_the_same_message_under_the_same_id(desk: Desk) -> None:
    name = made(desk)
    first = desk.ask("POST", f"{PATH}/{name}/test")
    desk.world.now += 60
    told = desk.ask("POST", f"{PATH}/{name}/deliveries/{first['delivery_id']}/replay")
    assert (told["state"], len(told["attempts"])) == ("delivered", 2)
    (_, one, body), (_, two, again) = desk.world.receiver.sent
    assert (one["webhook-id"], body) == (two["webhook-id"], again)
    assert two["webhook-timestamp"] == str(TICK + 60)


def test_a_replay_of_what_failed_has_all_its_retries_again(desk: Desk) -> None:
    name = made(desk)
    old = desk.world.delivery(name, state="failed", failures=7, next_at=5)
    desk.world.receiver.answers = lambda _: 500
    told = desk.ask("POST", f"{PATH}/{name}/deliveries/{old}/replay")
    assert (told["state"], told["next_try_at"]) == ("pending", "2025-10-09T09:15:05Z")
    missing = f"{PATH}/{name}/deliveries/{TICK:010d}-{'0' * 16}/replay"
    assert desk.refused("POST", missing) == (404, "no-such-delivery")


def test_what_waits_for_a_webhook_switched_off_is_given_up(desk: Desk) -> None:
    name = made(desk)
    waiting = desk.world.delivery(name, next_at=TICK + 60)
    desk.ask("PUT", f"{PATH}/{name}", BODY | {"active": False})
    assert desk.world.state(waiting)["state"] == "failed"
    for rest in ("test", f"deliveries/{waiting}/replay"):
        assert desk.refused("POST", f"{PATH}/{name}/{rest}") == (409, "webhook-inactive")
    assert desk.world.receiver.sent == []


def test_switching_on_again_forgets_why_it_was_off(desk: Desk) -> None:
    name = made(desk)
    desk.world.receiver.answers = lambda _: 410
    desk.ask("POST", f"{PATH}/{name}/test")
    off = desk.ask("GET", f"{PATH}/{name}")
    assert (off["active"], off["switched_off_reason"]) == (False, "it answered 410 Gone")
    told = desk.ask("PUT", f"{PATH}/{name}", BODY)
    assert (told["active"], told["switched_off_reason"], told["failing_since"]) == (
        True, None, None,
    )  # fmt: skip


def test_a_removed_webhook_leaves_nothing_behind(desk: Desk) -> None:
    name, kept = made(desk), made(desk)
    desk.world.delivery(name)
    rule = desk.ask("POST", "/api/v1/alert-rules", {"name": "r", "webhooks": [name, kept]})
    desk.ask("DELETE", f"{PATH}/{name}")
    assert desk.world.deliveries() == []
    assert desk.ask("GET", f"/api/v1/alert-rules/{rule['rule_id']}")["webhooks"] == [kept]
    assert desk.refused("GET", f"{PATH}/{name}") == (404, "no-such-webhook")


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None), ("PUT", "", BODY | {"url": "https://thief.example/"}),
        ("DELETE", "", None), ("POST", "/rotate-secret", None), ("POST", "/test", None),
        ("GET", "/deliveries", None), ("POST", "/deliveries/DELIVERY/replay", None),
    ],
)  # fmt: skip
def test_somebody_elses_webhook_does_not_exist(
    desk: Desk, method: str, rest: str, body: Any
) -> None:
    name = made(desk)
    rest = rest.replace("DELIVERY", desk.world.delivery(name))
    before = list(desk.world.database.connection.iterdump())
    for role in ("trader", "admin"):
        assert desk.refused(method, f"{PATH}/{name}{rest}", body, user="u2", role=role) == (
            404, "no-such-webhook",
        )  # fmt: skip
    assert desk.ask("GET", PATH, user="u2") == []
    assert list(desk.world.database.connection.iterdump()) == before
    assert desk.world.receiver.sent == []


def test_a_delivery_is_reached_by_its_own_webhook_alone(desk: Desk) -> None:
    mine, theirs = made(desk), made(desk, user="u2")
    secret = desk.world.delivery(theirs, owner="u2")
    path = f"{PATH}/{mine}/deliveries/{secret}/replay"
    assert desk.refused("POST", path) == (404, "no-such-delivery")
    assert desk.world.receiver.sent == []
