"""One signal in full: its evidence, its event, what came of it, what its confidence rests on."""

from urllib.parse import quote

import msgspec

from api.shapes.signals import SignalInFull
from common.times import iso
from tests.api.calling import TICK, Caller, body, insert_signal
from tests.api.judging import HORIZON, insert_calibration, insert_event, insert_outcome
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/signals/by-id/"


def test_a_signal_is_what_the_list_says_and_more(ask: Caller, database: SqliteDatabase) -> None:
    event = insert_event(database, TICK - 900, "bitcoin", "BTC")
    signal = insert_signal(database, 100, event_id=event, known_at=TICK)
    insert_outcome(database, signal)
    (listed,) = ask.data("/api/v1/signals/all?limit=1")
    told = ask.data(PATH + signal)
    assert {name: told[name] for name in listed} == listed
    assert len(told["outcomes"]) == 1
    assert told["event"] == {
        "id": event, "started_at": iso(TICK - 900), "last_at": iso(TICK - 900),
        "ended_at": iso(TICK + 2700), "explanation": "BTC moved.", "signals": 1,
    }  # fmt: skip
    data = msgspec.json.decode(body(ask(PATH + signal)), type=dict[str, msgspec.Raw])["data"]
    msgspec.json.decode(data, type=SignalInFull, strict=True)


def test_a_signal_without_an_event_says_so(ask: Caller, database: SqliteDatabase) -> None:
    told = ask.data(PATH + insert_signal(database, 100))
    assert (told["event"], told["calibrations"], told["outcomes"]) == (None, [], [])


def test_the_calibrations_are_those_in_use_when_the_signal_was_found(
    ask: Caller, database: SqliteDatabase
) -> None:
    for version, horizon in ((1, HORIZON), (2, HORIZON), (3, HORIZON), (1, 3600)):
        insert_calibration(database, "pump", version, horizon=horizon)  # made at TICK + version
    signal = insert_signal(database, 100, type="pump", created_at=TICK, known_at=TICK + 3)
    told = ask.data(PATH + signal)["calibrations"]
    assert [(one["horizon_seconds"], one["version"]) for one in told] == [(3600, 1), (HORIZON, 2)]
    assert told[0]["made_at"] == iso(TICK + 1)
    assert told[0]["n"] > 0 < told[0]["days"]
    assert 0 < told[0]["base_rate"] < 1


def test_an_id_may_hold_anything_that_is_quoted(ask: Caller, database: SqliteDatabase) -> None:
    odd = f"{TICK}-unusual_reading-custom:a/b c?d"
    insert_signal(database, 100, id=odd)
    assert ask.data(PATH + quote(odd, safe=""))["id"] == odd


def test_an_id_that_no_signal_has_is_a_404(ask: Caller) -> None:
    assert kind(ask(PATH + "1760000400-pump-nothing"), 404)[0] == "unknown-signal"
    assert ask(PATH + "%00").status == 400
    assert ask(PATH + "x" * 321).status == 400
