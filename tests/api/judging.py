"""Rows that detection and judging leave behind: an event, outcomes, the log, a calibration."""

from typing import Any

import msgspec

from signals import ledger
from signals.calibration_gate import gate
from signals.calibration_report import report
from tests.api.calling import TICK, insert
from tests.signals import judged
from tests.support.sqlite import SqliteDatabase

HORIZON = 4 * 3600


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def insert_event(
    database: SqliteDatabase, started_at: int, asset_id: str, symbol: str, **values: Any
) -> str:
    """Insert an event of one reason that is over after an hour; return its id."""
    reason = {
        "signal_id": f"{started_at}-pump-{asset_id}", "type": "pump", "direction": "up",
        "at": started_at, "ended_at": started_at + 3600,
    }  # fmt: skip
    row = {
        "event_id": f"{started_at:010d}-{asset_id}", "asset_id": asset_id, "symbol": symbol,
        "started_at": started_at, "last_at": started_at, "ended_at": started_at + 3600,
        "reasons": _json([reason]), "explanation": f"{symbol} moved.",
    } | values  # fmt: skip
    insert(database, "events", **row)
    return str(row["event_id"])


def insert_outcome(
    database: SqliteDatabase, signal_id: str, horizon: int = HORIZON, **values: Any
) -> None:
    """Insert what a signal claimed for a horizon, not yet judged."""
    row = {
        "signal_id": signal_id, "horizon": horizon, "type": "pump", "subject": "bitcoin",
        "fired_at": TICK, "score": 1.5, "terms": "{}", "due_at": TICK + horizon,
    } | values  # fmt: skip
    insert(database, "outcomes", **row)


def insert_log(database: SqliteDatabase, count: int) -> None:
    """Insert `count` entries that follow from each other."""
    bodies = [ledger.body("ended", {"id": f'a "{number}"', "at": TICK}) for number in range(count)]
    for entry in ledger.chain(ledger.Head(), bodies):
        insert(database, "signal_log", seq=entry.seq, hash=entry.hash, body=entry.body)


def insert_calibration(
    database: SqliteDatabase, kind: str, version: int, *, days: int = 100, horizon: int = HORIZON
) -> None:
    """Insert what the gate makes of the synthetic signals of that many days."""
    outcomes = judged.judged(1, days, judged.steady(0.4))
    decision = gate(None, outcomes, horizon, judged.NOW, version)
    why = msgspec.to_builtins(decision)
    del why["calibration"]
    insert(
        database, "calibrations", type=kind, horizon=horizon, version=version,
        made_at=TICK + version, accepted=int(decision.accepted), decision=_json(why),
        calibration=_json(decision.calibration),
        report=_json(report(outcomes, decision.calibration)),
    )  # fmt: skip


def insert_run(database: SqliteDatabase, number: int, summary: dict[str, Any]) -> None:
    insert(
        database, "detection_runs", run_no=number, tick=TICK, seq=0, head=ledger.GENESIS,
        summary=_json(summary),
    )  # fmt: skip


def seed(database: SqliteDatabase) -> None:
    """Insert one of each."""
    insert_event(database, TICK - 7200, "bitcoin", "BTC")
    insert_log(database, 2)
    insert_calibration(database, "price_anomaly", 1)
    insert_run(database, 1, {"learning": {"pump": [3, 1]}})
