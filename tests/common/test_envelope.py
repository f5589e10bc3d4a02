import json

import pytest

from common.envelope import failure, success
from common.errors import CryptoIntelError, Fatal, Problem, Retryable, Skippable

NOON = 1_795_176_000.9


def test_success_wraps_data_as_it_is_and_says_when() -> None:
    answer = success('[{"price":1.10}]', NOON, {"next": "c2"})
    assert answer.status == 200
    assert answer.headers == {
        "content-type": "application/json; charset=utf-8", "x-content-type-options": "nosniff",
    }  # fmt: skip
    assert answer.body == (
        '{"data":[{"price":1.10}],"meta":{"generated_at":"2026-11-20T12:00:00Z","next":"c2"}}'
    )


def test_success_without_more_to_say_still_has_a_meta() -> None:
    assert json.loads(str(success("null", NOON).body)) == {
        "data": None, "meta": {"generated_at": "2026-11-20T12:00:00Z"},
    }  # fmt: skip


def test_failure_is_problem_json_with_every_member() -> None:
    problem = Problem(404, "unknown-symbol", 'No "XYZ" here', {"retry-after": "3"})
    answer = failure(problem, "req-1")
    assert answer.status == 404
    assert answer.headers == {
        "content-type": "application/problem+json", "cache-control": "no-store",
        "x-content-type-options": "nosniff", "retry-after": "3",
    }  # fmt: skip
    assert json.loads(str(answer.body)) == {
        "type": "https://cryptointel.example/problems/unknown-symbol",
        "title": "Not Found",
        "status": 404,
        "detail": 'No "XYZ" here',
        "request_id": "req-1",
    }


@pytest.mark.parametrize(
    ("status", "title"),
    [(400, "Bad Request"), (401, "Unauthorized"), (405, "Method Not Allowed"),
     (429, "Too Many Requests"), (503, "Service Unavailable")],
)  # fmt: skip
def test_a_problem_is_titled_after_its_status(status: int, title: str) -> None:
    assert Problem(status, "kind", "detail").title == title


def test_every_error_of_ours_is_one_family_and_tells_what_to_do_next() -> None:
    errors = [Fatal("no"), Retryable("later", 2.5), Skippable("no_price"), Problem(400, "k", "d")]
    assert all(isinstance(error, CryptoIntelError) for error in errors)
    assert Retryable("later", 2.5).retry_after == 2.5
    assert Retryable("later").retry_after is None
    assert Skippable("no_price").reason == "no_price"
    assert Problem(400, "k", "d").headers == {}
