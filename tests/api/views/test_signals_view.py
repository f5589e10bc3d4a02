"""The view of signals: filters, pages, what came of each, and one that somebody linked to."""

from typing import Any

import msgspec
import pytest

from api.principal import GUEST
from api.shapes.views.signals import SignalsView
from api.views import signals
from tests.api.calling import TICK, Caller, body, insert_signal
from tests.api.judging import HORIZON, insert_event, insert_outcome
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/dashboard/signals"
P: dict[str, Any] = {"p": 0.4, "n": 40, "hits": 16, "base_rate": 0.2, "edge": True, "note": ""}


def page(ask: Caller, query: str = "") -> tuple[list[str], str | None]:
    """Return the ids of a page and the cursor of the next."""
    answer = ask(f"{PATH}?{query}")
    assert answer.status == 200, answer.body
    told = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])
    view = msgspec.json.decode(told["data"], type=SignalsView, strict=True)
    return [one.id for one in view.signals], msgspec.json.decode(told["meta"])["next"]


def insert_told(database: SqliteDatabase, number: int, **metadata: Any) -> str:
    """Insert a signal that is newer than all others, with this evidence; return its id."""
    encoded = msgspec.json.encode(metadata).decode()
    return insert_signal(
        database, 200 + number, metadata=encoded, id=f"{TICK}-{number}", created_at=TICK
    )


@pytest.fixture
def ids(database: SqliteDatabase) -> list[str]:
    """Every signal, the newest first."""
    return [row[0] for row in database.rows("SELECT id FROM signals ORDER BY id DESC")]


# --- pages ----------------------------------------------------------------------------------


def test_pages_follow_each_other_without_a_gap(ask: Caller, ids: list[str]) -> None:
    found: list[str] = []
    following: str | None = ""
    while following is not None:
        more, following = page(ask, "limit=7" + (f"&cursor={following}" if following else ""))
        found += more
    assert found == ids
    assert len(ids) == 20


def test_a_page_is_told_to_a_visitor_with_evidence_and_outcomes(
    ask: Caller, database: SqliteDatabase
) -> None:
    signal = insert_told(database, 1, calibration=P, claim={"says": "x", "horizon": HORIZON})
    insert_outcome(database, signal, judged_at=TICK + HORIZON, hit=1, control_n=0, control_hits=0)
    answer = ask(f"{PATH}?limit=1", key=None, principal=GUEST)
    (told,) = msgspec.json.decode(body(answer))["data"]["signals"]
    assert told["metadata"]["calibration"] == P
    assert [(one["horizon_seconds"], one["hit"]) for one in told["outcomes"]] == [(HORIZON, True)]


def test_a_cursor_of_other_filters_is_refused(ask: Caller) -> None:
    _, following = page(ask, "limit=2")
    assert kind(ask(f"{PATH}?limit=2&type=pump&cursor={following}"), 400)[0] == "invalid-cursor"


def test_a_page_looks_at_so_many_and_the_next_goes_on_behind_them(
    database: SqliteDatabase, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = signals.FEED.replace(str(signals.LOOKED_AT), "6")
    monkeypatch.setattr(signals, "FEED", few)
    oldest = ids[-1]
    database.connection.execute("UPDATE signals SET ended_at = 1 WHERE id = ?", (oldest,))
    ask = Caller(database)
    assert page(ask, "state=ended")[0] == []
    following: str | None = ""
    asked, found = 0, list[str]()
    while following is not None:
        more, following = page(ask, "state=ended" + (f"&cursor={following}" if following else ""))
        asked, found = asked + 1, found + more
    assert (found, asked) == ([oldest], 4)


# --- filters --------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["edge", "no_edge", "unknown"])
def test_a_verdict_is_what_the_calibration_of_its_time_said(
    ask: Caller, database: SqliteDatabase, verdict: str
) -> None:
    made = {
        "edge": insert_told(database, 1, calibration=P),
        "no_edge": insert_told(database, 2, calibration=P | {"edge": False}),
        "unknown": insert_told(database, 3, calibration=P | {"p": None, "edge": False}),
    }
    found = page(ask, f"verdict={verdict}")[0]
    assert [one for one in found if one in made.values()] == [made[verdict]]
    assert len(found) == (21 if verdict == "unknown" else 1)


def test_a_direction_a_state_and_a_least_confidence_leave_out_the_others(
    ask: Caller, database: SqliteDatabase, ids: list[str]
) -> None:
    down = insert_told(database, 1, direction="down")
    database.connection.execute("UPDATE signals SET ended_at = ? WHERE id = ?", (TICK, ids[0]))
    assert page(ask, "direction=down")[0] == [down]
    assert page(ask, "state=ended")[0] == [ids[0]]
    assert set(page(ask, "state=open")[0]) == {down, *ids[1:]}
    sure = page(ask, "min_confidence=0.6")[0]
    assert len(sure) == 10
    assert page(ask, "min_confidence=0.63")[0] == []


def test_a_type_and_an_asset_may_be_asked_for_together(ask: Caller) -> None:
    both = page(ask, "symbol=btc&type=price_anomaly")[0]
    assert both
    assert all(one.endswith("price_anomaly-bitcoin") for one in both)
    assert set(both) < set(page(ask, "symbol=bitcoin")[0])
    assert set(both) < set(page(ask, "type=price_anomaly")[0])


def test_hours_go_back_from_the_newest_tick(ask: Caller, database: SqliteDatabase) -> None:
    found = page(ask, "hours=22")[0]
    times = database.rows("SELECT id FROM signals WHERE created_at >= ?", TICK - 22 * 3600)
    assert sorted(found) == sorted(row[0] for row in times)
    assert 0 < len(found) < 20


def test_an_asset_that_nobody_collects_is_a_404(ask: Caller) -> None:
    assert kind(ask(f"{PATH}?symbol=NOPE"), 404)[0] == "unknown-symbol"


@pytest.mark.parametrize(
    "wrong", ["type=magic", "verdict=good", "hours=0", "limit=101", "min_confidence=1.1"]
)
def test_a_wrong_filter_is_refused(ask: Caller, wrong: str) -> None:
    assert kind(ask(f"{PATH}?{wrong}"), 400)[0] == "invalid-parameter"


# --- one that was linked to -----------------------------------------------------------------


def test_a_linked_signal_comes_with_the_others_of_its_event(
    ask: Caller, database: SqliteDatabase, ids: list[str]
) -> None:
    reasons = [{"signal_id": one, "type": "pump", "at": TICK} for one in ids[:2]]
    event = insert_event(
        database, TICK, "solana", "SOL", reasons=msgspec.json.encode(reasons).decode()
    )
    database.connection.execute(
        "UPDATE signals SET event_id = ? WHERE id IN (?, ?)", (event, *ids[:2])
    )
    assert page(ask, f"id={ids[1]}") == (ids[:2], None)
    assert page(ask, f"id={ids[5]}") == ([ids[5]], None)


def test_a_link_to_nothing_is_a_404(ask: Caller) -> None:
    assert kind(ask(f"{PATH}?id=gone"), 404)[0] == "unknown-signal"


@pytest.mark.parametrize("name", signals.FILTERS)
def test_a_filter_beside_a_link_is_refused(ask: Caller, ids: list[str], name: str) -> None:
    values = {
        "type": "pump", "symbol": "BTC", "direction": "up", "min_confidence": "0.5",
        "verdict": "edge", "state": "open", "hours": "4", "cursor": "abc",
    }  # fmt: skip
    answer = ask(f"{PATH}?id={ids[0]}&{name}={values[name]}")
    assert kind(answer, 400)[0] == "contradictory-parameters"
