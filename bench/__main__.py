"""Run benchmarks, all of them or those named, and print one JSON object a line."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NoReturn

from bench import api, detection, gateway, growth, language, live, native, scale, ticks
from bench.load import BadAnswerError
from bench.report import Line, alone, emit
from bench.stage import Stage, say
from tools.pyworkers.errors import SetupError
from tools.system.running import Sources

# Names of lines (or their beginnings) by what measures them.
NATIVE: dict[Callable[[], Iterator[Line]], tuple[str, ...]] = {
    native.measure_decode: ("decode_markets_msgspec_vs_json",),
    native.measure_parse: ("parse_markets_msgspec_vs_json",),
    native.measure_detectors: ("detector_step_us",),
    detection.measure: ("growth_detect_ms", "growth_detect_exponent"),
    language.measure: ("sentiment", "entities"),
    growth.measure: ("growth_tick_ms", "growth_tick_exponent", "growth_consensus_exponent"),
    growth.measure_statements: ("full_tick_d1_statements",),
}


def restart(stage: Stage) -> Iterator[Line]:
    """Yield the duration of a second start, when everything is already set up."""
    say("second start")
    yield alone("start_seconds", [stage.restart()], "s", "migrations included")


STAGED: dict[Callable[[Stage], Iterator[Line]], tuple[str, ...]] = {
    api.measure: (
        "client_ceiling", "api_market_data_throughput", "api_latency_ms", "api_health",
        "api_signals_100",
    ),
    gateway.measure: (
        "gateway_warm_vs_bare", "gateway_warm_vs_fastapi", "gateway_warm_vs_hono",
        "gateway_cpu_overhead_ms", "gateway_free_route_with_x402", "gateway_cold_vs_fastapi",
        "gateway_p99_over_p50_32", "gateway_100_rows_over_1",
    ),
    ticks.measure: (
        "tick_collection_ms", "tick_detection_ms", "tick_total_ms",
        "tick_rows_written_per_observation", "tick_rows_written_whole_chain",
    ),
    live.measure: (
        "live_signal_p99_ms", "live_signal_p50_ms", "live_tick_p99_ms", "live_tick_p50_ms",
        "live_signal_twice_the_sockets", "live_tick_twice_the_sockets",
    ),
    restart: ("start_seconds",),
}  # fmt: skip
# A system of its own, with more of everything.
FULL: dict[Callable[[Stage], Iterator[Line]], tuple[str, ...]] = {
    scale.measure: (
        "full_tick_ms", "full_tick_collection_ms", "full_tick_detection_ms",
        "full_tick_cron_to_signal_ms", "full_tick_memory_mb", "full_tick_requests",
        "full_tick_rows_written_per_observation",
    ),
}  # fmt: skip


def main() -> int:
    """Measure and print. Returns the exit status."""
    known = [
        line for lines in (*NATIVE.values(), *STAGED.values(), *FULL.values()) for line in lines
    ]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(known))
    names = parser.parse_args().names
    if unknown := [name for name in names if not chosen(known, [name])]:
        parser.error(f"unknown: {', '.join(unknown)}; known are {', '.join(known)}")
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run(names)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    except BadAnswerError as error:
        print(f"✗ load: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("interrupted; everything is stopped")
        return 130
    return 0


def chosen(lines: Iterable[str], names: Sequence[str]) -> bool:
    """Whether one of `lines` was named, whole or by its beginning; all are without names."""
    return not names or any(
        line.startswith(name) or name.startswith(line) for line in lines for name in names
    )


def _run(names: Sequence[str]) -> None:
    for measure, lines in NATIVE.items():
        if chosen(lines, names):
            _emit_chosen(measure(), names)
    for sources, measures in ((Sources(), STAGED), (scale.FULL, FULL)):
        staged = [measure for measure, lines in measures.items() if chosen(lines, names)]
        if staged:
            with Stage(sources) as stage:
                for one in staged:
                    _emit_chosen(one(stage), names)


def _emit_chosen(lines: Iterator[Line], names: Sequence[str]) -> None:
    for line in lines:
        if chosen([line.name], names):
            emit(line)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
