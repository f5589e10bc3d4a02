"""The notebook's cells: what they print, show and raise."""

import asyncio
import json
from typing import Any

import pytest

from cryptointel import display, figures
from cryptointel.notebook import MOST_TEXT, Kernel

Output = dict[str, Any]


class Session:
    """A session whose cells are run one after another."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.kernel = Kernel(self.outputs.append)
        self._number = 0

    def run(self, source: str) -> list[Output]:
        """Run a cell; return what came of it."""
        self.outputs.clear()
        self._number += 1
        asyncio.run(self.kernel.run(source, self._number))
        json.dumps(self.outputs)  # is how they reach the page
        return list(self.outputs)


@pytest.fixture
def session() -> Session:
    return Session()


def texts(outputs: list[Output]) -> list[str]:
    return [one.get("text") or one.get("data", {}).get("text/plain", "") for one in outputs]


def test_names_live_on_from_cell_to_cell(session: Session) -> None:
    assert session.run("import math\nx = 20") == []
    (told,) = session.run("x + 1")
    assert told["output_type"] == "execute_result"
    assert (told["execution_count"], told["data"]["text/plain"]) == (2, "21")
    assert texts(session.run("_ * 2")) == ["42"]


def test_a_semicolon_hides_the_value(session: Session) -> None:
    assert session.run("1 + 1;") == []


def test_what_is_printed_comes_by_lines_and_before_what_is_shown_after_it(session: Session) -> None:
    cell = (
        "import sys\nprint('a', 'b')\nprint('odd', file=sys.stderr)\n"
        "display(7)\nprint('end', end='')"
    )
    assert texts(session.run(cell)) == ["a b\n", "odd\n", "7", "end"]
    assert [one.get("name") for one in session.outputs] == ["stdout", "stderr", None, "stdout"]


def test_endless_output_ends(session: Session) -> None:
    outputs = session.run("for _ in range(1000): print('x' * 999)")
    assert len("".join(texts(outputs))) < MOST_TEXT + 100
    assert "the rest is not shown" in texts(outputs)[-1]


def test_a_cell_may_await(session: Session) -> None:
    cell = "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 5\nawait f()"
    assert texts(session.run(cell)) == ["5"]


def test_a_traceback_begins_in_the_cell_and_shows_its_line(session: Session) -> None:
    session.run("def half(n):\n    return 1 / n")
    (told,) = session.run("half(0)")
    assert (told["output_type"], told["ename"]) == ("error", "ZeroDivisionError")
    carets = {"~", "^", " "}
    assert [line for line in told["traceback"] if not set(line) <= carets] == [
        "Traceback (most recent call last):",
        '  File "<cell 2>", line 1, in <module>',
        "    half(0)",
        '  File "<cell 1>", line 2, in half',
        "    return 1 / n",
        "ZeroDivisionError: division by zero",
    ]


def test_an_error_of_the_client_shows_the_readers_line_alone(session: Session) -> None:
    cell = (
        "from cryptointel import Client, Retries\n"
        "Client(base_url='http://127.0.0.1:9', retries=Retries(attempts=1)).signals()"
    )
    (told,) = session.run(cell)
    assert told["ename"] == "Unreachable"
    files = [line for line in told["traceback"] if line.startswith("  File")]
    assert files == ['  File "<cell 1>", line 2, in <module>']
    assert "httpx" not in "".join(told["traceback"])


def test_a_syntax_error_is_told_with_its_place(session: Session) -> None:
    (told,) = session.run("x = 1\ndef f(:")
    assert told["ename"] == "SyntaxError"
    assert told["traceback"][0] == '  File "<cell 1>", line 2'


def test_a_cell_that_exits_ends_itself_and_not_the_session(session: Session) -> None:
    (told,) = session.run("raise SystemExit('enough')")
    assert told["ename"] == "SystemExit"
    assert texts(session.run("'still here'")) == ["'still here'"]


def test_a_waiting_cell_is_cancelled(session: Session) -> None:
    async def run() -> bool:
        cell = "import asyncio\nstarted = True\nawait asyncio.Event().wait()"
        running = asyncio.ensure_future(session.kernel.run(cell, 1))
        await asyncio.sleep(0)
        session.kernel.cancel()
        return await running

    assert asyncio.run(run()) is False
    assert [one["evalue"] for one in session.outputs] == ["Interrupted"]
    assert texts(session.run("started")) == ["True"]


def test_rows_are_shown_as_a_table(session: Session) -> None:
    (told,) = session.run("[{'symbol': 'BTC', 'price': 1.5}, {'symbol': 'ETH', 'tags': ['a']}]")
    assert told["data"][display.TABLE] == {
        "columns": ["symbol", "price", "tags"],
        "rows": [["BTC", 1.5, None], ["ETH", None, '["a"]']],
        "total": 2,
    }
    assert told["data"]["text/plain"].startswith("[{'symbol'")


def test_a_long_table_says_how_long_it_is(session: Session) -> None:
    (told,) = session.run("[{'n': n, 'big': 2**60, 'none': float('inf')} for n in range(2000)]")
    table = told["data"][display.TABLE]
    assert (len(table["rows"]), table["total"]) == (display.MOST_ROWS, 2000)
    assert table["rows"][0] == [0, str(2**60), "inf"]


def test_every_plot_of_a_cell_is_shown_once(session: Session) -> None:
    cell = "from cryptointel import plot\nplot([1], [1], title='one')\nplot([1], [2], title='two')"
    told = [one["data"][figures.MIME]["title"] for one in session.run(cell)]
    assert told == ["one", "two"]
    assert session.run("1")[0]["data"] == {"text/plain": "1"}
    once = session.run("f = plot([1], [1])\ndisplay(f)\nf.add([1], [2])")
    assert [len(one["data"][figures.MIME]["series"]) for one in once] == [1, 2]
