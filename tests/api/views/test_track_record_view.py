"""The view of the track record: the records, what each type claims, and what is still open."""

from typing import Any

import msgspec
import pytest

from api.principal import GUEST
from api.shapes.views.track_record import TrackRecordView
from common.times import iso
from tests.api.calling import NOW, TICK, Caller, body, insert_signal
from tests.api.judging import HORIZON, insert_calibration, insert_outcome
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/dashboard/track-record"
DAY = 86_400


def told(ask: Caller) -> TrackRecordView:
    """Decode the answer to a visitor as strictly as it is documented."""
    answer = ask(PATH, key=None, principal=GUEST)
    data = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=TrackRecordView, strict=True)


def test_the_records_are_those_of_the_analytics(ask: Caller, database: SqliteDatabase) -> None:
    insert_calibration(database, "pump", 1)
    insert_calibration(database, "pump", 2)
    records = told(ask).records
    assert [(one.type, one.version) for one in records] == [("price_anomaly", 1), ("pump", 2)]
    listed = ask.data("/api/v1/analytics/track_record")
    assert [msgspec.to_builtins(one) for one in records] == listed
    assert told(ask).as_of == iso(TICK)
    assert told(ask).age_seconds == int(NOW) - TICK


def test_every_type_is_told_with_its_claim_and_since_when_it_fires(
    ask: Caller, database: SqliteDatabase
) -> None:
    claim = '{"claim":{"name":"goes_on","says":"a further rise","horizon":14400}}'
    insert_signal(database, 300, metadata=claim, type="price_anomaly")
    types = {one.type: one for one in told(ask).types}
    assert len(types) == 8
    assert types["price_anomaly"].claim == "a further rise"
    assert types["price_anomaly"].started_at == iso(TICK - DAY)
    assert types["price_anomaly"].last_at == iso(TICK - DAY + 900 * 150)
    assert (types["depeg"].claim, types["depeg"].started_at, types["depeg"].last_at) == (
        None, None, None,
    )  # fmt: skip


def test_recent_outcomes_are_counted_by_how_they_stand(
    ask: Caller, database: SqliteDatabase
) -> None:
    judged: dict[str, Any] = {"judged_at": TICK, "control_n": 0, "control_hits": 0}
    states: list[dict[str, Any]] = [
        {}, {}, judged | {"hit": 1}, judged | {"hit": 0}, judged | {"hit": 0},
        judged | {"reason": "no price at the horizon"},
    ]  # fmt: skip
    for number, state in enumerate(states):
        insert_outcome(database, insert_signal(database, number + 100), **state)
    recent = told(ask).recent
    (pump,) = recent.horizons
    assert (pump.type, pump.horizon_seconds) == ("pump", HORIZON)
    assert (pump.judged, pump.hits, pump.pending, pump.unjudgeable) == (3, 1, 2, 1)
    (why,) = recent.unjudgeable
    assert (why.type, why.reason, why.n) == ("pump", "no price at the horizon", 1)


@pytest.mark.parametrize(("days", "counted"), [(29, 1), (31, 0)])
def test_outcomes_of_a_month_are_recent(
    ask: Caller, database: SqliteDatabase, days: int, counted: int
) -> None:
    at = TICK - days * DAY
    insert_signal(database, 300, id=f"{at}-pump-bitcoin", created_at=at)
    insert_outcome(database, f"{at}-pump-bitcoin", fired_at=at)
    assert sum(one.pending for one in told(ask).recent.horizons) == counted


def test_before_the_first_signal_nothing_is_told_of_any(
    ask: Caller, database: SqliteDatabase
) -> None:
    for table in ("calibrations", "outcomes", "signals"):
        database.connection.execute(f"DELETE FROM {table}")
    view = told(ask)
    assert (view.records, view.recent.horizons, view.recent.unjudgeable) == ([], [], [])
    assert [one.claim for one in view.types] == [None] * 8
