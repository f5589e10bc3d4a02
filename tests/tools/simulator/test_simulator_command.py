import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from tests.tools.simulator.running import running


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.simulator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=20)


def test_a_taken_port_is_one_clear_line_and_exit_code_2() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run("--port", str(port))
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert str(port) in ended.stderr


def test_a_folder_without_recordings_is_exit_code_2(tmp_path: Path) -> None:
    ended = run("--port", "0", "--replay", str(tmp_path))
    assert ended.returncode == 2
    assert "coins_markets" in ended.stderr


def test_a_wrong_start_is_exit_code_2() -> None:
    ended = run("--port", "0", "--start", "soon")
    assert ended.returncode == 2
    assert "ISO 8601" in ended.stderr


def test_it_serves_quietly_and_stops_at_once_even_with_a_slow_answer_under_way() -> None:
    with running() as (process, address):
        with httpx.Client(base_url=address) as client:
            assert client.get("/health").json() == {"status": "ok"}
            order = {"host": "decrypt.co", "fault": "slow"}
            assert client.post("/faults", json=order).status_code == 200
            with client.stream("GET", "/", timeout=5) as about:
                assert about.status_code == 200
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as waiting:
            waiting.sendall(b"GET /decrypt.co/feed HTTP/1.1\r\nHost: x\r\n\r\n")
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=5)  # the answer would have taken 30 seconds
        assert process.stdout is not None and process.stderr is not None
        assert (process.stdout.read(), process.stderr.read()) == ("", "")


def test_a_start_sets_a_running_clock() -> None:
    with running("--start", "2025-01-01T00:00:00Z") as (_, address):
        clock = httpx.get(f"{address}/clock").json()
    assert clock["now"].startswith("2025-01-01T00:00")
    assert clock["speed"] == 1
