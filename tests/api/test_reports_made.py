"""Reports that the cron makes: each period once, minutes after its end, kept as told then."""

import asyncio
from typing import Any

import msgspec
import pytest

from api.principal import GUEST
from api.reads.report_made import MADE_BACK, MOST_A_RUN, WAIT_SECONDS, make_due
from api.shapes.reports import MadeReport
from api.shapes.views.reports import ReportsView, ReportView
from common.times import iso
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_signal
from tests.api.judging import insert_outcome
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

DAY = 86_400
MIDNIGHT = TICK // DAY * DAY  # 2025-10-09, a Thursday
MONDAY = MIDNIGHT - 3 * DAY


def measured(database: SqliteDatabase, *times: int) -> None:
    for at in times:
        insert(database, "market_levels", timestamp=at, level=0.0, dispersion=0.1, assets=2)


def run(database: SqliteDatabase, now: float) -> int:
    return asyncio.run(make_due(now, database, lambda *_, **__: None))  # type: ignore[arg-type]


def made(database: SqliteDatabase) -> list[tuple[Any, ...]]:
    return database.rows("SELECT kind, begins_at, made_at FROM reports ORDER BY kind, begins_at")


@pytest.fixture
def database(database: SqliteDatabase) -> SqliteDatabase:
    database.connection.execute("DELETE FROM market_levels")
    database.connection.execute("DELETE FROM outcomes WHERE judged_at IS NULL")
    return database


def test_a_day_is_told_ten_minutes_after_its_end(database: SqliteDatabase) -> None:
    measured(database, MIDNIGHT - 900)
    assert run(database, MIDNIGHT + WAIT_SECONDS["daily"] - 1) == 0
    assert run(database, MIDNIGHT + WAIT_SECONDS["daily"]) == 1
    assert made(database) == [("daily", MIDNIGHT - DAY, MIDNIGHT + 600)]


def test_a_week_is_told_fifteen_minutes_after_its_sunday(database: SqliteDatabase) -> None:
    measured(database, MONDAY - 4 * DAY)
    run(database, MONDAY + WAIT_SECONDS["weekly"] - 1)
    assert [row[0] for row in made(database)] == ["daily"]
    run(database, MONDAY + WAIT_SECONDS["weekly"])
    assert made(database)[1] == ("weekly", MONDAY - 7 * DAY, MONDAY + 900)


def test_a_period_is_made_once_however_often_the_cron_comes(database: SqliteDatabase) -> None:
    measured(database, MIDNIGHT - 900)
    assert [run(database, NOW + 300 * turn) for turn in range(3)] == [1, 0, 0]
    assert len(made(database)) == 1


def test_two_crons_at_once_make_one(database: SqliteDatabase) -> None:
    measured(database, MIDNIGHT - 900)

    async def twice() -> None:
        both = (make_due(NOW, database, lambda *_, **__: None) for _ in range(2))  # type: ignore[arg-type]
        await asyncio.gather(*both)

    asyncio.run(twice())
    assert len(made(database)) == 1


def test_what_was_missed_is_made_by_the_next_runs_a_few_at_a_time(
    database: SqliteDatabase,
) -> None:
    measured(database, *(MIDNIGHT - day * DAY + 900 for day in range(1, 12)))
    runs = [run(database, NOW) for _ in range(6)]
    assert max(runs) == MOST_A_RUN
    kinds = [row[0] for row in made(database)]
    assert kinds.count("daily") == MADE_BACK["daily"]
    assert kinds.count("weekly") == 2  # of the others nothing was measured


def test_what_was_told_while_judging_was_behind_is_told_once_more(
    database: SqliteDatabase,
) -> None:
    measured(database, MIDNIGHT - 900)
    signal = insert_signal(database, 90, created_at=MIDNIGHT - 7200)
    insert_outcome(database, signal, 3600, due_at=MIDNIGHT - 3600)
    insert_outcome(database, signal, 14_400, due_at=MIDNIGHT + 7200)  # of the next day
    assert [run(database, NOW + turn) for turn in range(2)] == [1, 0]
    database.connection.execute("UPDATE outcomes SET judged_at = due_at WHERE horizon = 3600")
    assert [run(database, NOW + turn) for turn in (60, 120)] == [1, 0]
    assert made(database) == [("daily", MIDNIGHT - DAY, int(NOW + 60))]


def test_a_period_without_data_is_not_told(database: SqliteDatabase) -> None:
    assert run(database, NOW) == 0


def test_one_that_fails_leaves_the_others_for_the_next_run(database: SqliteDatabase) -> None:
    measured(database, MIDNIGHT - 900, MIDNIGHT - DAY - 900)

    class Breaking(SqliteDatabase):
        async def batch(self, statements: Any) -> int:
            raise RuntimeError("the data store is away")

    broken = Breaking(database.connection)
    with pytest.raises(RuntimeError):
        run(broken, NOW)
    assert made(database) == []
    assert run(database, NOW) == 2


@pytest.fixture
def told(database: SqliteDatabase, ask: Caller) -> Caller:
    """The days of the 7th and the 8th, made."""
    measured(database, MIDNIGHT - 900, MIDNIGHT - DAY - 900)
    assert run(database, NOW - 60) == 2
    return ask


def test_a_made_report_is_kept_as_it_was_told(told: Caller, database: SqliteDatabase) -> None:
    path = "/api/v1/reports/daily?date=2025-10-08&as_of=made"
    before = told.data(path)
    assert before["told_at"] == iso(NOW - 60)
    database.connection.execute("DELETE FROM signals")
    told.fresh()
    assert told.data(path) == before
    assert told.data("/api/v1/reports/daily?date=2025-10-08")["signals"]["n"] == 0


def test_one_that_was_not_made_is_not_there(told: Caller) -> None:
    for path in (
        "/api/v1/reports/weekly?as_of=made",
        "/api/v1/reports/daily?date=2025-10-06&as_of=made",
    ):
        assert kind(told(path), 404)[0] == "no-such-report"
    assert (
        kind(told("/api/v1/dashboard/report?kind=daily&date=2025-10-06"), 404)[0]
        == "no-such-report"
    )


def test_those_that_were_made_are_listed_a_page_at_a_time(told: Caller) -> None:
    answer = told("/api/v1/reports?limit=1")
    page = msgspec.json.decode(body(answer))
    (newest,) = msgspec.convert(page["data"], list[MadeReport], strict=True)
    assert (newest.since, newest.made_at, newest.age_seconds) == (
        "2025-10-08T00:00:00Z", iso(NOW - 60), 60,
    )  # fmt: skip
    rest = msgspec.json.decode(body(told(f"/api/v1/reports?limit=1&cursor={page['meta']['next']}")))
    assert [one["since"] for one in rest["data"]] == ["2025-10-07T00:00:00Z"]
    assert rest["meta"]["next"] is None
    assert told.data("/api/v1/reports?kind=weekly") == []


def test_a_visitor_reads_the_list_and_every_made_report(told: Caller) -> None:
    def data(path: str) -> bytes:
        answer = told(path, key=None, principal=GUEST)
        assert answer.status == 200, answer.body
        found: bytes = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
        return found

    listed = msgspec.json.decode(data("/api/v1/dashboard/reports"), type=ReportsView)
    assert [one.since[:10] for one in listed.daily] == ["2025-10-08", "2025-10-07"]
    assert listed.stored_since == iso(MIDNIGHT - DAY - 900)
    view = "/api/v1/dashboard/report?kind=daily&date=2025-10-08"
    shown = msgspec.json.decode(data(view), type=ReportView, strict=True)
    assert (shown.report.told_at, shown.previous, shown.following) == (
        iso(NOW - 60), "2025-10-07T00:00:00Z", None,
    )  # fmt: skip
    answer = told(f"{view}&format=csv", key=None, principal=GUEST)
    assert answer.headers["content-type"].startswith("text/csv")


def test_a_visitor_cannot_have_other_periods_reckoned(told: Caller) -> None:
    for path in ("/api/v1/reports/daily", f"/api/v1/reports/custom?since={TICK - 3600}"):
        assert told(path, key=None, principal=GUEST).status == 403


def test_a_headline_tells_the_best_and_the_worst(told: Caller) -> None:
    (newest, _) = told.data("/api/v1/reports")
    report = told.data("/api/v1/reports/daily?date=2025-10-08&as_of=made")
    assert newest["signals"] == report["signals"]["n"] > 0
    assert (newest["best"], newest["worst"]) == (None, None)  # no asset had a price at both ends
