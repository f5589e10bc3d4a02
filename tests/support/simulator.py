"""A real provider simulator in a process of its own, and a client for its controls."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from common.times import iso

GECKO = "api.coingecko.com"


class Simulator:
    """The controls of a running simulator; `address` is what a collector's upstream is set to."""

    def __init__(self, address: str, http: httpx.Client) -> None:
        self.address = address
        self._http = http

    def reset(self, now: int) -> None:
        """Lift every fault, forget every request and pin the clock at `now`."""
        self._ask("DELETE", "/faults")
        self._ask("DELETE", "/requests")
        self.set_clock(now)

    def set_clock(self, now: int) -> None:
        """Pin the clock at `now` (epoch seconds)."""
        self._ask("POST", "/clock", {"now": iso(now)})

    def fault(self, host: str, fault: str, **more: Any) -> None:
        """Put a fault in force; `path`, `times` and `seconds` narrow it."""
        self._ask("POST", "/faults", {"host": host, "fault": fault, **more})

    def heal(self) -> None:
        """Lift every fault."""
        self._ask("DELETE", "/faults")

    def plant(self, kind: str, asset_id: str, at: int, size: float) -> None:
        """Plant a labelled event. It stays for the life of the simulator."""
        event = {"kind": kind, "asset_id": asset_id, "at": iso(at), "size": size}
        self._ask("POST", "/events", event)

    def requests(self, host: str) -> dict[str, int]:
        """Return how often each path of a provider was asked since the last reset."""
        counted = self._ask("GET", f"/requests?host={host}")["requests"]
        return {row["path"]: row["count"] for row in counted}

    def forget_requests(self) -> None:
        """Start counting requests anew."""
        self._ask("DELETE", "/requests")

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        answer = self._http.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running_simulator() -> Iterator[Simulator]:
    """Run a simulator on a free port until the block is left."""
    command = [sys.executable, "-m", "tools.simulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("the simulator did not start")
            address = line.split()[-1]
            with httpx.Client(base_url=address, timeout=30) as http:
                yield Simulator(address, http)
        finally:
            process.terminate()
