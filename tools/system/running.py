"""A running system: start it, ask it, fire its cron, stop it. Used by `make dev` and the tests."""

import json
import os
import shutil
import signal
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tools.pyworkers import configs, supervisor, wrangler
from tools.pyworkers.errors import SetupError
from tools.pyworkers.supervisor import Process, Supervisor
from tools.system import account, site
from tools.system.layout import CRON, FURTHER_CRONS, PROJECT, WORKERS, Ports

Report = Callable[[str], None]
START_SECONDS = 120.0
TICK_TIMEOUT = 300.0
STAGGER_SECONDS = 0.8
# What stands in for the providers has no budget to keep, and no terms either.
UNLIMITED = json.dumps(
    {"*": {"requests_per_minute": 1e6, "burst": 100_000}, "messari": {"enabled": True}}
)
KEYS = ("CMC_API_KEY", "ETHERSCAN_API_KEY", "CRYPTOPANIC_API_KEY", "MESSARI_API_KEY")


class Sources(NamedTuple):
    """Where the data comes from: "simulated", "live", or "recorded" from the folder `replay`.

    `served_by` is the module that simulates, started with further `options`;
    `variables` are set for the Workers besides the usual ones.
    """

    mode: str = "simulated"
    replay: Path | None = None
    seed: int = 7
    served_by: str = "tools.simulator"
    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = {}

    @property
    def state(self) -> str:
        """Name of the state folder: simulated, recorded and real data never mix."""
        return "state" if self.mode == "simulated" else f"state-{self.mode}"

    @property
    def simulator(self) -> bool:
        """Whether the simulator stands in for the providers."""
        return self.mode != "live"


class System:
    """The simulator and the four Workers of one checkout, state in `local`."""

    def __init__(self, local: Path, ports: Ports, sources: Sources, name: str = "dev") -> None:
        self.local, self.ports, self.sources, self.name = local, ports, sources, name
        self.account = account.load(local / "account.json")
        self._supervisor = Supervisor(local / "groups")
        self._workers: dict[str, Process] = {}

    def start(self, report: Report) -> None:
        """Migrate, start everything, wait until it answers. Raises SetupError."""
        if self._supervisor.clear_leftovers():
            report("stopped what an earlier run had left behind")
        wrangler.require_free_ports(self.ports.all())
        site.build()
        if self.sources.replay:  # a replay begins at its beginning
            shutil.rmtree(self.local / self.sources.state, ignore_errors=True)
        tool = wrangler.prepare(PROJECT, self.local, self.sources.state)
        local_configs = {
            name: configs.derive(PROJECT / file, self.variables(), self.name)
            for name, file, _ in WORKERS
        }
        if self.sources.simulator:
            self._start_simulator(report)
        keys = "".join(f"{name}=simulated\n" for name in KEYS if self.sources.simulator)
        secrets = account.write_private(self.local / "secrets.env", self.account.env_file() + keys)
        self._migrate(tool, local_configs["api"], report)
        waiting: dict[str, tuple[Process, str]] = {}
        for name, _, path in WORKERS:
            ports = (self.ports.of(name), self.ports.inspector(name))
            command = tool.dev(local_configs[name], *ports, secrets)
            log = self.local / "logs" / f"{name}.log"
            self._workers[name] = Process(name, command, PROJECT, tool.environment, log)
            self._supervisor.start(self._workers[name])
            time.sleep(STAGGER_SECONDS)  # fewer collisions over the shared databases
            waiting[name] = (self._workers[name], self.ports.address(name) + path)
        report("starting the four Workers")
        supervisor.wait_until_ready(
            waiting, START_SECONDS, lambda name, s: report(f"  {name} answers after {s:.1f} s")
        )

    def stop(self) -> None:
        """Stop everything and wait until it is gone."""
        self._supervisor.stop()

    def stop_worker(self, name: str) -> None:
        """Stop one Worker, the others go on."""
        self._workers[name].stop()

    def kill_worker(self, name: str) -> None:
        """Kill one Worker as a crash would: at once, whatever it is doing."""
        group = self._workers[name].group
        if group is not None:
            os.killpg(group, signal.SIGKILL)

    def restart(self, name: str) -> None:
        """Stop one Worker and start it again."""
        self.revive(process := self._workers[name])
        url = self.ports.address(name) + next(path for worker, _, path in WORKERS if worker == name)
        supervisor.wait_until_ready({name: (process, url)}, START_SECONDS, lambda *_: None)

    def running(self) -> bool:
        """Whether anything was started."""
        return self._supervisor.started()

    def dead(self) -> list[Process]:
        """Return the processes that have ended by themselves."""
        return self._supervisor.dead()

    def revive(self, process: Process) -> None:
        """Start a dead process again."""
        # wrangler keeps the address of a process that was killed for over a minute.
        (self.local / "registry" / f"cryptointel-{process.name}").unlink(missing_ok=True)
        self._supervisor.start(process)

    def log(self, name: str) -> str:
        """Return what a Worker printed so far."""
        return (self.local / "logs" / f"{name}.log").read_text("utf-8", "replace")

    def now(self) -> float:
        """Return the time of the data, epoch seconds: the simulator's clock, or the wall's."""
        if not self.sources.simulator:
            return time.time()
        return datetime.fromisoformat(self.ask("simulator", "/clock")["now"]).timestamp()

    def set_clock(self, at: int) -> None:
        """Let the simulator's clock go on from `at`."""
        moment = datetime.fromtimestamp(at, UTC).isoformat()
        self.ask("simulator", "/clock", {"now": moment, "speed": 1})

    def last_tick(self) -> int:
        """Return the newest tick that was collected, 0 before the first."""
        return int(self.ask("collection", "/")["last_tick"] or 0)

    def tick(self, at: int) -> None:
        """Fire the collection cron for `at` and wait for its whole chain. Raises SetupError."""
        query = urllib.parse.urlencode({"cron": CRON, "time": at * 1000, "format": "json"})
        answer = self.ask("collection", f"/cdn-cgi/local/scheduled?{query}", timeout=TICK_TIMEOUT)
        if answer.get("outcome") != "ok":
            raise SetupError(
                "tick",
                f"the cron handler ended with {answer.get('outcome')}",
                f"see {self.local / 'logs' / 'collection.log'}",
            )

    def fire(self, worker: str, at: float) -> None:
        """Fire the further cron of a Worker, as at a time (FURTHER_CRONS)."""
        query = {"cron": FURTHER_CRONS[worker], "time": int(at * 1000), "format": "json"}
        self.ask(worker, f"/cdn-cgi/local/scheduled?{urllib.parse.urlencode(query)}")

    def replay(self, at: int) -> dict[str, int]:
        """Do the tick of `at` again from its raw bodies; return how much was done."""
        path = f"/replay?tick={at}"
        done: dict[str, int] = self.ask(
            "collection", path, method="POST", body={}, timeout=TICK_TIMEOUT
        )
        return done

    def ask(
        self, name: str, path: str, body: Any = None, timeout: float = 60.0,
        method: str | None = None,
    ) -> Any:  # fmt: skip
        """Return the decoded JSON answer of a part of the system, whatever its status."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.ports.address(name) + path, data=data, method=method,
            headers={"content-type": "application/json"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return json.load(error)

    def describe(self) -> dict[str, str]:
        """Return addresses and demo account, as .local/demo.json holds them."""
        simulator = ("simulator",) if self.sources.simulator else ()
        names = ("dashboard", "api", "collection", "signals", *simulator)
        return {name: self.ports.address(name) for name in names} | {
            "user": self.account.user, "password": self.account.password,
            "api_key": self.account.api_key,
        }  # fmt: skip

    def variables(self) -> dict[str, str]:
        """Return the variables of all Workers that are set for this run."""
        shared = {"DATA_ORIGIN": self.sources.mode}
        shared |= {f"{name.upper()}_URL": self.ports.address(name) for name in ("api", "dashboard")}
        if self.sources.simulator:
            shared["UPSTREAM"] = self.ports.address("simulator")
            shared["HISTORY_ASSETS_PER_TICK"] = "1000"
            shared["SOURCE_OVERRIDES"] = UNLIMITED
        return shared | dict(self.sources.variables)

    def _start_simulator(self, report: Report) -> None:
        command = [
            *(sys.executable, "-m", self.sources.served_by),
            *("--port", str(self.ports.of("simulator")), "--seed", str(self.sources.seed)),
            *("--ledger", str(self.local / self.sources.state / "payments.sqlite")),
            *self.sources.options,
        ]
        if self.sources.replay:
            command += ["--replay", str(self.sources.replay)]
        log = self.local / "logs" / "simulator.log"
        environment = os.environ | {"FACILITATOR_KEY": self.account.facilitator_key}
        process = Process("simulator", command, PROJECT, environment, log)
        self._supervisor.start(process)
        url = self.ports.address("simulator") + "/health"
        supervisor.wait_until_ready(
            {"simulator": (process, url)}, START_SECONDS,
            lambda _, s: report(f"provider simulator answers after {s:.1f} s"),
        )  # fmt: skip

    def _migrate(self, tool: wrangler.Wrangler, config: Path, report: Report) -> None:
        where = ("--local", "--config", str(config), "--persist-to", str(tool.state))
        seed = account.write_private(self.local / "seed.sql", account.seed_sql(self.account))
        steps = (
            ("applying migrations", ("d1", "migrations", "apply", "DB", *where)),
            ("making the demo account", ("d1", "execute", "DB", *where, "--file", str(seed), "-y")),
        )
        for what, arguments in steps:
            report(what)
            done = tool.run(*arguments)
            if done.returncode:
                why = (done.stderr or done.stdout).strip()[-600:]
                raise SetupError(what, why, "mend the migration, or `make clean` to start over")
        seed.unlink()
