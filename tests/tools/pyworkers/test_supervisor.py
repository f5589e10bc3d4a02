import os
import signal
import time
from pathlib import Path

import pytest

from tests.tools.pyworkers.processes import (
    HOLDER,
    PARENT,
    STUBBORN,
    Make,
    group_is_gone,
    held,
    said,
    until,
)
from tools.pyworkers import groups
from tools.pyworkers.errors import SetupError
from tools.pyworkers.supervisor import Process, Supervisor


def test_stopping_ends_the_child_that_holds_the_port_too(make: Make, port: int) -> None:
    process = make(PARENT, str(port), HOLDER)
    process.start()
    until(lambda: held(port))
    process.stop()
    assert not held(port)
    assert not process.alive()


def test_the_grace_period_is_not_waited_out_when_everybody_listens(make: Make, port: int) -> None:
    process = make(PARENT, str(port), HOLDER)
    process.start()
    until(lambda: held(port))
    began = time.monotonic()
    process.stop()
    assert time.monotonic() - began < groups.STOP_SECONDS


def test_children_are_ended_even_when_their_parent_died_before_them(make: Make, port: int) -> None:
    process = make(PARENT, str(port), HOLDER)
    process.start()
    until(lambda: held(port))
    assert process.group is not None
    os.kill(process.group, signal.SIGKILL)
    until(lambda: not process.alive())
    assert held(port)
    process.stop()
    until(lambda: not held(port))


def test_a_stubborn_process_is_killed_after_the_grace_period(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "STOP_SECONDS", 0.3)
    process = make(STUBBORN)
    process.start()
    until(said(process, "stubborn"))
    began = time.monotonic()
    process.stop()
    assert time.monotonic() - began >= 0.3
    until(lambda: not process.alive())


def test_stopping_twice_or_before_the_start_does_nothing(make: Make) -> None:
    process = make("pass")
    process.stop()
    process.start()
    process.stop()
    process.stop()
    assert not process.alive()


def forget_owner(record: Path) -> None:
    """Let a record look as if the run that wrote it had been killed."""
    _, *groups = record.read_text().splitlines()
    record.write_text("\n".join(["999999999 a long time ago", *groups]))


def test_what_a_killed_run_left_behind_is_ended_by_the_next(
    make: Make, tmp_path: Path, port: int
) -> None:
    record = tmp_path / "state" / "groups"
    killed = Supervisor(record)
    process = make(PARENT, str(port), HOLDER)
    killed.start(process)
    until(lambda: held(port))
    forget_owner(record)
    assert Supervisor(record).clear_leftovers() == 1
    assert not held(port)
    assert not record.exists()


def test_a_record_of_processes_that_are_long_gone_is_no_problem(make: Make, tmp_path: Path) -> None:
    record = tmp_path / "state" / "groups"
    process = make("pass")
    Supervisor(record).start(process)
    until(lambda: not process.alive())
    until(lambda: group_is_gone(process))
    forget_owner(record)
    Supervisor(record).clear_leftovers()
    assert not record.exists()


def test_a_run_that_is_alive_is_not_ended_by_a_second_one(
    care: Supervisor, make: Make, tmp_path: Path, port: int
) -> None:
    care.start(make(HOLDER, str(port)))
    until(lambda: held(port))
    with pytest.raises(SetupError, match="running already") as error:
        Supervisor(tmp_path / "state" / "groups").clear_leftovers()
    assert str(os.getpid()) in str(error.value)
    assert held(port)


def test_a_stranger_that_was_given_the_number_of_a_recorded_process_is_left_alone(
    make: Make, tmp_path: Path, port: int
) -> None:
    record = tmp_path / "state" / "groups"
    stranger = make(HOLDER, str(port))
    stranger.start()
    until(lambda: held(port))
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(f"999999999 a long time ago\n{stranger.group} before the last boot")
    assert Supervisor(record).clear_leftovers() == 0
    assert held(port)
    stranger.stop()


def test_without_a_record_there_is_nothing_to_clear(care: Supervisor) -> None:
    assert care.clear_leftovers() == 0


def test_the_record_lists_every_running_group_and_goes_with_them(
    care: Supervisor, make: Make, tmp_path: Path
) -> None:
    first, second = make(STUBBORN, name="first"), make(HOLDER, "0", name="second")
    care.start(first)
    care.start(second)
    until(said(second, "holding"))
    record = tmp_path / "state" / "groups"
    numbers = [int(line.split()[0]) for line in record.read_text().splitlines()]
    assert numbers == [os.getpid(), first.group, second.group]
    assert first.group is not None
    os.kill(first.group, signal.SIGKILL)
    care.stop()
    assert not record.exists()
    assert not first.alive() and not second.alive()


def test_the_last_that_was_started_is_stopped_first(
    care: Supervisor, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("simulator", "signals", "api"):
        care.start(make("import time; time.sleep(60)", name=name))
    stopped: list[str] = []
    stop = Process.stop

    def noted(process: Process) -> None:
        stopped.append(process.name)
        stop(process)

    monkeypatch.setattr(Process, "stop", noted)
    care.stop()
    assert stopped == ["api", "signals", "simulator"]


def test_a_process_that_ended_by_itself_is_dead_and_can_be_revived(
    care: Supervisor, make: Make, tmp_path: Path
) -> None:
    marker = tmp_path / "mended"
    worker = make(
        "import pathlib, sys, time\n"
        "if not pathlib.Path(sys.argv[1]).exists(): raise SystemExit('broken')\n"
        "print('up', flush=True); time.sleep(60)",
        str(marker),
    )
    care.start(worker)
    until(lambda: care.dead() == [worker])
    worker.reported = True
    marker.touch()
    care.start(worker)
    until(said(worker, "up"))
    assert care.dead() == []
    assert not worker.reported
    assert "broken" not in worker.log.read_text()
    record = (tmp_path / "state" / "groups").read_text()
    assert record.splitlines()[1].split()[0] == str(worker.group)


def test_both_outputs_go_to_the_log_and_nothing_can_be_read_from_the_terminal(
    make: Make,
) -> None:
    process = make("import sys; print(sys.stdin.read() + 'out'); print('err', file=sys.stderr)")
    process.start()
    until(lambda: not process.alive())
    assert process.log.read_text().split() == ["out", "err"]


def test_a_runtime_that_crashed_under_a_living_wrangler_counts_as_dead(
    care: Supervisor, make: Make
) -> None:
    worker = make(
        "import time\n"
        "print('Ready'); time.sleep(0.3)\n"
        "print('[wrangler:warn] The Workers runtime crashed unexpectedly', flush=True)\n"
        "time.sleep(60)"
    )
    care.start(worker)
    assert care.dead() == []
    until(lambda: care.dead() == [worker])
    assert worker.alive()
    first = worker.group
    care.start(worker)
    assert worker.group != first, "the old one is stopped before the new one starts"
    assert care.dead() == []


def test_a_supervisor_that_started_nothing_leaves_the_record_of_another_run(
    care: Supervisor, make: Make, tmp_path: Path
) -> None:
    care.start(make("import time; time.sleep(60)"))
    record = tmp_path / "state" / "groups"
    Supervisor(record).stop()
    assert record.is_file()
