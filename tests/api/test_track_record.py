"""How good signals were: outcomes, track record, readiness, and a rule tried on the past."""

from typing import Any

import pytest

from common.errors import Retryable
from common.times import epoch, iso
from tests.api.calling import NOW, TICK, Caller, insert_signal
from tests.api.judging import HORIZON, insert_calibration, insert_outcome, insert_run
from tests.api.posting import data, kind, send
from tests.signals import judged
from tests.support.sqlite import SqliteDatabase

PREVIEW = "/api/v1/signals/preview"
RULE = {"type": "pump", "symbol": "BTC"}


# --- outcomes -------------------------------------------------------------------------------


def outcomes(ask: Caller) -> Any:
    (newest,) = ask.data("/api/v1/signals/all?limit=1&detail=full")
    return newest["outcomes"]


def test_a_signal_that_claims_nothing_has_no_outcome(ask: Caller, database: SqliteDatabase) -> None:
    insert_signal(database, 100)
    assert outcomes(ask) == []


def test_an_outcome_is_open_until_it_is_judged(ask: Caller, database: SqliteDatabase) -> None:
    insert_outcome(database, insert_signal(database, 100))
    (told,) = outcomes(ask)
    assert told == {
        "horizon_seconds": HORIZON, "due_at": iso(TICK + HORIZON), "judged_at": None, "hit": None,
        "value": None, "threshold": None, "base_rate": None, "controls": None, "reason": None,
    }  # fmt: skip


@pytest.mark.parametrize("hit", [True, False])
def test_a_judged_outcome_says_what_came_out_and_how_often_it_does_anyway(
    ask: Caller, database: SqliteDatabase, hit: bool
) -> None:
    insert_outcome(
        database, insert_signal(database, 100), judged_at=TICK + HORIZON, hit=int(hit),
        value=0.03, threshold=0.02, control_n=40, control_hits=10,
    )  # fmt: skip
    (told,) = outcomes(ask)
    assert told["hit"] is hit
    assert (told["value"], told["threshold"]) == (0.03, 0.02)
    assert (told["base_rate"], told["controls"]) == (0.25, 40)
    assert told["judged_at"] == iso(TICK + HORIZON)


def test_an_outcome_that_cannot_be_told_says_why(ask: Caller, database: SqliteDatabase) -> None:
    insert_outcome(
        database, insert_signal(database, 100), judged_at=TICK + HORIZON, control_n=0,
        control_hits=0, reason="no price at the horizon",
    )  # fmt: skip
    (told,) = outcomes(ask)
    assert (told["hit"], told["base_rate"]) == (None, None)
    assert told["reason"] == "no price at the horizon"


def test_the_outcomes_of_a_signal_are_in_the_order_of_their_horizons(
    ask: Caller, database: SqliteDatabase
) -> None:
    signal = insert_signal(database, 100)
    for horizon in (86400, 3600, HORIZON):
        insert_outcome(database, signal, horizon)
    assert [one["horizon_seconds"] for one in outcomes(ask)] == [3600, HORIZON, 86400]


# --- track record and readiness -------------------------------------------------------------


def test_the_track_record_is_the_newest_calibration_of_each_type_and_horizon(
    ask: Caller, database: SqliteDatabase
) -> None:
    database.connection.execute("DELETE FROM calibrations")
    insert_calibration(database, "pump", 1, days=100)
    insert_calibration(database, "pump", 2, days=2)
    insert_calibration(database, "depeg", 1, horizon=86400)
    told = ask.data("/api/v1/analytics/track_record")
    assert [(one["type"], one["horizon_seconds"], one["version"]) for one in told] == [
        ("depeg", 86400, 1), ("pump", HORIZON, 2),
    ]  # fmt: skip
    assert [one["accepted"] for one in told] == [True, False]
    assert (told[1]["made_at"], told[1]["age_seconds"]) == (iso(TICK + 2), int(NOW) - TICK - 2)
    assert "judged signals" in told[1]["decision"]["why"]
    assert told[1]["report"]["n"] < 30 < told[0]["report"]["n"]
    assert told[0]["calibration"]["bands"][0]["n"] > 0
    assert told[0]["calibration"]["fitted_at"] == iso(judged.NOW)
    assert epoch(told[0]["calibration"]["newest"]) < judged.NOW


def test_readiness_is_that_of_the_newest_run_that_detected(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_run(database, 2, {"learning": {"pump": [5, 2], "depeg": [0, 7]}})
    insert_run(database, 3, {"judged": 4})
    assert ask.data("/api/v1/analytics/detectors") == {
        "pump": {"ready": 5, "learning": 2}, "depeg": {"ready": 0, "learning": 7},
    }  # fmt: skip


@pytest.mark.parametrize(("metric", "nothing"), [("track_record", []), ("detectors", {})])
def test_before_the_first_run_nothing_is_told(
    ask: Caller, database: SqliteDatabase, metric: str, nothing: Any
) -> None:
    for table in ("calibrations", "detection_runs"):
        database.connection.execute(f"DELETE FROM {table}")
    assert ask.data(f"/api/v1/analytics/{metric}") == nothing


# --- a rule tried on the past ---------------------------------------------------------------


def preview(ask: Caller, rule: Any, answer: str | Exception = '{"fired":3}') -> Any:
    ask.parts.previews = answer
    return send(ask, "POST", PREVIEW, rule), ask.parts.previewed


def test_a_rule_is_handed_on_with_its_defaults_and_answered_as_it_was(ask: Caller) -> None:
    answer, asked = preview(ask, RULE)
    assert data(answer) == {"fired": 3}
    assert asked == [RULE | {"params": {}, "least_score": 1.0, "direction": None, "days": 7}]
    assert answer.headers["cache-control"] == "no-store"


def test_a_rule_may_say_params_score_direction_and_days(ask: Caller) -> None:
    rule = RULE | {"params": {"threshold": 3.5}, "least_score": 2.0, "direction": "up", "days": 30}
    answer, asked = preview(ask, rule)
    assert (answer.status, asked) == (200, [rule])


def test_a_rule_for_the_market_may_be_tried(ask: Caller) -> None:
    answer, _ = preview(ask, RULE | {"symbol": "market"})
    assert answer.status == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "all"}, "type: "),
        ({"type": "magic"}, "type: "),
        ({"symbol": ""}, "symbol: "),
        ({"symbol": "x" * 81}, "symbol: "),
        ({"days": 0}, "days: "),
        ({"days": 31}, "days: "),
        ({"direction": "sideways"}, "direction: "),
        ({"params": {"threshold": "high"}}, "params"),
        ({"colour": "red"}, "Unknown field 'colour'"),
    ],
)
def test_a_rule_with_a_wrong_field_is_refused_before_anybody_is_asked(
    ask: Caller, change: dict[str, Any], said: str
) -> None:
    answer, asked = preview(ask, RULE | change)
    assert said in kind(answer, 400)[1]
    assert asked == []


@pytest.mark.parametrize("missing", ["type", "symbol"])
def test_a_rule_without_a_needed_field_is_refused(ask: Caller, missing: str) -> None:
    answer, _ = preview(ask, {name: value for name, value in RULE.items() if name != missing})
    assert missing in kind(answer, 400)[1]


def test_a_rule_for_an_asset_that_nobody_collects_is_a_404(ask: Caller) -> None:
    answer, asked = preview(ask, RULE | {"symbol": "NOPE"})
    assert kind(answer, 404)[0] == "unknown-symbol"
    assert asked == []


def test_a_rule_that_cannot_be_is_a_422_with_the_reason(ask: Caller) -> None:
    answer, _ = preview(ask, RULE, '{"error":"pump has no parameter colour"}')
    assert kind(answer, 422) == ("rule-invalid", "pump has no parameter colour")


def test_a_rule_that_nobody_can_try_now_may_be_tried_again(ask: Caller) -> None:
    answer, _ = preview(ask, RULE, Retryable("signals is away"))
    assert kind(answer, 503)[0] == "try-again"
    assert answer.headers["retry-after"] == "2"


def test_trying_a_rule_needs_a_key(ask: Caller) -> None:
    assert send(ask, "POST", PREVIEW, RULE, key=None).status == 401


def test_there_is_no_type_of_signals_that_is_called_preview(ask: Caller) -> None:
    assert ask(PREVIEW).status == 405
