"""Alert rules: what may be said, what is kept, the alerts, the preview, and nobody else's."""

import asyncio
from typing import Any

import msgspec
import pytest

from api.objects.rules import MOST_RULES
from common.errors import Problem
from signals.delivery.matching import match
from tests.api.owning import Desk
from tests.signals.delivery.world import STEP, TICK

PATH = "/api/v1/alert-rules"
FULL: dict[str, Any] = {
    "name": "Pumps", "types": ["pump", "price_anomaly"], "symbols": ["BTC", "market"],
    "least_score": 1.5, "min_confidence": 0.25, "direction": "up", "cooldown_seconds": 3600,
    "active": False, "snoozed_until": "2025-10-10T12:00:00+02:00", "webhooks": ["00000000000000aa"],
}  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.world.hook("00000000000000aa", "alert")
    made.world.hook("00000000000000bb", "signal")
    made.world.hook("00000000000000cc", "alert", owner="u2")
    return made


def made(desk: Desk, name: str = "r", user: str = "u1", **more: Any) -> str:
    return str(desk.ask("POST", PATH, {"name": name, **more}, user=user)["rule_id"])


def test_a_rule_is_kept_as_it_was_said_its_symbols_as_ids(desk: Desk) -> None:
    told = desk.ask("POST", PATH, FULL)
    assert told == FULL | {
        "rule_id": told["rule_id"], "symbols": ["bitcoin", "market"], "watchlist_id": None,
        "snoozed_until": "2025-10-10T10:00:00Z", "created_at": "2025-10-09T09:15:00Z",
        "updated_at": "2025-10-09T09:15:00Z", "last_fired_at": None,
    }  # fmt: skip
    assert desk.ask("GET", f"{PATH}/{told['rule_id']}") == told
    assert desk.ask("GET", PATH) == [told]


def test_a_rule_with_a_name_alone_is_about_everything(desk: Desk) -> None:
    told = desk.ask("GET", f"{PATH}/{made(desk)}")
    assert (told["types"], told["symbols"], told["webhooks"]) == ("all", "any", [])
    assert (told["active"], told["least_score"], told["cooldown_seconds"]) == (True, None, 0)


def test_put_replaces_everything_what_is_left_out_too(desk: Desk) -> None:
    name = str(desk.ask("POST", PATH, FULL)["rule_id"])
    told = desk.ask("PUT", f"{PATH}/{name}", {"name": "Less"})
    assert (told["name"], told["types"], told["snoozed_until"]) == ("Less", "all", None)
    assert (told["webhooks"], told["active"]) == ([], True)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"symbols": ["NOPE"]}, "unknown-symbols"),
        ({"symbols": ["BTC"], "watchlist_id": "0" * 16}, "rule-invalid"),
        ({"watchlist_id": "0" * 16}, "unknown-watchlist"),
        ({"webhooks": ["0" * 16]}, "unknown-webhooks"),
        ({"webhooks": ["00000000000000bb"]}, "unknown-webhooks"),
        ({"webhooks": ["00000000000000cc"]}, "unknown-webhooks"),
    ],
)
def test_a_rule_that_could_never_fire_is_refused(
    desk: Desk, body: dict[str, Any], kind: str
) -> None:
    assert desk.refused("POST", PATH, {"name": "x"} | body) == (422, kind)
    name = made(desk)
    assert desk.refused("PUT", f"{PATH}/{name}", {"name": "x"} | body) == (422, kind)


def test_somebody_elses_watchlist_cannot_be_named(desk: Desk) -> None:
    theirs = desk.ask("POST", "/api/v1/watchlists", {"name": "l", "symbols": []}, user="u2")
    body = {"name": "x", "watchlist_id": theirs["watchlist_id"]}
    assert desk.refused("POST", PATH, body) == (422, "unknown-watchlist")


@pytest.mark.parametrize(
    "wrong",
    [
        {"types": []}, {"types": ["nope"]}, {"types": "some"}, {"symbols": []}, {"symbols": "all"},
        {"least_score": 0.5}, {"min_confidence": 1.1}, {"direction": "sideways"},
        {"cooldown_seconds": -1}, {"cooldown_seconds": 2_592_001}, {"snoozed_until": "tomorrow"},
        {"snoozed_until": "2025-10-10T12:00:00"}, {"webhooks": ["x"]}, {"active": 1},
        {"webhooks": ["0" * 16] * 11}, {"owner": "u2"},
    ],
)  # fmt: skip
def test_a_request_out_of_its_bounds_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem) as told:
        desk.ask("POST", PATH, {"name": "x"} | wrong)
    assert told.value.status == 400


@pytest.mark.parametrize("year", ["0001", "1970", "9999"])
def test_any_time_may_be_snoozed_until(desk: Desk, year: str) -> None:
    told = desk.ask("POST", PATH, {"name": "x", "snoozed_until": f"{year}-12-31T23:59:59-23:59"})
    assert told["snoozed_until"] is not None


def test_names_and_numbers_of_rules_are_limited(desk: Desk) -> None:
    first = made(desk, "r0")
    assert desk.refused("POST", PATH, {"name": "r0"}) == (409, "rule-exists")
    for number in range(1, MOST_RULES):
        made(desk, f"r{number}")
    assert desk.refused("PUT", f"{PATH}/{first}", {"name": "r1"}) == (409, "rule-exists")
    assert desk.refused("POST", PATH, {"name": "more"}) == (409, "rule-limit")
    made(desk, user="u2")


def test_alerts_are_listed_newest_first_and_in_pages(desk: Desk) -> None:

    name = made(desk, cooldown_seconds=1)
    ids = [desk.world.signal(at=TICK + n * STEP) for n in range(5)]
    asyncio.run(match(desk.world.database, TICK))
    seen, path = [], f"{PATH}/{name}/alerts?limit=2"
    told = desk.ask("GET", path)
    for _ in range(3):
        seen += [one["signal"]["id"] for one in told]
        assert desk.last is not None
        cursor = desk.last.meta["next"]
        if cursor:
            told = desk.ask("GET", f"{path}&cursor={cursor}")
    assert seen == ids[::-1]
    assert desk.ask("GET", f"{PATH}/{name}")["last_fired_at"] == "2025-10-09T10:15:00Z"
    other = made(desk, "other")
    first = desk.ask("GET", path)
    assert len(first) == 2
    assert desk.last is not None
    wrong = f"{PATH}/{other}/alerts?limit=2&cursor={desk.last.meta['next']}"
    assert desk.refused("GET", wrong) == (400, "invalid-cursor")
    desk.ask("DELETE", f"{PATH}/{name}")
    assert desk.world.alerts() == [one for one in desk.world.alerts() if one[0] != name]


def judged(desk: Desk, signal: str, hit: int | None) -> None:
    desk.world.insert(
        "outcomes", signal_id=signal, horizon=3600, type="price_anomaly", subject="bitcoin",
        fired_at=TICK, score=2.5, terms="{}", due_at=TICK, judged_at=TICK, hit=hit, control_n=10,
        control_hits=3,
    )  # fmt: skip


def test_a_preview_says_how_often_it_fired_and_what_followed(desk: Desk) -> None:
    ids = [desk.world.signal(at=TICK - n * STEP) for n in (96 * 8, 5, 4, 0)]
    desk.world.signal("ethereum", TICK)
    for signal, hit in zip(ids[1:], (1, 0, None), strict=True):
        judged(desk, signal, hit)
    body = {"symbols": ["BTC"], "cooldown_seconds": 2 * STEP, "days": 7}
    told = desk.ask("POST", f"{PATH}/preview", body)
    assert told["detector"] is None
    stored = told["stored"]
    assert (stored["matched"], stored["fired"], stored["complete"]) == (3, 2, True)
    assert stored["per_day"] == round(2 / 7, 4)
    assert [one["signal_id"] for one in stored["fires"]] == [ids[3], ids[1]]
    assert stored["records"] == [
        {"horizon_seconds": 3600, "n": 1, "hits": 1, "share": 1.0, "base_rate": 0.3, "controls": 10}
    ]
    assert desk.world.database.rows("SELECT count(*) FROM alert_rules") == [(0,)]


def test_a_preview_of_nothing_is_empty(desk: Desk) -> None:
    stored = desk.ask("POST", f"{PATH}/preview", {})["stored"]
    assert (stored["matched"], stored["fires"], stored["records"]) == (0, [], [])


def test_with_params_the_detector_is_run_anew_by_the_signals_worker(desk: Desk) -> None:
    answer = {
        "type": "pump", "claim": "a fall", "params": {"h": 5.0}, "days": 7.0, "points": 1,
        "fired": 0, "per_day": 0.0, "fires": [], "records": [],
    }  # fmt: skip
    desk.outside.preview_answer = msgspec.json.encode(answer).decode()
    body = {"types": ["pump"], "symbols": ["BTC"], "params": {"h": 5.0}, "days": 3}
    assert desk.ask("POST", f"{PATH}/preview", body) == {"stored": None, "detector": answer}
    assert desk.outside.previewed == [
        {"type": "pump", "symbol": "BTC", "params": {"h": 5.0}, "least_score": 1.0,
         "direction": None, "days": 3}
    ]  # fmt: skip
    desk.outside.preview_answer = '{"error":"h must be smaller"}'
    assert desk.refused("POST", f"{PATH}/preview", body) == (422, "rule-invalid")
    for wrong in ({"types": "all"}, {"symbols": "any"}, {"min_confidence": 0.5}):
        assert desk.refused("POST", f"{PATH}/preview", body | wrong) == (422, "rule-invalid")


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [("GET", "", None), ("PUT", "", {"name": "Stolen"}), ("DELETE", "", None),
     ("GET", "/alerts", None)],
)  # fmt: skip
def test_somebody_elses_rule_does_not_exist(desk: Desk, method: str, rest: str, body: Any) -> None:
    name = made(desk)
    before = desk.ask("GET", f"{PATH}/{name}")
    for role in ("trader", "admin"):
        assert desk.refused(method, f"{PATH}/{name}{rest}", body, user="u2", role=role) == (
            404, "no-such-rule",
        )  # fmt: skip
    assert desk.ask("GET", PATH, user="u2") == []
    assert desk.ask("GET", f"{PATH}/{name}") == before
