"""The system under test and its peers beside it, on ports and state of their own."""

import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from tools.pyworkers import configs, supervisor, vendor, wrangler
from tools.pyworkers.supervisor import Process, Supervisor
from tools.system.layout import PROJECT, TICK_SECONDS, Ports
from tools.system.running import START_SECONDS, Sources, System

LOCAL = PROJECT / ".local" / "bench"
PORTS = Ports(9987)
PEERS = Path(__file__).parent / "peers"
# wrangler dev keeps a trace of every request in SQLite: a tool of developers
# that costs more than an answer does, and that production does not have.
SWITCHED_OFF = {"X_LOCAL_OBSERVABILITY": "false", "X_LOCAL_EXPLORER": "false"}


class Peer(NamedTuple):
    """A Worker to compare with: a folder of bench/peers, and where it listens.

    `requirements` names the file of the wheels it needs, None for the system's own.
    """

    folder: str
    name: str
    port: int
    inspector: int
    requirements: str | None = None

    def address(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"


BARE = Peer("bare", "bare Python Worker", 9992, 10012)
FASTAPI = Peer("fastapi", "FastAPI on a Python Worker", 9993, 10013, "bench-fastapi.txt")
HONO = Peer("hono", "Hono on a JavaScript Worker", 9994, 10014)
JS_HUB = Peer("js_hub", "a hub in JavaScript that knows no topics", 9996, 10016)
# The API Worker once more, with other variables.
TWIN = Peer("twin", "the same Worker without x402", 9995, 10015)


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
        self._peers = Supervisor(LOCAL / "peer-groups")
        self._started: dict[Peer, Process] = {}

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
        """Stop the peers and the system; a second call changes nothing."""
        self._peers.stop()
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
        with closing(sqlite3.connect(f"file:{_database()}?mode=ro", uri=True)) as database:
            return database.execute(sql, parameters).fetchall()

    def write(self, sql: str) -> None:
        """Change what the Workers' database has."""
        with closing(sqlite3.connect(_database(), timeout=10)) as database, database:
            database.execute(sql)

    def start_bare_worker(self, body_bytes: int) -> str:
        """Start the bare Worker with answers of `body_bytes`; return its address."""
        return self.start_peer(BARE, {"BODY_BYTES": str(body_bytes)}) + "/"

    def start_peer(self, peer: Peer, variables: Mapping[str, str]) -> str:
        """Start a peer on the system's own databases; return its address.

        One that runs is started again: its variables may be others.
        """
        folder = _stage_peer(peer, LOCAL / "peers" / peer.folder)
        return self._start(peer, configs.derive(folder / "wrangler.toml", variables, "bench"))

    def start_twin(self, variables: Mapping[str, str]) -> str:
        """Start the API Worker beside itself, with other variables; return its address."""
        same = {**self.system.variables(), **variables}
        config = configs.derive(PROJECT / "wrangler.toml", same, "twin")
        named = json.loads(config.read_text()) | {"name": "bench-api-twin"}
        config.write_text(json.dumps(named))
        return self._start(TWIN, config)

    def _start(self, peer: Peer, config: Path) -> str:
        if peer in self._started:
            self._started.pop(peer).stop()
        tool = wrangler.prepare(PROJECT, LOCAL)
        command = tool.dev(config, peer.port, peer.inspector, LOCAL / "secrets.env")
        log = LOCAL / "logs" / f"{peer.folder}.log"
        process = Process(peer.name, command, config.parent, tool.environment, log)
        ports = [(peer.name, peer.port), (f"{peer.name}'s debugger", peer.inspector)]
        wrangler.require_free_ports(ports)
        self._peers.start(process)
        self._started[peer] = process
        supervisor.wait_until_ready(
            {peer.name: (process, peer.address() + "/")}, START_SECONDS,
            lambda name, s: say(f"{name} answers after {s:.1f} s"),
        )  # fmt: skip
        return peer.address()

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


def _database() -> Path:
    files = (LOCAL / "state" / "v3" / "d1").rglob("*.sqlite")
    return next(file for file in files if file.name != "metadata.sqlite")


def _stage_peer(peer: Peer, folder: Path) -> Path:
    # wrangler wants the wheels (the SDK among them) beside the config.
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PEERS / peer.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    wheels = PROJECT / "python_modules"
    if peer.requirements is not None:
        cache = LOCAL / "cache" / peer.folder
        wheels = cache / "python_modules"
        vendor.install(PROJECT / "requirements" / peer.requirements, wheels, cache)
    (folder / "python_modules").symlink_to(wheels)
    return folder
