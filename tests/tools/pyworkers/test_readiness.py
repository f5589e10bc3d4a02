import pytest

from tests.tools.pyworkers.processes import SERVER, Make, held, said, until
from tools.pyworkers import supervisor
from tools.pyworkers.errors import SetupError


@pytest.mark.parametrize("status", [200, 301, 404])
def test_any_status_below_500_is_an_answer(make: Make, port: int, status: int) -> None:
    process = make(SERVER, str(port))
    process.start()
    until(lambda: held(port))
    assert supervisor.answers(f"http://127.0.0.1:{port}/{status}")


def test_a_server_error_and_silence_are_no_answer(make: Make, port: int) -> None:
    assert not supervisor.answers(f"http://127.0.0.1:{port}/200")
    process = make(SERVER, str(port))
    process.start()
    until(lambda: held(port))
    assert not supervisor.answers(f"http://127.0.0.1:{port}/503")


def test_readiness_is_reported_once_for_each(make: Make, port: int) -> None:
    process = make(SERVER, str(port))
    process.start()
    reported: list[str] = []
    url = f"http://127.0.0.1:{port}/200"
    supervisor.wait_until_ready(
        {"api": (process, url), "also": (process, url)}, 20, lambda name, _: reported.append(name)
    )
    assert sorted(reported) == ["also", "api"]


def test_a_process_that_dies_at_its_start_is_shown_with_its_traceback(
    make: Make, port: int
) -> None:
    process = make("print('noise\\n' * 40)\nraise RuntimeError('no such table')")
    process.start()
    with pytest.raises(SetupError) as stopped:
        supervisor.wait_until_ready(
            {"signals": (process, f"http://127.0.0.1:{port}/")}, 20, lambda *_: None
        )
    assert stopped.value.step == "start of signals"
    assert stopped.value.why.startswith("it ended:\nTraceback (most recent call last)")
    assert "RuntimeError: no such table" in stopped.value.why
    assert "noise" not in stopped.value.why
    assert str(process.log) in stopped.value.todo


def test_a_process_that_never_answers_is_shown_when_the_time_is_up(make: Make, port: int) -> None:
    process = make("import time; print('still thinking', flush=True); time.sleep(60)")
    process.start()
    until(said(process, "still thinking"))
    with pytest.raises(SetupError) as stopped:
        supervisor.wait_until_ready(
            {"api": (process, f"http://127.0.0.1:{port}/")}, 0.1, lambda *_: None
        )
    assert "still thinking" in stopped.value.why


def test_a_traceback_that_wrangler_wrote_on_one_line_is_read_as_lines(make: Make) -> None:
    process = make("pass")
    process.log.parent.mkdir(parents=True)
    process.log.write_text(
        "ready\n\x1b[31mUncaught\x1b[0m PythonError: Traceback (most recent call last):\\n"
        '  File \\"/session/metadata/worker.py\\", line 3\\nNameError: x\\n'
    )
    lines = process.tail().splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1] == "NameError: x"


def test_a_log_without_a_traceback_is_shown_by_its_last_lines(make: Make) -> None:
    process = make("pass")
    process.log.parent.mkdir(parents=True)
    process.log.write_text("\n".join(str(number) for number in range(100)))
    assert process.tail(3).splitlines() == ["97", "98", "99"]


def test_no_log_yet_is_an_empty_tail(make: Make) -> None:
    assert make("pass").tail() == ""
