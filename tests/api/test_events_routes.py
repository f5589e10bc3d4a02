"""Events, and the log that proves what was said."""

from typing import Any

import msgspec
import pytest

from common.times import iso
from signals.ledger import Entry, Head, chain, first_broken
from signals.ledger import body as body_of
from tests.api.calling import TICK, Caller, insert, insert_reading
from tests.api.calling import body as text_of
from tests.api.judging import insert_event, insert_log
from tests.support.sqlite import SqliteDatabase

EVENTS, LOG = "/api/v1/events", "/api/v1/signal-log"


@pytest.fixture(autouse=True)
def nothing_yet(database: SqliteDatabase) -> None:
    for table in ("events", "signal_log"):
        database.connection.execute(f"DELETE FROM {table}")


def body(ask: Caller, path: str) -> Any:
    answer = ask(path)
    assert answer.status == 200, text_of(answer)
    return msgspec.json.decode(text_of(answer))


def refusal(ask: Caller, path: str, status: int) -> str:
    answer = ask(path)
    assert answer.status == status, text_of(answer)
    return text_of(answer)


# --- events ---------------------------------------------------------------------------------


def test_an_event_is_its_stored_row_with_its_reasons_and_the_name_of_the_asset(
    ask: Caller, database: SqliteDatabase
) -> None:
    reasons = [
        {"signal_id": "1-pump-bitcoin", "type": "pump", "direction": "up", "at": TICK,
         "ended_at": TICK + 60},
        {"signal_id": "2-volume_spike-bitcoin", "type": "volume_spike", "direction": "up",
         "at": TICK + 30, "ended_at": None},
    ]  # fmt: skip
    event_id = insert_event(
        database, TICK, "bitcoin", "BTC", last_at=TICK + 30, ended_at=None,
        reasons=msgspec.json.encode(reasons).decode(),
    )  # fmt: skip
    assert ask.data(EVENTS) == [
        {
            "id": event_id, "asset_id": "bitcoin", "symbol": "BTC", "name": "Bitcoin",
            "started_at": iso(TICK), "last_at": iso(TICK + 30), "ended_at": None,
            "explanation": "BTC moved.",
            "reasons": [
                reasons[0] | {"at": iso(TICK), "ended_at": iso(TICK + 60)},
                reasons[1] | {"at": iso(TICK + 30)},
            ],
        }
    ]  # fmt: skip


@pytest.mark.parametrize("limit", [1, 2, 7, 8])
def test_pages_of_events_walk_over_each_once_newest_first(
    ask: Caller, database: SqliteDatabase, limit: int
) -> None:
    wanted = [insert_event(database, TICK - 900 * n, "bitcoin", "BTC") for n in range(7)]
    found: list[str] = []
    path = f"{EVENTS}?limit={limit}"
    for _ in range(8):
        page = body(ask, path)
        found += [one["id"] for one in page["data"]]
        if page["meta"]["next"] is None:
            break
        path = f"{EVENTS}?limit={limit}&cursor={page['meta']['next']}"
    assert found == wanted


def test_only_events_that_are_not_over_can_be_asked_for(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_event(database, TICK, "bitcoin", "BTC")
    lasting = insert_event(database, TICK - 900, "ethereum", "ETH", ended_at=None)
    assert [one["id"] for one in ask.data(f"{EVENTS}?open=true")] == [lasting]
    assert len(ask.data(f"{EVENTS}?open=false")) == 2
    one = ask.data(f"{EVENTS}?open=false")
    for event in one:
        mine = ask.data(f"{EVENTS}?symbol={event['asset_id']}&open=true")
        assert [each["id"] for each in mine if each["ended_at"]] == []


@pytest.mark.parametrize("symbol", ["BTC", "btc", "bitcoin"])
def test_the_events_of_an_asset_are_asked_for_by_symbol_or_id(
    ask: Caller, database: SqliteDatabase, symbol: str
) -> None:
    wanted = insert_event(database, TICK, "bitcoin", "BTC")
    insert_event(database, TICK, "ethereum", "ETH")
    assert [one["id"] for one in ask.data(f"{EVENTS}?symbol={symbol}")] == [wanted]


@pytest.mark.parametrize(
    ("asset_id", "symbol"), [("market", "MARKET"), ("protocol_tvl:aave", "Aave")]
)
def test_what_is_no_asset_has_events_and_is_called_by_its_symbol(
    ask: Caller, database: SqliteDatabase, asset_id: str, symbol: str
) -> None:
    assert ask.data(f"{EVENTS}?symbol={asset_id}&limit=1") == []
    wanted = insert_event(database, TICK, asset_id, symbol)
    (event,) = ask.data(f"{EVENTS}?symbol={asset_id}")
    assert (event["id"], event["name"]) == (wanted, symbol)


@pytest.mark.parametrize("symbol", ["NOPE", "protocol_tvl:nope", "bitcoin_fee:bitcoin", ":"])
def test_events_of_what_nobody_collects_are_a_404(
    ask: Caller, database: SqliteDatabase, symbol: str
) -> None:
    insert_reading(database, 700, "bitcoin_fee", "bitcoin", 2.0, source="coindesk")
    database.connection.execute("UPDATE sources SET shared = 0 WHERE source = 'coindesk'")
    assert f"'{symbol}' is collected" in refusal(ask, f"{EVENTS}?symbol={symbol}", 404)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=251", "cursor=soon", "open=perhaps", "symbol="]
)
def test_a_wrong_question_for_events_is_told_which_part_is_wrong(ask: Caller, query: str) -> None:
    assert f"{query.partition('=')[0]}: " in refusal(ask, f"{EVENTS}?{query}", 400)


# --- the log --------------------------------------------------------------------------------


def entry_of(told: dict[str, Any]) -> Entry:
    return Entry(told["seq"], told["hash"], told["body"])


def test_an_entry_says_when_it_was_said(ask: Caller, database: SqliteDatabase) -> None:
    """Times in its body stay epoch seconds, for the hash is over that very text."""
    kinds = {"fired": "known_at", "ended": "at", "judged": "judged_at", "calibrated": "made_at"}
    bodies = [body_of(kind, {name: TICK}) for kind, name in kinds.items()]
    database.connection.execute("DELETE FROM signal_log")
    for one in chain(Head(), [*bodies, '{"kind":"other"}']):
        insert(database, "signal_log", seq=one.seq, hash=one.hash, body=one.body)
    assert [one["said_at"] for one in ask.data(LOG)] == [*[iso(TICK)] * 4, None]


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
def test_the_log_can_be_read_in_pages_and_checked_from_its_beginning(
    ask: Caller, database: SqliteDatabase, limit: int
) -> None:
    insert_log(database, 5)
    entries: list[Entry] = []
    after: int | None = 0
    while after is not None:
        page = body(ask, f"{LOG}?after={after}&limit={limit}")
        entries += [entry_of(one) for one in page["data"]]
        after = page["meta"]["next"]
    assert [one.seq for one in entries] == [1, 2, 3, 4, 5]
    assert first_broken(Head(), entries) is None
    assert page["meta"]["head"] == {"seq": 5, "hash": entries[-1].hash}


def test_an_entry_that_was_rewritten_is_found_by_who_reads_the_log(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_log(database, 5)
    database.connection.execute("UPDATE signal_log SET body = '{}' WHERE seq = 3")
    entries = [entry_of(one) for one in ask.data(LOG)]
    assert first_broken(Head(), entries) == 3


def test_who_has_the_newest_entry_gets_none_and_the_head(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_log(database, 2)
    page = body(ask, f"{LOG}?after=2")
    assert (page["data"], page["meta"]["next"], page["meta"]["head"]["seq"]) == ([], None, 2)


def test_a_log_without_an_entry_has_no_head(ask: Caller) -> None:
    assert body(ask, LOG)["meta"]["head"] is None


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=1001"])
def test_a_wrong_question_for_the_log_is_told_which_part_is_wrong(ask: Caller, query: str) -> None:
    assert f"{query.partition('=')[0]}: " in refusal(ask, f"{LOG}?{query}", 400)


def test_a_page_of_long_entries_is_cut_to_what_d1_returns_and_goes_on_behind_it(
    ask: Caller, database: SqliteDatabase
) -> None:
    text = msgspec.json.encode({"σ": {f"number {n}": 1.23456 for n in range(200)}}).decode()
    for entry in chain(Head(), [text] * 300):
        insert(database, "signal_log", seq=entry.seq, hash=entry.hash, body=entry.body)
    entries: list[Entry] = []
    after: int | None = 0
    while after is not None:
        answer = ask(f"{LOG}?after={after}&limit=1000")
        assert len(text_of(answer).encode()) < 1_500_000
        page = msgspec.json.decode(text_of(answer))
        assert 0 < len(page["data"]) < 200
        entries += [entry_of(one) for one in page["data"]]
        after = page["meta"]["next"]
    assert len(entries) == 300
    assert first_broken(Head(), entries) is None
