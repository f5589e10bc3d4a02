"""Keeps a set of named processes alive, and leaves none behind.

Each process leads its own process group (wrangler starts workerd, which keeps
the port when only wrangler is killed). What it prints goes to one log file.
A process that dies is started again at the next change of the watched files:
that is what a Worker whose import failed needs.
"""

import contextlib
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.pyworkers.errors import SetupError

STOP_SECONDS = 5.0
STARTS = 4
# Workers that share a state folder also share its databases, and one that
# opens them at the same instant as another gives up. It works the next time.
_COLLISION = "SQLITE_BUSY"


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

    def stop(self) -> None:
        """End the whole group: politely first, then by force."""
        if self._child is None:
            return
        stop_group(self._child.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(STOP_SECONDS)

    def tail(self, lines: int = 12) -> str:
        """Return the end of the log, from the last traceback on if there is one."""
        text = self.log.read_text("utf-8", "replace") if self.log.is_file() else ""
        # wrangler prints a Python traceback as one line of escaped JSON.
        text = re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\\n", "\n")
        start = text.rfind("Traceback (most recent call last)")
        if start < 0:
            return "\n".join(text.splitlines()[-lines:])
        return "\n".join(text[start:].splitlines()[: 2 * lines])


def stop_group(group: int) -> None:
    """End every process of `group`: SIGTERM, and SIGKILL for what is left after a while."""
    deadline = time.monotonic() + STOP_SECONDS
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGTERM)
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(-group, os.WNOHANG)
            os.killpg(group, 0)  # raises once the group is empty
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)


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
        """Stop everything, last started first."""
        for process in reversed(self._processes):
            process.stop()
        self._processes.clear()
        self._record.unlink(missing_ok=True)

    def dead(self) -> list[Process]:
        """Return the processes that are no longer running."""
        return [process for process in self._processes if not process.alive()]

    def clear_leftovers(self) -> int:
        """End process groups that an earlier run recorded and did not stop; return how many.

        Raises SetupError when that run is still alive.
        """
        if not self._record.is_file():
            return 0
        owner, *groups = self._read_record()
        if _started(owner.pid) == owner.started:
            raise SetupError(
                "start",
                f"this folder's system is running already (process {owner.pid})",
                "use that one, or stop it with Ctrl-C where it was started",
            )
        mine = [group for group in groups if _started(group.pid) in (None, group.started)]
        for group in mine:
            stop_group(group.pid)
        self._record.unlink(missing_ok=True)
        return len(mine)

    def _write_record(self) -> None:
        self._record.parent.mkdir(parents=True, exist_ok=True)
        groups = [process.group for process in self._processes if process.group]
        lines = (f"{pid} {_started(pid)}" for pid in (os.getpid(), *groups))
        self._record.write_text("\n".join(lines))

    def _read_record(self) -> list["_Recorded"]:
        lines = (line.partition(" ") for line in self._record.read_text().splitlines())
        return [_Recorded(int(pid), started) for pid, _, started in lines]


class _Recorded(NamedTuple):
    """A process by number and start time: numbers alone are given to others in time."""

    pid: int
    started: str


def _started(pid: int) -> str | None:
    """Return when a process was started, in the system's own words; None when there is none."""
    if Path("/proc/self/stat").is_file():
        with contextlib.suppress(OSError):
            # Behind the name, which is in parentheses and may hold blanks: field 22.
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
        return None
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    return (
        subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or None
    )


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
