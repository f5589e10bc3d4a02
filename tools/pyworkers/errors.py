"""The one error of the local runtime: which step failed, why, and what to do."""

import sys
from collections.abc import Callable


class SetupError(Exception):
    """A step that a person has to mend.

    `step` names what was being done, `why` what was found, `todo` the next
    move of the person who reads it.
    """

    def __init__(self, step: str, why: str, todo: str) -> None:
        super().__init__(f"{step}: {why}")
        self.step = step
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        return f"✗ {self.step}\n  why:   {self.why}\n  to do: {self.todo}"


def exit_status(step: Callable[[], object]) -> int:
    """Run a command's `step`; return 0, or 2 after saying what failed, why and what to do."""
    try:
        step()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
