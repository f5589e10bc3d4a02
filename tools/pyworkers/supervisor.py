"""Keeps a set of named processes alive, and leaves none behind.

Each process leads its own process group (wrangler starts workerd, which keeps
the port when only wrangler is killed). What it prints goes to one log file.
A process that dies is started again at the next change of the watched files:
that is what a Worker whose import failed needs.
"""

import contextlib
import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.pyworkers import groups
from tools.pyworkers.errors import SetupError

STARTS = 4
# Workers that share a state folder also share its databases, and one that
# opens them at the same instant as another gives up. It works the next time.
_COLLISION = "SQLITE_BUSY"
_CRASH = b"The Workers runtime crashed unexpectedly"


class Process:
    """One supervised process and its log."""

    def __init__(
        self, name: str, command: Sequence[str], cwd: Path, env: Mapping[str, str], log: Path
    ) -> None:
        self.name = name
        self.log = log
        self.reported = False  # whether a person was told that it died
        self.starts = 0
        self._command = list(command)
        self._cwd = cwd
        self._env = dict(env)
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start (or start again) with an empty log."""
        self.stop()
        self.reported = False
        self.starts += 1
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as output:
            self._child = subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def group(self) -> int | None:
        """The process group, or None before the start."""
        return self._child.pid if self._child else None

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._child is not None and self._child.poll() is None

    def was_killed(self) -> bool:
        """Whether a signal ended the process."""
        return self._child is not None and (self._child.poll() or 0) < 0

    def crashed(self) -> bool:
        """Whether the runtime died under wrangler, which then never answers again."""
        if not self.log.is_file():
            return False
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 8192))
            return _CRASH in file.read()

    def stop(self) -> None:
        """End the whole group: politely first, then by force."""
        if self._child is None:
            return
        groups.stop(self._child.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(groups.KILL_SECONDS)

    def tail(self, lines: int = 12) -> str:
        """Return the end of the log, from the last traceback on if there is one."""
        text = self.log.read_text("utf-8", "replace") if self.log.is_file() else ""
        # wrangler prints a Python traceback as one line of escaped JSON.
        text = re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\\n", "\n")
        start = text.rfind("Traceback (most recent call last)")
        if start < 0:
            return "\n".join(text.splitlines()[-lines:])
        return "\n".join(text[start:].splitlines()[: 2 * lines])


class Supervisor:
    """Starts processes in order, waits for each, restarts, and stops them in reverse order."""

    def __init__(self, record: Path) -> None:
        """`record` is the file that lists the running process groups."""
        self._record = record
        self._processes: list[Process] = []

    def start(self, process: Process) -> None:
        """Start `process` and take it into care."""
        if process not in self._processes:
            self._processes.append(process)
        process.start()
        self._write_record()

    def stop(self) -> None:
        """Stop everything, last started first. What another run recorded stays its own."""
        if not self._processes:
            return
        for process in reversed(self._processes):
            process.stop()
        self._processes.clear()
        self._record.unlink(missing_ok=True)

    def started(self) -> bool:
        """Whether anything was started and not stopped."""
        return bool(self._processes)

    def dead(self) -> list[Process]:
        """Return the processes that no longer run, or run without serving."""
        return [p for p in self._processes if not p.alive() or p.crashed()]

    def clear_leftovers(self) -> int:
        """End process groups that an earlier run recorded and did not stop; return how many.

        Raises SetupError when that run is still alive.
        """
        if not self._record.is_file():
            return 0
        owner, *recorded = self._read_record()
        if groups.started(owner.pid) == owner.started:
            raise SetupError(
                "start",
                f"this folder's system is running already (process {owner.pid})",
                "use that one, or stop it with Ctrl-C where it was started",
            )
        mine = [group for group in recorded if groups.started(group.pid) in (None, group.started)]
        for group in mine:
            groups.stop(group.pid)
        self._record.unlink(missing_ok=True)
        return len(mine)

    def _write_record(self) -> None:
        self._record.parent.mkdir(parents=True, exist_ok=True)
        numbers = [process.group for process in self._processes if process.group]
        lines = (f"{pid} {groups.started(pid)}" for pid in (os.getpid(), *numbers))
        self._record.write_text("\n".join(lines))

    def _read_record(self) -> list["_Recorded"]:
        lines = (line.partition(" ") for line in self._record.read_text().splitlines())
        return [_Recorded(int(pid), started) for pid, _, started in lines]


class _Recorded(NamedTuple):
    """A process by number and start time: numbers alone are given to others in time."""

    pid: int
    started: str


def answers(url: str, timeout: float = 5.0) -> bool:
    """Whether `url` is answered at all, by any status below 500."""
    try:
        with urllib.request.urlopen(url, timeout=timeout):
            return True
    except urllib.error.HTTPError as error:
        with error:
            return error.code < 500
    except (OSError, TimeoutError):
        return False


def wait_until_ready(
    processes: Mapping[str, tuple[Process, str]],
    timeout: float,
    report: Callable[[str, float], None],
) -> None:
    """Wait until every process answers its address; `report(name, seconds)` for each.

    Raises SetupError with the end of the log when one dies or the time is up.
    """
    began = time.monotonic()
    waiting = dict(processes)
    while waiting:
        for name, (process, url) in list(waiting.items()):
            if not process.alive():
                if _COLLISION in process.tail(lines=40) and process.starts < STARTS:
                    process.start()
                    continue
                raise SetupError(
                    f"start of {name}", f"it ended:\n{process.tail()}", f"see {process.log}"
                )
            if answers(url):
                report(name, time.monotonic() - began)
                del waiting[name]
        if time.monotonic() - began > timeout:
            name, (process, _) = next(iter(waiting.items()))
            raise SetupError(
                f"start of {name}",
                f"no answer after {timeout:.0f} s:\n{process.tail()}",
                f"see {process.log}",
            )
        time.sleep(0.1)
