import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tools.pyworkers.errors import SetupError
from tools.system import dev, setup, tick
from tools.system.running import Sources


class Ended(NamedTuple):
    status: int
    error: str


Run = Callable[..., Ended]


def command(
    main: Callable[[], int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["command", *arguments])
        try:
            status: object = main()
        except SystemExit as ended:
            status = ended.code
        assert isinstance(status, int)
        return Ended(status, capsys.readouterr().err)

    return run


@pytest.fixture
def make_dev(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`make dev`, which must not get as far as its setup."""

    def unreachable(_: object) -> None:
        raise AssertionError("the setup began before the arguments were checked")

    monkeypatch.setattr(setup, "prepare", unreachable)
    return command(dev.main, monkeypatch, capsys)


@pytest.fixture
def make_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`make tick` in a checkout where nothing runs."""
    monkeypatch.setattr(tick, "LOCAL", tmp_path)
    return command(tick.main, monkeypatch, capsys)


def test_replay_without_a_folder_is_exit_2_and_shows_the_command(make_dev: Run) -> None:
    ended = make_dev("--sources", "replay")
    assert ended.status == 2
    assert "make dev SOURCES=replay REPLAY=<folder>" in ended.error


@pytest.mark.parametrize("mode", ["live", "simulated"])
def test_a_replay_folder_for_other_sources_is_exit_2(
    make_dev: Run, tmp_path: Path, mode: str
) -> None:
    ended = make_dev("--sources", mode, "--replay", str(tmp_path))
    assert ended.status == 2
    assert "belong together" in ended.error


def test_a_replay_folder_that_does_not_exist_is_named(make_dev: Run, tmp_path: Path) -> None:
    ended = make_dev("--sources", "replay", "--replay", str(tmp_path / "none"))
    assert ended.status == 2
    assert f"{tmp_path / 'none'} is no folder" in ended.error
    assert "REPLAY=DIR" in ended.error


def test_unknown_sources_are_exit_2_with_the_known_ones(make_dev: Run) -> None:
    ended = make_dev("--sources", "imagined")
    assert ended.status == 2
    assert all(name in ended.error for name in ("live", "replay", "simulated"))


def test_a_port_base_that_is_no_number_is_exit_2(make_dev: Run) -> None:
    assert make_dev("--port-base", "high").status == 2


def test_a_setup_that_fails_is_exit_2_with_its_message_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: object) -> None:
        raise SetupError("npm packages", "no registry", "check the network")

    monkeypatch.setattr(setup, "prepare", fails)
    ended = command(dev.main, monkeypatch, capsys)()
    assert ended.status == 2
    assert ended.error == ("✗ npm packages\n  why:   no registry\n  to do: check the network\n")


def test_recorded_data_is_labelled_recorded_and_its_folder_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recordings").mkdir()
    assert dev._sources("replay", Path("recordings")) == Sources(
        "recorded", tmp_path.resolve() / "recordings"
    )


@pytest.mark.parametrize(("mode", "simulator"), [("live", False), ("simulated", True)])
def test_only_live_data_comes_without_the_simulator(mode: str, simulator: bool) -> None:
    assert dev._sources(mode, None).simulator is simulator


def test_a_tick_at_no_time_is_exit_2_and_shows_a_time(make_tick: Run) -> None:
    ended = make_tick("--at", "teatime")
    assert ended.status == 2
    assert "'teatime' is no ISO 8601 time" in ended.error
    assert "2026-11-22T12:15Z" in ended.error


def test_a_tick_without_a_running_system_is_exit_2_and_says_how_to_start_one(
    make_tick: Run,
) -> None:
    ended = make_tick("--port-base", "1024")
    assert ended.status == 2
    assert "make dev" in ended.error
    assert "Traceback" not in ended.error
