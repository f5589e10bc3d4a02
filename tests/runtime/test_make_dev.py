"""`make dev` from start to Ctrl-C, on a replay of price histories."""

import contextlib
import gzip
import json
import math
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import free_base
from tests.support.live import eventually
from tools.system.layout import PROJECT, Ports
from tools.system.running import Sources, System

pytestmark = pytest.mark.runtime

BEGIN = 1_618_444_800  # 2021-04-15T00:00Z
DAYS = 4


def write_history(folder: Path, coin: str, price: float) -> None:
    """Write five-minute closes and volumes, as an exchange exports them."""
    lines = ["timestamp,close,volume"]
    for step in range(DAYS * 288):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BEGIN + step * 300))
        close = price * (1 + 0.01 * math.sin(step / 7))
        lines.append(f"{stamp},{close:.2f},{100 + step % 288}")
    with gzip.open(folder / f"{coin}_USDT_5m.csv.gz", "wt") as file:
        file.write("\n".join(lines))


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_replay_runs_ticks_in_its_own_time_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    for coin, price in (("BTC", 63_000.0), ("ETH", 2_400.0)):
        write_history(tmp_path, coin, price)
    ports = Ports(free_base())
    state = PROJECT / ".local" / "test-dev"
    command = [
        *(sys.executable, "-m", "tools.system.dev", "--port-base", str(ports.base)),
        *("--state", str(state), "--sources", "replay", "--replay", str(tmp_path)),
    ]
    (state / "demo.json").unlink(missing_ok=True)
    with (tmp_path / "output").open("wb") as output:
        dev = subprocess.Popen(command, cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: (state / "demo.json").is_file() or dev.poll() is not None, 120)
        assert dev.poll() is None, (tmp_path / "output").read_text()
        system = System(state, ports, Sources("recorded"))
        described = json.loads((state / "demo.json").read_text())
        assert described["api"] == ports.address("api")
        now = system.now()
        assert BEGIN + 3 * 86400 <= now < BEGIN + 3 * 86400 + 3600, "three days in, not today"
        overview = system.ask("dashboard", "/api/v1/dashboard/overview")["data"]
        assert overview["origin"] == "recorded"
        assert {asset["asset_id"] for asset in overview["assets"]} == {"bitcoin", "ethereum"}
        assert overview["tick"].startswith("2021-04-18")
        second = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        assert second.returncode == 2
        assert "running already" in second.stderr
        assert "nothing is left running" not in second.stdout
        assert dev.poll() is None, "a second start does not disturb the first"
        assert (state / "groups").is_file(), "and leaves the record of what runs"
    finally:
        dev.send_signal(signal.SIGINT)
        dev.wait(30)
    text = (tmp_path / "output").read_text()
    assert dev.returncode == 0, text
    assert "Traceback" not in text
    assert not any(listening(port) for _, port in ports.all())
    assert not (state / "groups").exists()
    assert [line for line in process_lines() if str(state) in line] == []


def process_lines() -> list[str]:
    lines = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            lines.append((folder / "cmdline").read_text().replace("\0", " "))
    return lines
