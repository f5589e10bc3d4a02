"""Requests made from the OpenAPI document are answered as it says: none breaks anything."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import schemathesis.specs.openapi.checks  # registers what CHECKS of schemathesis lists
from schemathesis.checks import CHECKS as THEIRS

from api.objects.watchlists import WITH_ROWS
from tests.fuzz.harness import CHECKS, configuration, run
from tests.fuzz.run import bearer
from tests.fuzz.subject import Subject

FEWEST_CALLS = 2_000


@pytest.fixture
def subject() -> Iterator[Subject]:
    subject = Subject()
    yield subject
    subject.close()


def described(subject: Subject, folder: Path, most: int) -> Any:
    """Return the document of the subject as schemathesis reads it."""
    users = [bearer(f"user{n}", token) for n, token in enumerate(subject.tokens)]
    config = configuration(folder, users, most)
    return schemathesis.openapi.from_asgi("/openapi.json", subject.application, config=config)


def test_every_check_that_there_is_is_on() -> None:
    theirs = {*THEIRS.get_all_names(), "max_response_time"}
    assert theirs == {*CHECKS, "max_response_time", "refused_for_a_declared_reason"}


def test_an_object_that_is_not_kept_from_others_is_found(
    subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anybodys = WITH_ROWS.replace("w.owner = ?2", "(w.owner = ?2 OR 1)")
    monkeypatch.setattr("api.routes.watchlists.WITH_ROWS", anybodys)
    schema = described(subject, tmp_path, most=20).include(path_regex="/watchlists")
    assert any("object_level_authorization" in title for title in run(schema).failures)


def test_no_request_made_from_the_document_is_answered_otherwise(
    subject: Subject, tmp_path: Path
) -> None:
    found = run(described(subject, tmp_path, most=2))
    assert found.errors == []
    assert "\n\n".join(f"{title}\n{told}" for title, told in found.failures.items()) == ""
    assert [status for status in found.statuses if status >= 500] == []
    assert found.calls > FEWEST_CALLS
    # It got in, and did not only knock.
    assert found.statuses[200] > found.calls / 10
