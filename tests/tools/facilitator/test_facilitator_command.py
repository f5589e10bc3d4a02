"""The facilitator as a command, and as part of the simulator."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import httpx
import pytest

from tests.support.facilitator import running_facilitator
from tests.support.simulator import GECKO, running_simulator
from tests.tools.facilitator.paying import request
from tests.tools.simulator.running import running


def test_it_wants_the_key_of_its_environment() -> None:
    with running_facilitator(key="secret") as address:
        assert httpx.post(f"{address}/settle", json=request()).status_code == 401
        told = httpx.post(
            f"{address}/settle", json=request(), headers={"authorization": "Bearer secret"}
        )
        assert told.json()["success"]


def test_its_money_survives_a_restart(tmp_path: Path) -> None:
    arguments = ("--ledger", str(tmp_path / "money.sqlite"), "--start", "15000")
    told = []
    for nonce in (1, 1, 2):
        with running_facilitator(*arguments) as address:
            told.append(httpx.post(f"{address}/settle", json=request(nonce)).json())
    assert told[0]["success"]
    assert told[1] == told[0]
    assert told[2]["errorReason"] == "invalid_exact_evm_insufficient_balance"


def test_the_simulator_serves_it_with_key_and_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACILITATOR_KEY", "secret")
    headers = {"authorization": "Bearer secret"}
    told = []
    for _ in range(2):
        with running("--ledger", str(tmp_path / "money.sqlite")) as (_, address):
            settle = f"{address}/x402.org/facilitator/settle"
            assert httpx.post(settle, json=request()).status_code == 401
            told.append(httpx.post(settle, json=request(), headers=headers).json())
    assert told[0]["success"]
    assert told[1] == told[0]


def test_the_simulator_counts_its_calls_and_goes_by_the_real_clock_there() -> None:
    with running_simulator() as simulator:
        simulator.set_clock(4_000_000_000 - 86_400 * 400)  # far ahead
        with httpx.Client(base_url=f"{simulator.address}/x402.org/facilitator/") as client:
            assert client.post("verify", json=request(validBefore="9")).json()["isValid"] is False
            assert client.post("verify", json=request(validAfter="1")).json()["isValid"]
        assert simulator.requests("x402.org") == {"/facilitator/verify": 2}
        assert simulator.requests(GECKO) == {}


def test_a_taken_port_is_one_clear_line_and_exit_code_2() -> None:
    with running_facilitator() as address:
        port = address.rpartition(":")[2]
        command = [sys.executable, "-m", "tools.facilitator", "--port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert port in ended.stderr


def test_answers_do_not_wait_for_the_network() -> None:
    with running_facilitator() as address, httpx.Client(base_url=address) as client:
        took = []
        for _ in range(21):
            began = time.monotonic()
            client.post("/control/faults", json={"fault": "refuse"})
            took.append(time.monotonic() - began)
    assert median(took) < 0.03  # with Nagle's algorithm it is 0.04
