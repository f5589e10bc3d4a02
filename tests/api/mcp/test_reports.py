"""/reports: a day or a week, from what was stored in it, and readable."""

from typing import Any

import msgspec
import pytest

from api.reads.report_markdown import markdown
from api.reads.report_periods import bounds
from api.shapes.reports import Report
from common.errors import Problem
from common.times import epoch
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_price, insert_signal
from tests.api.judging import insert_outcome
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

DAY = 86_400
MIDNIGHT = TICK // DAY * DAY  # 2025-10-09
TODAY = "/api/v1/reports/daily?date=2025-10-09"


def told(ask: Caller, path: str = TODAY) -> Report:
    """Return a report, decoded as the shape that forbids what it does not name."""
    answer = ask(path)
    assert answer.status == 200, answer.body
    data = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=Report, strict=True)


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        ("daily", None, "2025-10-08", "2025-10-09"),
        ("daily", "2025-10-09", "2025-10-09", "2025-10-10"),
        ("daily", "2009-01-03", "2009-01-03", "2009-01-04"),
        ("weekly", None, "2025-09-29", "2025-10-06"),  # Monday to Monday
        ("weekly", "2025-10-06", "2025-10-06", "2025-10-13"),
        ("weekly", "2025-10-05", "2025-09-29", "2025-10-06"),
    ],
)
def test_a_period_is_a_day_or_a_week_of_utc(
    period: str, day: str | None, first: str, last: str
) -> None:
    assert bounds(period, day, NOW) == (epoch(first), epoch(last))


@pytest.mark.parametrize("day", ["2025-10-10", "2009-01-02", "2025-02-30", "0000-01-01"])
def test_a_day_that_has_not_begun_or_never_was_is_refused(ask: Caller, day: str) -> None:
    with pytest.raises(Problem, match="2025-10-09"):
        bounds("daily", day, NOW)
    assert kind(ask(f"/api/v1/reports/daily?date={day}"), 400)[0] == "invalid-parameter"


@pytest.mark.parametrize("path", ["hourly", "daily?date=x", "daily?format=xml", "daily?day=1"])
def test_anything_else_is_refused(ask: Caller, path: str) -> None:
    assert ask(f"/api/v1/reports/{path}").status == 400


def test_a_report_says_which_period_it_is_of_and_whether_it_is_over(ask: Caller) -> None:
    running, over = told(ask), told(ask, "/api/v1/reports/daily")
    assert (running.since, running.until) == ("2025-10-09T00:00:00Z", "2025-10-09T09:11:00Z")
    assert (running.complete, over.complete) == (False, True)
    assert (over.since, over.until) == ("2025-10-08T00:00:00Z", running.since)


def test_a_move_is_from_the_price_at_the_beginning_to_the_last_in_the_period(ask: Caller) -> None:
    moves = told(ask).moves
    (up,), (down,) = moves.up, moves.down
    # 120 steps of 15 minutes end at 9:00; the one at midnight is 36 before.
    assert (up.symbol, up.price) == ("BTC", 1030.5)
    assert up.change == round(100 * (1030.5 / (1030.5 - 36 * 0.25) - 1), 3)
    assert down.change == round(100 * (485.25 / (485.25 + 36 * 0.125) - 1), 3)
    assert (up.source, up.age_seconds) == ("coingecko", int(NOW) - (TICK - 20))
    assert moves.assets == 2


def test_what_came_after_the_period_is_not_in_it(ask: Caller, database: SqliteDatabase) -> None:
    insert_price(database, 2, "ethereum", "ETH", 100.0, MIDNIGHT - 10 * DAY)
    insert_price(database, 2, "ethereum", "ETH", 150.0, MIDNIGHT - 9 * DAY - 900)
    insert_price(database, 2, "ethereum", "ETH", 900.0, MIDNIGHT - 9 * DAY)
    moves = told(ask, "/api/v1/reports/daily?date=2025-09-29").moves
    assert [(one.symbol, one.price, one.change) for one in moves.up] == [("ETH", 150.0, 50.0)]


def test_an_asset_without_a_price_at_the_beginning_has_no_move(ask: Caller) -> None:
    assert told(ask, "/api/v1/reports/weekly?date=2025-10-09").moves.assets == 0


def test_prices_that_may_not_be_handed_on_are_left_out(
    ask: Caller, database: SqliteDatabase
) -> None:
    database.connection.execute("UPDATE sources SET redistributable = 0")
    report = told(ask)
    assert (report.moves.assets, report.market, report.sentiment.n) == (0, None, None)


def test_the_market_is_told_with_its_change_in_the_period(ask: Caller) -> None:
    market = told(ask).market
    assert market is not None
    assert (market.total_market_cap, market.change) == (3.125e12, 4.167)
    assert market.age_seconds == int(NOW) - TICK
    assert told(ask, "/api/v1/reports/daily").market is None


def test_signals_come_with_what_came_of_them_so_far(ask: Caller, database: SqliteDatabase) -> None:
    strong = insert_signal(
        database, 90, id=f"{MIDNIGHT}-pump-bitcoin", type="pump", created_at=MIDNIGHT,
        confidence_score=0.9,
    )  # fmt: skip
    insert_signal(
        database, 91, id=f"{MIDNIGHT - 1}-pump-bitcoin", type="pump", created_at=MIDNIGHT - 1
    )
    insert_outcome(database, strong, 3600, judged_at=TICK, hit=1, control_n=4, control_hits=1)
    insert_outcome(database, strong, DAY)
    report = told(ask)
    assert (report.signals.n, report.signals.by_type) == (1, {"pump": 1})
    (row,) = report.signals.rows
    assert (row.id, row.age_seconds) == (strong, int(NOW) - MIDNIGHT)
    first, second = row.outcomes
    assert (first.hit, first.base_rate, second.judged_at) == (True, 0.25, None)
    records = {(one.type, one.horizon_seconds): one for one in report.track_record}
    hour = records["pump", 3600]
    assert (hour.of_period.n, hour.of_period.hits, hour.of_period.rate) == (1, 1, 1.0)
    assert (hour.of_period.base_rate, hour.calibration) == (0.25, None)
    assert records["pump", DAY].of_period.n == 0


def test_of_many_signals_the_most_confident_are_told(ask: Caller, database: SqliteDatabase) -> None:
    for number in range(40):
        insert_signal(
            database, 100 + number, id=f"{MIDNIGHT + number}-pump-bitcoin", type="pump",
            created_at=MIDNIGHT + number, confidence_score=number / 100 if number else None,
        )  # fmt: skip
    signals = told(ask).signals
    assert (signals.n, len(signals.rows)) == (40, 30)
    assert signals.rows[0].confidence_score == 0.39


def test_the_track_record_is_what_was_known_when_the_period_ended(ask: Caller) -> None:
    known = [one for one in told(ask).track_record if one.calibration]
    assert known
    for one in known:
        assert one.calibration is not None
        assert one.calibration.interval is not None
        low = one.calibration.interval[0]
        assert one.calibration.edge is (low > (one.calibration.base_rate or 0))
    assert not any(one.calibration for one in told(ask, "/api/v1/reports/daily").track_record)


def test_the_tone_is_beside_that_of_the_time_before(ask: Caller, database: SqliteDatabase) -> None:
    def story(number: int, at: int, tone: float, **more: Any) -> None:
        insert(
            database, "news_items", news_id=f"t{number}", source="coindesk", title="t", url="u",
            published_at=at, tick=at, sentiment=tone, **more,
        )  # fmt: skip

    story(1, MIDNIGHT, -0.2215)
    story(2, MIDNIGHT + 60, 1.0, duplicate_of="t1")
    story(3, MIDNIGHT - 60, 0.5)
    story(4, MIDNIGHT - 10 * 3600, -1.0)  # longer ago than this day is old
    tone = told(ask).sentiment
    assert (tone.n, tone.tone) == (2, 0.1)
    assert (tone.n_before, tone.tone_before) == (1, 0.5)
    assert (tone.sources, tone.age_seconds) == (["coindesk"], int(NOW) - (TICK - 600))


def test_the_health_of_each_source_is_of_the_period(ask: Caller, database: SqliteDatabase) -> None:
    insert(
        database, "source_runs", source="coindesk", tick=TICK - 900, state="degraded", requests=1,
        bytes=0, parsed=0, skipped="{}", milliseconds=5,
    )  # fmt: skip
    health = {one.source: one for one in told(ask).sources}
    assert (health["coindesk"].runs, health["coindesk"].success_rate) == (2, 0.5)
    assert health["coingecko"].age_seconds == int(NOW) - TICK
    assert told(ask, "/api/v1/reports/daily").sources == []


def test_units_are_told_and_one_call_of_the_database_is_enough(ask: Caller) -> None:
    meta = msgspec.json.decode(body(ask(TODAY)))["meta"]
    assert meta["units"]["change"] == "percent over the period"


def test_the_same_report_can_be_read_in_markdown(ask: Caller, database: SqliteDatabase) -> None:
    insert_signal(
        database, 90, id=f"{MIDNIGHT}-pump-bitcoin", type="pump", created_at=MIDNIGHT,
        explanation="BTC | [click](https://evil.example) <script>\n# rose",
    )  # fmt: skip
    answer = ask(f"{TODAY}&format=markdown")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    text = body(answer)
    assert text.startswith("# CryptoIntel: Day of 2025-10-09\n")
    assert "**The data is simulated.**" in text
    assert "The period is not over." in text
    assert "| Bitcoin (BTC) | +0.88 % | $1,030 | coingecko | 11 min |" in text
    assert r"BTC \| \[click\](https://evil.example) \<script\> \# rose" in text
    columns = {line.count("|") - line.count(r"\|") for line in text.splitlines() if "|" in line}
    assert columns == {6, 7}


def test_an_empty_period_is_told_as_such(ask: Caller) -> None:
    text = body(ask("/api/v1/reports/weekly?date=2012-05-05&format=markdown"))
    assert "Nobody told the whole market in this period." in text
    assert "No story of this period has a tone." in text
    assert "Nobody told fear and greed in this period." in text
    assert text.count("None.") == 7


def test_a_report_of_a_live_system_is_not_called_otherwise() -> None:
    report: dict[str, Any] = {
        "period": "weekly", "since": "2025-10-06T00:00:00Z", "until": "2025-10-13T00:00:00Z",
        "complete": True, "market": None, "moves": {"assets": 0, "up": [], "down": []},
        "signals": {"n": 0, "by_type": {}, "rows": []}, "track_record": [], "sources": [],
        "sentiment": {"n": None}, "fear_greed": None, "stories": [],
        "locked": {"protocols": 0, "up": [], "down": []},
    }  # fmt: skip
    text = markdown(report, {"generated_at": "2025-10-13T00:00:01Z", "origin": "live"})
    assert text.startswith("# CryptoIntel: Week from 2025-10-06")
    assert "The data is" not in text
