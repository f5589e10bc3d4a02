"""What tests do with a running system: set the clock, fire ticks, look into the database."""

import http.client
import json
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from common import data_version
from tools.system.layout import TICK_SECONDS
from tools.system.running import System

START = 1_795_348_800  # 2026-11-22T12:00Z


class Reply(NamedTuple):
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: str

    def json(self) -> Any:
        """Return the decoded body."""
        return json.loads(self.body)


class Live:
    """A running system whose time stands still until a test moves it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.time = START
        self._address = 0
        self.set_clock(START)

    def set_clock(self, at: int) -> None:
        """Pin the simulator's clock."""
        moment = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.system.ask("simulator", "/clock", {"now": moment})

    def load_history(self) -> None:
        """Fire the first tick until every asset has its history."""
        while True:
            self.system.tick(self.time)
            if self.system.ask("collection", "/")["history_missing"] == 0:
                return

    def next_tick(self) -> int:
        """Move the clock to the next quarter hour and fire its tick; return its time."""
        self.time += TICK_SECONDS
        self.set_clock(self.time)
        self.system.tick(self.time)
        return self.time

    def next_hour(self) -> int:
        """Move the clock to the next full hour, when every hourly endpoint is due; fire its tick.

        Returns its time.
        """
        self.time += 3600 - self.time % 3600
        self.set_clock(self.time)
        self.system.tick(self.time)
        return self.time

    def write(self, sql: str) -> None:
        """Run SQL on the Workers' D1 database from beside them."""
        folder = self.system.local / "state" / "v3" / "d1" / "miniflare-D1DatabaseObject"
        for file in folder.glob("*.sqlite"):
            connection = sqlite3.connect(file, timeout=30)
            has_ours = "SELECT 1 FROM sqlite_master WHERE name = 'assets'"
            if connection.execute(has_ours).fetchone():
                connection.executescript(f"{sql};{data_version.RAISE.sql}")
            connection.close()

    def objects(self) -> set[str]:
        """Return the keys in the Workers' R2 buckets."""
        folder = self.system.local / "state" / "v3" / "r2" / "miniflare-R2BucketObject"
        keys: set[str] = set()
        for file in folder.glob("*.sqlite"):
            connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
            named = "SELECT 1 FROM sqlite_master WHERE name = '_mf_objects'"
            if connection.execute(named).fetchone():
                keys |= {key for (key,) in connection.execute("SELECT key FROM _mf_objects")}
            connection.close()
        return keys

    def plant(self, kind: str, asset_id: str, at: int, size: float) -> None:
        """Plant a labelled event."""
        moment = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        event = {"kind": kind, "asset_id": asset_id, "at": moment, "size": size}
        answer = self.system.ask("simulator", "/events", event)
        assert "id" in answer, answer

    def fault(self, host: str, fault: str, **more: Any) -> None:
        """Switch a provider's fault on."""
        answer = self.system.ask("simulator", "/faults", {"host": host, "fault": fault, **more})
        assert "fault" in str(answer) and "detail" not in answer, answer

    def heal(self) -> None:
        """Switch every fault off."""
        self.system.ask("simulator", "/faults", method="DELETE")

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return rows of the Workers' D1 database, read beside them."""
        folder = self.system.local / "state" / "v3" / "d1" / "miniflare-D1DatabaseObject"
        for file in folder.glob("*.sqlite"):
            connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
            try:
                if connection.execute(
                    "SELECT 1 FROM sqlite_master WHERE name = 'assets'"
                ).fetchone():
                    return connection.execute(sql, parameters).fetchall()
            finally:
                connection.close()
        raise AssertionError("no migrated database")

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table of ours, but for what requests leave behind them."""
        tables = self.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT IN ('data_version', 'user_analytics', 'usage_batches', 'api_keys')"
            " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name NOT LIKE 'd1_%'"
        )
        return {name: self.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for (name,) in tables}

    def get(
        self,
        worker: str,
        path: str,
        headers: dict[str, str] | None = None,
        method: str = "GET",
        body: str | None = None,
    ) -> Reply:
        """Send one HTTP request as it stands, without any help of a client."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.system.ports.of(worker), timeout=60
        )
        try:
            # Each request from an address of its own: tests do wrong what one may do a few times.
            self._address += 1
            here = {"cf-connecting-ip": f"10.{self._address >> 16}.{self._address >> 8 & 255}"
                    f".{self._address & 255}"}  # fmt: skip
            connection.request(method, path, body=body, headers=here | (headers or {}))
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text)
        finally:
            connection.close()

    def api(self, path: str, **headers: str) -> Reply:
        """GET from the API with the demo key."""
        key = {"authorization": f"Bearer {self.system.account.api_key}"}
        return self.get("api", path, key | headers)

    def messages(self, worker: str, message: str) -> list[dict[str, Any]]:
        """Return the metadata of a Worker's log lines with that message."""
        found = []
        for line in self.system.log(worker).splitlines():
            if line.startswith('{"timestamp"'):
                decoded = json.loads(line)
                if decoded["message"] == message:
                    found.append(decoded["metadata"])
        return found


def eventually(condition: Callable[[], object], seconds: float = 15.0) -> Any:
    """Return the first true value of `condition`; fail when it stays false."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not true within {seconds} s"
        time.sleep(0.1)
