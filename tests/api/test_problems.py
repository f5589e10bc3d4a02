"""The table of problems is what the code raises, and what the routes declare is in it."""

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

from api.problems import PROBLEMS, kinds_of
from api.routes import ROUTES
from tests.support.source_tree import python_files, tree
from tools.system.layout import PROJECT


class Raised(NamedTuple):
    kind: str
    status: int
    where: str


def raised_in(path: Path) -> list[Raised]:
    """Return the kinds of every `Problem(...)` in a file."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
            status, kind = node.args[:2]
            where = f"{path.relative_to(PROJECT)}:{node.lineno}"
            assert isinstance(status, ast.Constant), f"{where}: state the status as a number"
            assert isinstance(kind, ast.Constant), f"{where}: state the kind as a text"
            found.append(Raised(str(kind.value), int(str(status.value)), where))
    return found


# The shards of the live stream refuse for the API.
RAISED = [one for path in python_files("src/api", "src/signals/live") for one in raised_in(path)]


def test_every_kind_that_is_raised_is_in_the_table_with_its_status() -> None:
    missing = [one for one in RAISED if one.kind not in PROBLEMS]
    assert missing == []
    wrong = [one for one in RAISED if PROBLEMS[one.kind].status != one.status]
    assert wrong == []


def test_every_kind_of_the_table_is_raised() -> None:
    assert set(PROBLEMS) - {one.kind for one in RAISED} == set()


def test_every_kind_that_a_route_declares_is_in_the_table() -> None:
    unknown = [(route.path, kind) for route in ROUTES for kind in {*route.problems} - {*PROBLEMS}]
    assert unknown == []


def test_every_kind_that_is_in_the_table_can_be_an_answer_of_some_route() -> None:
    answered = {kind for route in ROUTES for kind in kinds_of(route)}
    # What no route is found for, and what only the dashboard's visitors are told.
    assert set(PROBLEMS) - answered == {"no-such-route", "method-not-allowed", "key-needed"}


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_kind_is_a_stable_word_with_a_sentence(kind: str) -> None:
    status, meaning = PROBLEMS[kind]
    assert kind.replace("-", "").isalpha()
    assert kind == kind.lower()
    assert 400 <= status <= 599
    assert meaning[0].isupper()
    assert meaning.endswith(".")
