"""A page that is left open: `python -m bench.soak --minutes 30` says whether its memory grows.

A reader goes from view to view in one document while ticks come and signals fire. After each round
the page's garbage is collected, and what is left is counted: bytes, elements, listeners. What a
round adds on average, after the first rounds have filled caches that have a bound, is the growth.
The Workers' processes are weighed beside it.
"""

import argparse
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.report import Line, alone, emit
from bench.stage import Stage, say
from tools.system import browser

VIEWS = (
    "/market", "/signals", "/asset/bitcoin", "/track-record", "/news", "/defi", "/on-chain",
    "/system", "/",
)  # fmt: skip
WARM_UP = 0.25  # the share of the rounds that fill what has a bound
STAY_MS = 1_500
ROUND_SECONDS = 30.0
MEGABYTE = 1e6


class Weight(NamedTuple):
    """What is left of a page after its garbage was collected."""

    heap: float
    nodes: float
    listeners: float


def main() -> int:
    """Measure and print one JSON object a line. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    minutes = parser.parse_args().minutes
    with Stage() as stage:
        for line in measure(stage, minutes):
            emit(line)
    return 0


def measure(stage: Stage, minutes: float) -> Iterator[Line]:
    """Yield how much page and Workers grew in an hour, and how heavy they are in the end."""
    weights: list[Weight] = []
    memory: list[float] = []
    ends = time.monotonic() + minutes * 60
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser.ensure(), args=list(browser.FLAGS)
        )
        page = chromium.new_page()
        page.goto(stage.system.ports.address("dashboard"))
        session = page.context.new_cdp_session(page)
        while time.monotonic() < ends:
            began = time.monotonic()
            stage.system.tick(stage.next_tick())
            _visit(page)
            weights.append(_weigh(session))
            memory.append(_resident())
            say(f"{weights[-1].heap:.1f} MB, {weights[-1].nodes:.0f} nodes, {memory[-1]:.0f} MB")
            page.wait_for_timeout(max(0.0, ROUND_SECONDS - (time.monotonic() - began)) * 1000)
        chromium.close()
    note = f"{len(weights)} rounds of {len(VIEWS)} views and a tick in {minutes:g} minutes"
    for name, unit in (("heap", "MB"), ("nodes", "elements"), ("listeners", "listeners")):
        values = [float(getattr(weight, name)) for weight in weights]
        yield alone(f"soak_{name}_growth_per_round", [growth(values)], unit, note)
        yield alone(f"soak_{name}_at_the_end", [values[-1]], unit, note)
    yield alone("soak_workers_memory_growth_per_round", [growth(memory)], "MB", note)
    yield alone("soak_workers_memory_at_the_end", [memory[-1]], "MB", note)


def growth(values: Sequence[float]) -> float:
    """Return what each value is larger than the one before: the slope of Theil and Sen, which
    a few outliers do not move, after the warm-up.
    """
    settled = list(enumerate(values))[int(len(values) * WARM_UP) :]
    slopes = [
        (later - earlier) / (there - here)
        for place, (here, earlier) in enumerate(settled)
        for there, later in settled[place + 1 :]
    ]
    return statistics.median(slopes) if slopes else 0.0


def _visit(page: Page) -> None:
    """Go through the views as a reader does: the document stays."""
    for path in VIEWS:
        page.evaluate(
            """path => {
              const link = Object.assign(document.createElement("a"), { href: path });
              document.body.append(link);
              link.click();
              link.remove();
            }""",
            path,
        )
        page.wait_for_timeout(STAY_MS)


def _weigh(session: CDPSession) -> Weight:
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / MEGABYTE
    counters = session.send("Memory.getDOMCounters")
    return Weight(heap, counters["nodes"], counters["jsEventListeners"])


def _resident() -> float:
    """Return the memory of all workerd processes, in megabytes."""
    listed = subprocess.run(
        ["ps", "-C", "workerd", "-o", "rss="], capture_output=True, text=True, check=False
    )
    return sum(int(size) for size in listed.stdout.split()) * 1024 / MEGABYTE


if __name__ == "__main__":
    raise SystemExit(main())
