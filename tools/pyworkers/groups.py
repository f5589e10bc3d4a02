"""Process groups: wrangler starts workerd, which keeps the port when only wrangler is killed."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

STOP_SECONDS = 5.0
KILL_SECONDS = 2.0


def stop(group: int) -> None:
    """End every process of `group`: SIGTERM, and SIGKILL for what is left after a while."""
    for how, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, KILL_SECONDS)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, how)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(-group, os.WNOHANG)
            if not lives(group):
                return
            time.sleep(0.05)


def lives(group: int) -> bool:
    """Whether a process of `group` runs; one that ended and waits for its parent does not."""
    if not Path("/proc/self/stat").is_file():
        with contextlib.suppress(PermissionError):
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return False
        return True
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            state, _, member_of = stat.read_text().rpartition(")")[2].split()[:3]
            if int(member_of) == group and state != "Z":
                return True
    return False


def started(pid: int) -> str | None:
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
