"""What goes wrong before an OAuth endpoint is asked is told in OAuth's words too."""

from typing import Any

import msgspec
import pytest

from api.identity.oauth_answers import failure_of, speaks_oauth
from api.making import MOST_BODY
from api.routes import ROUTES
from api.shapes.oauth import OAuthFailure
from common.envelope import Answer
from common.errors import Problem
from tests.api.calling import Caller
from tests.api.identity.people import site

FORM = "application/x-www-form-urlencoded"
OAUTH = [route for route in ROUTES if speaks_oauth(route)]
FORMS = [route.path for route in OAUTH if route.body == "form"]
REGISTER = "/oauth/register"


@pytest.fixture
def ask() -> Caller:
    return site()


def failed(answer: Answer, status: int = 400) -> str:
    """Check the whole form of a failure; return its error."""
    assert answer.status == status, answer.body
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "no-store"
    told = msgspec.json.decode(str(answer.body), type=OAuthFailure)
    assert told.error_description
    return told.error


def send(ask: Caller, path: str, body: bytes, media_type: str | None) -> Answer:
    headers = {"content-type": media_type} if media_type else {}
    return ask(path, "POST", key=None, headers=headers, sent=body)


def test_every_address_below_oauth_speaks_it_and_no_other_does() -> None:
    assert {route.path for route in OAUTH} == {*FORMS, REGISTER}
    assert FORMS == ["/oauth/token", "/oauth/revoke", "/oauth/introspect"]


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b'{"grant_type":"client_credentials"}', "application/json"),
        (b"grant_type=client_credentials", "text/plain"),
        (b"grant_type=client_credentials", None),
        (b"client_id=a&client_id=b", FORM),
        ("grant_type=é".encode(), FORM),
        (b"grant_type=a%00b&token=%00", FORM),
        (b"client_id=" + b"x" * 5000, FORM),
    ],
)
def test_a_form_that_cannot_be_read_is_an_invalid_request(
    ask: Caller, path: str, body: bytes, media_type: str | None
) -> None:
    assert failed(send(ask, path, body, media_type)) == "invalid_request"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"redirect_uris=x", FORM), (b"{", "application/json"), (b"[]", "application/json"),
        (b"{}", "application/json"), (b'{"redirect_uris":[]}', "application/json"),
        (b'{"redirect_uris":["https://a.example/"],"client_name":""}', "application/json"),
        (b'{"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"x"}',
         "application/json"),
    ],
)  # fmt: skip
def test_metadata_that_cannot_be_read_are_invalid_metadata(
    ask: Caller, body: bytes, media_type: str
) -> None:
    assert failed(send(ask, REGISTER, body, media_type)) == "invalid_client_metadata"


def test_a_method_that_is_not_known_is_answered_with_those_that_are(ask: Caller) -> None:
    body = b'{"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"x"}'
    told = str(send(ask, REGISTER, body, "application/json").body)
    assert "client_secret_basic, client_secret_post, none" in told


@pytest.mark.parametrize("path", [*FORMS, REGISTER])
def test_parameters_do_not_come_in_the_address(ask: Caller, path: str) -> None:
    media_type = FORM if path in FORMS else "application/json"
    answer = send(ask, f"{path}?client_secret=x", b"{}", media_type)
    assert failed(answer) in ("invalid_request", "invalid_client_metadata")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_is_too_large_keeps_its_status(ask: Caller, path: str) -> None:
    assert failed(send(ask, path, b"a=" + b"x" * MOST_BODY, FORM), 413) == "invalid_request"


def test_a_limit_that_is_used_up_says_so_with_the_time_to_wait(ask: Caller) -> None:
    body = b'{"redirect_uris":["https://a.example/"]}'
    for _ in range(10):
        send(ask, REGISTER, body, "application/json")
    answer = send(ask, REGISTER, body, "application/json")
    assert failed(answer, 429) == "temporarily_unavailable"
    assert int(answer.headers["retry-after"]) > 0
    assert '"reset_at"' in str(answer.body)


def test_a_fault_of_ours_is_a_server_error(ask: Caller) -> None:
    ask.database.connection.execute("DROP TABLE oauth_clients")
    fields = b"grant_type=client_credentials&client_id=a&client_secret=b"
    assert failed(send(ask, "/oauth/token", fields, FORM), 500) == "server_error"


def test_who_is_suspected_is_denied_with_the_address_of_the_challenge() -> None:
    problem = Problem(403, "challenge-needed", "Open it.", extra={"challenge_url": "https://x"})
    answer = failure_of(problem, "1", next(one for one in OAUTH if one.path == REGISTER))
    assert failed(answer, 403) == "access_denied"
    told: Any = msgspec.json.decode(str(answer.body))
    assert told["challenge_url"] == "https://x"


def test_all_other_addresses_answer_with_problems() -> None:
    for route in (None, *(one for one in ROUTES if one not in OAUTH)):
        answer = failure_of(Problem(400, "invalid-body", "x"), "1", route)
        assert answer.headers["content-type"] == "application/problem+json"
