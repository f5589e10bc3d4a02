"""What a Worker costs in processor time, as the system counts it."""

import os
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
RUNTIME = "workerd"


class Stat(NamedTuple):
    """What is read of a process: number, name, group, processor ticks, pages in memory."""

    pid: int
    name: str
    group: int
    ticks: int
    pages: int


def available() -> bool:
    """Whether this system tells; Linux does."""
    return (PROC / "self" / "stat").is_file()


def worker_on(port: int) -> int:
    """Return the process that runs the Worker which `wrangler dev` serves on `port`.

    Of the two runtimes that wrangler starts, one only passes requests on; the
    other, with the interpreter in it, is the larger. Raises LookupError.
    """
    wanted = b"\0--port\0%d\0" % port
    groups = {
        stat.group for stat in _processes() if wanted in _read(PROC / str(stat.pid) / "cmdline")
    }
    runtimes = [one for one in _processes() if one.group in groups and one.name == RUNTIME]
    if not runtimes:
        raise LookupError(f"no {RUNTIME} serves port {port}")
    return max(runtimes, key=lambda one: one.pages).pid


def seconds(pid: int) -> float:
    """Return the processor time that a process has used so far, in user and system mode."""
    return parse(_read(PROC / str(pid) / "stat")).ticks / TICKS_A_SECOND


def _processes() -> list[Stat]:
    texts = [_read(file) for file in PROC.glob("[0-9]*/stat")]
    return [parse(text) for text in texts if text]


def parse(text: bytes) -> Stat:
    """Return what a line of /proc/<pid>/stat says."""
    # The name is in parentheses and may hold blanks; proc(5) counts fields from 1.
    head, _, rest = text.decode(errors="replace").rpartition(")")
    pid, _, name = head.partition(" (")
    fields = rest.split()
    ticks = int(fields[14 - 3]) + int(fields[15 - 3])
    return Stat(int(pid), name, int(fields[5 - 3]), ticks, int(fields[24 - 3]))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it has ended meanwhile
        return b""
