"""What a report tells besides signals: mood, value locked, news; any period; CSV."""

import csv
import io

import msgspec
import pytest

from api.reads.report_csv import csv as csv_of
from api.shapes.reports import Report
from common.times import iso
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_reading, insert_signal
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

DAY = 86_400
MIDNIGHT = TICK // DAY * DAY  # 2025-10-09
CUSTOM = "/api/v1/reports/custom"


def told(ask: Caller, path: str) -> Report:
    """Return a report, decoded as the shape that forbids what it does not name."""
    answer = ask(path)
    assert answer.status == 200, answer.body
    data = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=Report, strict=True)


def of(since: int, until: int) -> str:
    return f"{CUSTOM}?since={since}&until={until}"


def reading(database: SqliteDatabase, number: int, tick: int, value: float) -> None:
    insert(
        database, "readings", id=number << 26 | tick // 60, value=value, observed_at=tick,
        figures='{"label":"Greed"}',
    )  # fmt: skip


def test_fear_and_greed_stands_beside_what_it_was_at_the_beginning(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_reading(database, 700, "fear_greed", "crypto", 40.0, tick=MIDNIGHT - 3600)
    reading(database, 700, MIDNIGHT + 3600, 61.0)
    reading(database, 700, MIDNIGHT + 20 * 3600, 99.0)  # behind the period
    mood = told(ask, of(MIDNIGHT, MIDNIGHT + 8 * 3600)).fear_greed
    assert mood is not None
    assert (mood.value, mood.value_before, mood.label) == (61.0, 40.0, "Greed")
    assert mood.age_seconds == int(NOW) - (MIDNIGHT + 3600)


def test_protocols_are_told_by_the_dollars_that_came_and_went(
    ask: Caller, database: SqliteDatabase
) -> None:
    for number, before, after in ((701, 1e9, 1.2e9), (702, 1e6, 3e6), (703, 5e8, 2e8)):
        insert_reading(database, number, "protocol_tvl", f"p{number}", before, tick=MIDNIGHT)
        reading(database, number, MIDNIGHT + 3600, after)
    insert_reading(database, 704, "protocol_tvl", "new", 7e9, tick=MIDNIGHT + 3600)
    locked = told(ask, of(MIDNIGHT, MIDNIGHT + 7200)).locked
    assert [(one.key, one.difference, one.change) for one in locked.up] == [
        ("p701", 2e8, 20.0), ("p702", 2e6, 200.0),
    ]  # fmt: skip
    assert [(one.key, one.difference, one.change) for one in locked.down] == [("p703", -3e8, -60.0)]
    assert (locked.protocols, locked.up[0].source) == (3, "coingecko")


def test_a_story_is_told_once_with_how_many_sources_told_it(
    ask: Caller, database: SqliteDatabase
) -> None:
    def story(name: str, source: str, original: str | None = None) -> None:
        insert(
            database, "news_items", news_id=name, source=source, title=f"Title of {name}",
            url=f"https://news.example/{name}", published_at=MIDNIGHT + 60, tick=MIDNIGHT + 900,
            duplicate_of=original,
        )  # fmt: skip

    story("a", "coindesk")
    story("b", "coindesk")
    story("b2", "coingecko", "b")
    story("b3", "coingecko", "b")
    stories = told(ask, of(MIDNIGHT, MIDNIGHT + 3600)).stories
    assert [(one.id, one.times, one.sources) for one in stories] == [("b", 3, 2), ("a", 1, 1)]
    assert (stories[0].url, stories[0].attribution) == (
        "https://news.example/b", "Data by coindesk",
    )  # fmt: skip


def test_the_market_is_told_as_a_path_too(ask: Caller) -> None:
    market = told(ask, of(TICK - 1800, TICK + 60)).market
    assert market is not None
    assert market.path == [(TICK - 900, 3e12), (TICK, 3.125e12)]
    assert (market.btc_dominance_change, market.change) == (0.0, 4.167)


def test_any_period_of_at_most_31_days_can_be_asked_for(ask: Caller) -> None:
    report = told(ask, f"{CUSTOM}?since={iso(TICK - 31 * DAY)}&until={iso(TICK)}")
    assert (report.period, report.complete) == ("custom", True)
    assert told(ask, f"{CUSTOM}?since={TICK - 3600}").until == iso(NOW)


def test_a_period_that_goes_on_ends_now(ask: Caller) -> None:
    report = told(ask, of(TICK - DAY, TICK + DAY))
    assert (report.until, report.complete) == (iso(NOW), False)


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        (TICK - 32 * DAY, TICK, "contradictory-parameters"),
        (TICK - 60, TICK, "contradictory-parameters"),
        (TICK, TICK - 3600, "contradictory-parameters"),
        (TICK + DAY, TICK + 2 * DAY, "invalid-parameter"),
        (0, 3600, "invalid-parameter"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    ask: Caller, since: int, until: int, wanted: str
) -> None:
    assert kind(ask(of(since, until)), 400)[0] == wanted


def test_a_period_of_which_nothing_is_stored_is_refused_in_words(ask: Caller) -> None:
    named, says = kind(ask(f"{CUSTOM}?since=2012-05-05&until=2012-05-06"), 404)
    assert named == "no-data-in-period"
    assert "from 2012-05-05T00:00:00Z to 2012-05-06T00:00:00Z" in says


def test_a_custom_report_can_be_read_in_markdown(ask: Caller) -> None:
    text = body(ask(f"{of(TICK - DAY, TICK)}&format=markdown"))
    assert text.startswith(f"# CryptoIntel: From {iso(TICK - DAY)} to {iso(TICK)}\n")
    assert "| Bitcoin holds | 1 | 1 | +0.42 | Data by coindesk |" in text


def test_csv_is_a_line_a_figure_with_unit_source_and_time(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_signal(
        database, 90, id=f"{TICK}-pump-bitcoin", type="pump", created_at=TICK,
        explanation='=HYPERLINK("https://evil.example")',
    )  # fmt: skip
    answer = ask(f"{of(TICK - DAY, TICK + 60)}&format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert 'filename="cryptointel-simulated-custom-' in answer.headers["content-disposition"]
    assert body(answer).count("\r\n") == body(answer).count("\n")
    lines = list(csv.DictReader(io.StringIO(body(answer), newline="")))
    found = {(one["section"], one["subject"], one["figure"]): one for one in lines}
    cap = found["market", "", "total_market_cap"]
    assert (cap["value"], cap["unit"], cap["source"]) == ("3125000000000.0", "USD", "coingecko")
    assert (cap["observed_at"], cap["age_seconds"]) == (iso(TICK), str(int(NOW) - TICK))
    assert {one["section"] for one in lines} >= {
        "report", "moves", "signals", "sentiment", "stories", "sources",
    }  # fmt: skip
    # What a spreadsheet would run as a formula is text.
    says = found["signals", f"{TICK}-pump-bitcoin", "explanation"]["value"]
    assert says == '\'=HYPERLINK("https://evil.example")'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_in_a_csv_begins_a_formula(ask: Caller, start: str) -> None:
    report = msgspec.to_builtins(told(ask, of(TICK - DAY, TICK)))
    report["stories"][0]["title"] = f"{start}1+1"
    lines = list(csv.DictReader(io.StringIO(csv_of(report), newline="")))
    subjects = {one["subject"] for one in lines if one["section"] == "stories"}
    assert subjects == {f"'{start}1+1"}
