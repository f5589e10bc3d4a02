"""The system under test and the bare peer beside it, on ports and state of their own."""

import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any

from tools.pyworkers import configs, supervisor, wrangler
from tools.pyworkers.supervisor import Process, Supervisor
from tools.system.layout import PROJECT, TICK_SECONDS, Ports
from tools.system.running import START_SECONDS, Sources, System

LOCAL = PROJECT / ".local" / "bench"
PORTS = Ports(9987)
PEER_PORT, PEER_INSPECTOR = 9992, 10012
PEERS = Path(__file__).parent / "peers"
# wrangler dev keeps a trace of every request in SQLite: a tool of developers
# that costs more than an answer does, and that production does not have.
SWITCHED_OFF = {"X_LOCAL_OBSERVABILITY": "false", "X_LOCAL_EXPLORER": "false"}


def say(line: str) -> None:
    """Report progress on stderr."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {line}\n")
    sys.stderr.flush()


class Stage:
    """A fresh system with loaded history; everything is stopped on leaving."""

    def __init__(self, sources: Sources | None = None) -> None:
        os.environ.update(SWITCHED_OFF)
        self.system = System(LOCAL, PORTS, sources or Sources(), "bench")
        self.tick_at = 0
        self._peer = Supervisor(LOCAL / "peer-groups")

    def __enter__(self) -> "Stage":
        """Start from an empty database and load every asset's history."""
        for record in (LOCAL / "groups", LOCAL / "peer-groups"):
            Supervisor(record).clear_leftovers()
        shutil.rmtree(LOCAL / "state", ignore_errors=True)
        try:
            self.system.start(say)
            self._load_history()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        self.close()

    def close(self) -> None:
        """Stop the peer and the system; a second call changes nothing."""
        self._peer.stop()
        self.system.stop()

    def restart(self) -> float:
        """Stop the system and start it again; return the seconds until all Workers answer."""
        self.system.stop()
        began = time.monotonic()
        self.system.start(say)
        return time.monotonic() - began

    def next_tick(self) -> int:
        """Move the simulated clock one quarter hour on and return that tick's time."""
        self.tick_at += TICK_SECONDS
        self._set_clock()
        return self.tick_at

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return what the Workers' database has."""
        files = (LOCAL / "state" / "v3" / "d1").rglob("*.sqlite")
        file = next(file for file in files if file.name != "metadata.sqlite")
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            return database.execute(sql, parameters).fetchall()

    def start_bare_worker(self, body_bytes: int) -> str:
        """Start the bare Worker with answers of `body_bytes`; return its address."""
        folder = _stage_peer(LOCAL / "peers")
        tool = wrangler.prepare(PROJECT, LOCAL)
        config = configs.derive(folder / "wrangler.toml", {"BODY_BYTES": str(body_bytes)}, "bench")
        command = tool.dev(config, PEER_PORT, PEER_INSPECTOR, _empty(LOCAL / "peers" / "none.env"))
        log = LOCAL / "logs" / "peer.log"
        process = Process("bare Worker", command, folder, tool.environment, log)
        wrangler.require_free_ports([("bare Worker", PEER_PORT), ("debugger", PEER_INSPECTOR)])
        self._peer.start(process)
        url = f"http://127.0.0.1:{PEER_PORT}/"
        supervisor.wait_until_ready(
            {"bare Worker": (process, url)}, START_SECONDS,
            lambda name, s: say(f"{name} answers after {s:.1f} s"),
        )  # fmt: skip
        return url

    def _load_history(self) -> None:
        say("loading history")
        self.tick_at = int(self.system.now()) // TICK_SECONDS * TICK_SECONDS
        self._set_clock()
        missing = 1
        while missing:
            before = missing
            self.system.tick(self.tick_at)
            missing = int(self.system.ask("collection", "/")["history_missing"])
            if missing == before:
                raise RuntimeError(f"{missing} assets stay without history")

    def _set_clock(self) -> None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.tick_at))
        self.system.ask("simulator", "/clock", {"now": now})


def _stage_peer(folder: Path) -> Path:
    # wrangler wants the wheels (the SDK among them) beside the config.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("bare_worker.py", "wrangler.toml"):
        shutil.copy(PEERS / name, folder)
    (folder / "python_modules").symlink_to(PROJECT / "python_modules")
    return folder


def _empty(file: Path) -> Path:
    file.touch()
    return file
