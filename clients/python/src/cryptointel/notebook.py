"""Runs the cells of the notebook page, in the page's Python and anywhere else.

What a cell prints, shows and raises is told as outputs of the notebook format
(nbformat 4.5, https://nbformat.readthedocs.io): `stream`, `display_data`,
`execute_result` and `error`, of which only texts, tables and figures are made:
nothing that a cell returns becomes markup.
"""

import ast
import asyncio
import inspect
import linecache
import traceback
from collections.abc import Awaitable, Callable
from contextlib import redirect_stderr, redirect_stdout
from io import TextIOBase
from types import CodeType
from typing import Any

from cryptointel import figures
from cryptointel.display import bundle
from cryptointel.errors import CryptoIntelError

Output = dict[str, Any]
MOST_TEXT = 200_000  # characters that one cell may print
_AWAITS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_OWN = __file__.rpartition("/")[0]


class Kernel:
    """One interpreter's session; `emit` is told each output as soon as there is one."""

    def __init__(self, emit: Callable[[Output], None]) -> None:
        self._emit = emit
        self._names: dict[str, Any] = {"__name__": "__main__", "display": self._display}
        self._task: asyncio.Task[Any] | None = None
        self._plotted: list[figures.Figure] = []
        self._streams: tuple[_Printed, ...] = ()
        figures.on_plot[:] = [self._plotted.append]

    async def run(self, source: str, number: int) -> bool:
        """Run a cell, the `number`th of this session; return whether it raised nothing."""
        name = f"<cell {number}>"
        lines = source.splitlines(keepends=True)
        linecache.cache[name] = (len(source), None, lines, name)  # for tracebacks
        self._task = asyncio.current_task()
        self._plotted.clear()
        self._streams = (_Printed(self._emit, "stdout"), _Printed(self._emit, "stderr"))
        try:
            with redirect_stdout(self._streams[0]), redirect_stderr(self._streams[1]):
                self._show(await self._execute(source, name), number)
        except BaseException as error:  # noqa: BLE001 - also SystemExit and KeyboardInterrupt
            self._tell(told(error))
            return False
        finally:
            self._task = None
            self._flush()
        return True

    def cancel(self) -> None:
        """End the cell that waits for something; it is told as interrupted."""
        if self._task:
            self._task.cancel()

    async def _execute(self, source: str, name: str) -> Any:
        """Run a cell's statements; return the value of the last, when it is an expression."""
        tree = ast.parse(source, name)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
        await self._evaluate(compile(tree, name, "exec", _AWAITS))
        return None if last is None else await self._evaluate(compile(last, name, "eval", _AWAITS))

    async def _evaluate(self, code: CodeType) -> Any:
        value = eval(code, self._names)  # noqa: S307 - running code is what this is for
        if code.co_flags & inspect.CO_COROUTINE and isinstance(value, Awaitable):
            value = await value
        return value

    def _display(self, *values: Any) -> None:
        for value in values:
            self._forget(value)
            self._tell({"output_type": "display_data", "data": bundle(value), "metadata": {}})

    def _show(self, value: Any, number: int) -> None:
        """Show what was plotted, and the cell's value."""
        self._forget(value)
        self._display(*list(self._plotted))
        if value is None:
            return
        self._names["_"] = value
        result = {"output_type": "execute_result", "execution_count": number}
        self._tell({**result, "data": bundle(value), "metadata": {}})

    def _tell(self, output: Output) -> None:
        self._flush()  # what was printed before stands before
        self._emit(output)

    def _flush(self) -> None:
        for stream in self._streams:
            stream.flush()

    def _forget(self, shown: Any) -> None:
        self._plotted[:] = [figure for figure in self._plotted if figure is not shown]


class _Printed(TextIOBase):
    """A stream whose lines are outputs, up to a length: endless output must not fill the page."""

    def __init__(self, emit: Callable[[Output], None], name: str) -> None:
        self._emit, self._name = emit, name
        self._line, self._left = "", MOST_TEXT

    def write(self, text: str) -> int:
        """Keep a text until its line is whole."""
        if self._left > 0:
            self._line += text[: self._left]
            self._left -= len(text)
            if self._left <= 0:
                self._line += f"\n… more than {MOST_TEXT:,} characters; the rest is not shown\n"
            if "\n" in self._line:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Tell what was written so far."""
        text, self._line = self._line, ""
        if text:
            self._emit({"output_type": "stream", "name": self._name, "text": text})


def told(error: BaseException) -> Output:
    """Return an error as an output; the traceback begins in the reader's own cell."""
    if isinstance(error, KeyboardInterrupt | asyncio.CancelledError):
        return _error("KeyboardInterrupt", "Interrupted", [])
    found = traceback.TracebackException.from_exception(error)
    _trim(found, hide_own=isinstance(error, CryptoIntelError))
    name = type(error).__name__
    return _error(name, str(error), "".join(found.format()).rstrip("\n").split("\n"))


def _error(name: str, value: str, lines: list[str]) -> Output:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}


def _trim(found: traceback.TracebackException, *, hide_own: bool) -> None:
    """Leave out the frames above the first cell; of our own errors, those below the last."""
    frames = list(found.stack)
    first = next((i for i, frame in enumerate(frames) if _is_cell(frame)), None)
    if first is not None:
        frames = frames[first:]
    elif isinstance(found.exc_type, type) and issubclass(found.exc_type, SyntaxError):
        frames = []
    if hide_own:
        frames = [frame for frame in frames if not frame.filename.startswith(_OWN)]
        found.__suppress_context__ = True
        found.__cause__ = None
    found.stack = traceback.StackSummary.from_list(frames)
    for other in (found.__cause__, found.__context__):
        if other is not None:
            _trim(other, hide_own=hide_own)


def _is_cell(frame: traceback.FrameSummary) -> bool:
    return frame.filename.startswith("<cell ")
