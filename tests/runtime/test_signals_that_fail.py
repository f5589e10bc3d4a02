"""Detection on workerd: refused by the database, killed, with a state that is unreadable."""

import contextlib
import subprocess
import sys
import threading

import msgspec
import pytest

from signals.ledger import Entry, Head, first_broken
from tests.support.live import Live, Reply, eventually
from tools.pyworkers.errors import SetupError
from tools.system.layout import PROJECT

pytestmark = pytest.mark.runtime

REFUSE = """
CREATE TRIGGER refuse_runs BEFORE INSERT ON detection_runs
BEGIN SELECT RAISE(ABORT, 'D1 DB is overloaded'); END;
"""
FIRED = """
SELECT id, created_at FROM signals WHERE asset_id = ? AND type = 'price_anomaly' AND created_at > ?
"""
LOGGED = """
SELECT count(*) FROM signal_log
WHERE body ->> 'kind' = 'fired' AND body ->> 'asset_id' = ? AND body ->> 'type' = 'price_anomaly'
  AND body ->> 'created_at' > ?
"""


def jump_before_the_next_tick(live: Live, asset: str) -> int:
    """Plant a jump that the next tick sees; return the time before it."""
    now = live.time
    live.plant("jump", asset, now + 300, 0.12)
    live.time += 900
    live.set_clock(live.time)
    return now


def fire_in_vain(live: Live, tick: int) -> None:
    with pytest.raises((SetupError, OSError, ValueError)):
        live.system.tick(tick)


def fire_anyhow(live: Live, tick: int) -> None:
    with contextlib.suppress(SetupError, OSError, ValueError):
        live.system.tick(tick)


def try_rule(live: Live, rule: dict[str, object]) -> Reply:
    key = {
        "authorization": f"Bearer {live.system.account.api_key}",
        "content-type": "application/json",
    }
    body = msgspec.json.encode(rule).decode()
    return live.get("api", "/api/v1/signals/preview", key, "POST", body)


def log_is_whole(live: Live) -> bool:
    rows = live.rows("SELECT seq, hash, body FROM signal_log ORDER BY seq")
    return bool(rows) and first_broken(Head(), [Entry(*row) for row in rows]) is None


def test_what_could_not_be_stored_is_found_once_by_the_next_tick(live: Live) -> None:
    live.next_tick()
    before = jump_before_the_next_tick(live, "monero")
    live.write(REFUSE)
    try:
        fire_in_vain(live, live.time)
    finally:
        live.write("DROP TRIGGER refuse_runs")
    assert live.rows(FIRED, "monero", before) == []
    jumped = live.time
    live.next_tick()
    assert live.rows(FIRED, "monero", before) == [(f"{jumped}-price_anomaly-monero", jumped)]
    assert live.rows(LOGGED, "monero", before) == [(1,)]
    assert log_is_whole(live)


def test_a_signals_worker_that_is_killed_in_a_tick_neither_loses_nor_doubles(live: Live) -> None:
    live.next_tick()
    before = jump_before_the_next_tick(live, "zcash")
    tick = live.time
    fired = threading.Thread(target=fire_anyhow, args=(live, tick))
    fired.start()
    stored = "SELECT count(*) FROM market_data WHERE timestamp = ? AND source = 'consensus'"
    eventually(lambda: live.rows(stored, tick)[0][0] > 200, 30)
    live.system.kill_worker("signals")
    fired.join(30)
    for name in ("signals", "collection", "api", "dashboard"):
        live.system.restart(name)  # a local caller does not find a callee's new process
    live.next_tick()
    assert live.rows(FIRED, "zcash", before) == [(f"{tick}-price_anomaly-zcash", tick)]
    assert live.rows(LOGGED, "zcash", before) == [(1,)]
    assert log_is_whole(live)


def test_an_unreadable_state_is_announced_and_rebuilt_from_history(live: Live) -> None:
    live.next_tick()
    state = "SELECT state FROM detector_state WHERE detector = 'price_anomaly' AND series = '0'"
    known = msgspec.json.decode(live.rows(state)[0][0])
    signals = live.rows("SELECT count(*) FROM signals WHERE created_at <= ?", live.time)
    live.write(
        "UPDATE detector_state SET state = '{' WHERE detector = 'price_anomaly' AND series = '0'"
    )
    tick = live.next_tick()
    rebuilt = msgspec.json.decode(live.rows(state)[0][0])
    assert rebuilt.keys() == known.keys()
    assert {kept[1][0] for kept in rebuilt.values()} == {tick}
    told = live.messages("signals", "unreadable, left out; a state is rebuilt from history")
    assert told[-1] == {"row": "price_anomaly/0"}
    assert live.rows("SELECT count(*) FROM signals WHERE created_at < ?", tick) == signals
    assert log_is_whole(live)


def test_a_claim_is_judged_when_its_horizon_has_passed_and_not_before(live: Live) -> None:
    before = jump_before_the_next_tick(live, "cosmos")
    live.system.tick(live.time)
    [(signal, _)] = live.rows(FIRED, "cosmos", before)
    outcome = "SELECT judged_at, hit FROM outcomes WHERE signal_id = ? AND horizon = 3600"
    for _ in range(3):
        live.next_tick()
        assert live.rows(outcome, signal) == [(None, None)]
    at = live.next_tick()
    [(judged_at, hit)] = live.rows(outcome, signal)
    assert judged_at == at
    assert hit in (0, 1)
    over = "SELECT ended_at > created_at FROM signals WHERE id = ?"
    for _ in range(20):  # some hours, for a jump is part of the drift of the hours after it
        if live.rows(over, signal) == [(1,)]:
            return
        live.next_tick()
    raise AssertionError("the event is never over")


def test_anyone_can_check_the_log_over_the_api(live: Live) -> None:
    live.next_tick()
    done = subprocess.run(
        [sys.executable, "-m", "tools.signal_log", live.system.ports.address("api")],
        cwd=PROJECT, capture_output=True, text=True, check=False,
        env={"CRYPTOINTEL_API_KEY": live.system.account.api_key},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [(count,)] = live.rows("SELECT count(*) FROM signal_log")
    assert f"{count} entries, unbroken" in done.stdout


def test_a_rule_is_tried_by_the_signals_worker(live: Live) -> None:
    live.next_tick()
    asked: dict[str, object] = {"type": "price_anomaly", "symbol": "monero", "days": 2}
    reply = try_rule(live, asked)
    assert reply.status == 200, reply.body
    told = reply.json()["data"]
    assert told["fired"] >= 1
    assert told["fires"][-1]["direction"] == "up"
    wrong = try_rule(live, asked | {"params": {"sigma": 2}})
    assert wrong.status == 422
    assert "step_sigmas" in wrong.json()["detail"]
