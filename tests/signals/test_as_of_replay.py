"""From what was stored the same signals come out again, byte for byte; any change is seen."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from signals import ledger
from signals.ledger import Entry, Head
from tests.signals.living import (
    AWAY,
    DELISTED,
    LAST_SEEN,
    LATE,
    LOADED_AT,
    TIMES,
    change,
    rows,
    stored,
)
from tests.support.sqlite import SqliteDatabase
from tools import asof


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return stored(tmp_path)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteDatabase]:
    """What comes out of the untouched file, run once for all tests that compare with it."""
    database, ticks = asof.run_again(stored(tmp_path_factory.mktemp("lived")))
    assert ticks == len(TIMES) - len(AWAY)
    yield database
    database.connection.close()


def differences(again: SqliteDatabase, file: Path) -> list[str]:
    """Compare what comes out with what another file says came out."""
    again.connection.execute("DETACH DATABASE old")
    again.connection.execute("ATTACH DATABASE ? AS old", (f"file:{file}?mode=ro",))
    return list(asof.differences(again))


def test_the_days_hold_everything_that_is_to_come_out_again(file: Path) -> None:
    kinds = {msgspec.json.decode(str(body))["kind"]
             for (body,) in rows(file, "SELECT body FROM signal_log")}  # fmt: skip
    assert kinds == {"fired", "ended", "judged", "calibrated"}
    types = {kind for (kind,) in rows(file, "SELECT DISTINCT type FROM signals")}
    assert types >= {"price_anomaly", "volume_spike", "sentiment_shift", "tvl_outflow"}
    assert rows(file, "SELECT count(*) > 0 FROM signals WHERE confidence_score > 0") == [(1,)]
    assert rows(file, "SELECT count(*) > 0 FROM signals WHERE asset_id = 'market'") == [(1,)]
    late = f"SELECT known_at FROM signals WHERE asset_id = 'asset-{LATE}' ORDER BY known_at LIMIT 1"
    assert rows(file, late) == [(LOADED_AT,)], "found in a past that was loaded later"
    gone = f"SELECT max(created_at) <= {LAST_SEEN} FROM signals WHERE asset_id = 'asset-{DELISTED}'"
    assert rows(file, gone) == [(1,)]
    assert rows(file, "SELECT count(DISTINCT tick) FROM detection_runs") == [
        (len(TIMES) - len(AWAY),)
    ]


def test_the_same_comes_out_again_byte_for_byte(again: SqliteDatabase, file: Path) -> None:
    assert differences(again, file) == []
    for table in ("market_levels", "detector_state"):
        rows_of = f"SELECT * FROM {{}}.{table} ORDER BY 1, 2"
        assert again.rows(rows_of.format("main")) == again.rows(rows_of.format("old"))


def test_the_log_holds_one_entry_for_everything_that_was_said(file: Path) -> None:
    entries = [Entry(*row) for row in rows(file, "SELECT * FROM signal_log ORDER BY seq")]  # type: ignore[arg-type]
    assert ledger.first_broken(Head(), entries) is None
    bodies = [msgspec.json.decode(one.body) for one in entries]
    told = {kind: [one for one in bodies if one["kind"] == kind] for kind in
            ("fired", "ended", "judged", "calibrated")}  # fmt: skip
    assert sorted(one["id"] for one in told["fired"]) == [
        key for (key,) in rows(file, "SELECT id FROM signals ORDER BY id")
    ]
    assert sorted((one["id"], one["at"]) for one in told["ended"]) == rows(
        file, "SELECT id, ended_at FROM signals WHERE ended_at IS NOT NULL ORDER BY id"
    )
    assert sorted((one["id"], one["horizon"], one["judged_at"]) for one in told["judged"]) == rows(
        file, "SELECT signal_id, horizon, judged_at FROM outcomes WHERE judged_at > 0 ORDER BY 1, 2"
    )
    made = [(one["type"], one["horizon"], one["version"]) for one in told["calibrated"]]
    in_use = "SELECT type, horizon, version FROM calibrations ORDER BY 1, 2, 3"
    assert sorted(made) == rows(file, in_use)
    (head,) = rows(file, "SELECT seq, head FROM detection_runs ORDER BY run_no DESC LIMIT 1")
    assert head == (len(entries), entries[-1].hash)


def test_the_log_says_what_the_row_says(file: Path) -> None:
    signals = {
        str(row[0]): row[1:]
        for row in rows(file, "SELECT id, explanation, confidence_score, metadata FROM signals")
    }
    for (body,) in rows(file, "SELECT body FROM signal_log WHERE body ->> 'kind' = 'fired'"):
        said = msgspec.json.decode(str(body))
        explanation, confidence, metadata = signals[said["id"]]
        assert (said["explanation"], said["confidence_score"]) == (explanation, confidence)
        assert said["metadata"] == msgspec.json.decode(str(metadata))


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("UPDATE signals SET confidence_score = 0.99 WHERE id IN ({one})", "signals"),
        ("UPDATE signals SET explanation = explanation || ' ' WHERE id IN ({one})", "signals"),
        (
            "UPDATE signals SET metadata = replace(metadata, '1', '2') WHERE id IN ({one})",
            "signals",
        ),
        ("UPDATE signals SET created_at = created_at + 1 WHERE id IN ({one})", "signals"),
        ("UPDATE outcomes SET hit = 1 - hit WHERE signal_id IN ({one})", "outcomes"),
        ("UPDATE events SET ended_at = ended_at + 900 WHERE ended_at > 0", "events"),
        ("UPDATE calibrations SET accepted = 1 - accepted", "calibrations"),
        ("UPDATE signal_log SET body = replace(body, 'judged', 'fudged')", "signal_log"),
        ("DELETE FROM signal_log WHERE seq = 7", "signal_log"),
        ("DELETE FROM outcomes WHERE signal_id IN ({one})", "outcomes"),
    ],
)
def test_whatever_is_changed_in_what_was_said_is_found_and_named(
    again: SqliteDatabase, file: Path, sql: str, table: str
) -> None:
    one = "SELECT signal_id FROM outcomes WHERE hit >= 0 ORDER BY 1 LIMIT 1"
    change(file, sql.format(one=one))
    found = differences(again, file)
    assert found
    assert all(difference.startswith(f"{table} ") for difference in found)


def test_one_altered_price_is_found_where_it_made_a_difference(file: Path) -> None:
    [(signal, asset, at)] = rows(
        file, "SELECT id, asset_id, created_at FROM signals WHERE type = 'price_anomaly'"
        " AND asset_id <> 'market' ORDER BY id LIMIT 1",
    )  # fmt: skip
    change(
        file, f"UPDATE market_data SET price = price * 1.01 WHERE asset_id = '{asset}'"
        f" AND timestamp = {at}",
    )  # fmt: skip
    database, _ = asof.run_again(file)
    found = list(asof.differences(database))
    database.connection.close()
    assert any(one.startswith(f"signals {signal}: ") for one in found)
    assert found[0].startswith("signal_log "), "and so everything in the log from there on"


def test_what_was_known_later_makes_no_difference_before(file: Path) -> None:
    """The last day's prices are another world: what was said before it stays."""
    day = TIMES[-1] - 86400
    factor = "(1 + (id >> 31) % 7)"
    change(file, f"UPDATE market_data SET price = price * {factor} WHERE timestamp > {day}")
    database, _ = asof.run_again(file)
    before = f"SELECT max(seq) FROM old.detection_runs WHERE tick <= {day}"
    said = f"SELECT seq, hash FROM {{}}.signal_log WHERE seq <= ({before})"
    old, new = (database.rows(said.format(of)) for of in ("old", "main"))
    assert len(old) > 100
    assert old == new
    assert list(asof.differences(database)), "but not what was said since"
    database.connection.close()
