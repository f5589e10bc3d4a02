"""Pages of other origins: what they can read (CORS), and what they can have sent."""

from typing import Any

import pytest

from api.routes import ROUTES
from tests.api.calling import KEY, SECRET, Caller, insert_key, seeded

OWN = "https://app.example"
PAGE = f"ci_test_page_{SECRET}"
WRONG = (
    "null", "", "https://app.example.evil.example", "https://evil-app.example", "https://evil.app.example",
    "https://app.example:444", "https://app.example:443", "http://app.example", "https://app.example/",
    "https://app.example, https://evil.example", "https://app.example@evil.example", "https://APP.example.",
    "https://app", "app.example", "//app.example", "*", "https://*.example", "https://app.example%00",
    "https://app.example\r\nx: y", "https://аpp.example", "file://", "chrome-extension://app.example",
)  # fmt: skip
ALLOW = "access-control-allow-origin"


@pytest.fixture
def ask() -> Caller:
    database = seeded()
    insert_key(database, PAGE, allowed_origins=f'["{OWN}"]')
    return Caller(database)


@pytest.mark.parametrize("origin", WRONG)
def test_a_key_of_a_page_is_refused_to_every_other_page(ask: Caller, origin: str) -> None:
    for _ in range(2):  # the second time the key is leased, and the answer kept
        answer = ask("/api/v1/market-data/BTC", key=PAGE, headers={"origin": origin})
        assert answer.status == 403
        assert ALLOW not in answer.headers
        ask("/api/v1/market-data/BTC", key=PAGE, headers={"origin": OWN})


def test_a_key_of_a_page_is_refused_without_a_page(ask: Caller) -> None:
    assert ask("/api/v1/market-data/BTC", key=PAGE).status == 403


def test_the_page_itself_may_read(ask: Caller) -> None:
    answer = ask("/api/v1/market-data/BTC", key=PAGE, headers={"origin": OWN})
    assert (answer.status, answer.headers[ALLOW]) == (200, OWN)
    assert "origin" in answer.headers["vary"]


@pytest.mark.parametrize("origin", [OWN, *WRONG])
def test_with_a_key_of_no_page_no_page_reads_anything(ask: Caller, origin: str) -> None:
    for path in ("/api/v1/market-data/BTC", "/api/v1/me", "/api/v1/nothing", "/api/v1/keys?x=1"):
        assert ALLOW not in ask(path, key=KEY, headers={"origin": origin}).headers


def test_who_reads_an_answer_is_not_kept_with_it(ask: Caller) -> None:
    ask("/api/v1/market-data/BTC", key=PAGE, headers={"origin": OWN})
    answer = ask("/api/v1/market-data/BTC", key=KEY, headers={"origin": OWN})
    assert answer.status == 200
    assert ALLOW not in answer.headers


def test_a_page_is_told_nothing_of_why_a_wrong_key_is_wrong(ask: Caller) -> None:
    answer = ask("/api/v1/me", key="ci_test_x_y", headers={"origin": OWN})
    assert answer.status == 401
    assert ALLOW not in answer.headers


@pytest.mark.parametrize("origin", [None, OWN, *WRONG])
@pytest.mark.parametrize("wanted", ["PUT", "DELETE", "GET", "BREW\r\nx: y"])
def test_a_preflight_says_the_same_to_everybody(
    ask: Caller, origin: str | None, wanted: str
) -> None:
    """What may be read is decided with the key; a browser sends no key by itself."""
    headers = {
        "access-control-request-method": wanted,
        "access-control-request-headers": "cookie, x-a",
    }
    if origin is not None:
        headers["origin"] = origin
    answer = ask("/api/v1/keys", "OPTIONS", key=None, headers=headers)
    usual = ask("/api/v1/market-data", "OPTIONS", key=None)
    assert answer.status == 204
    for one in (answer, usual):
        del one.headers["x-request-id"]
    assert answer.headers == usual.headers
    assert "cookie" not in answer.headers["access-control-allow-headers"]
    assert ask.database.statements == 0


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
def test_no_answer_lets_a_page_send_cookies_or_read_by_star_what_needs_a_key(
    ask: Caller, route: Any
) -> None:
    answer = ask(route.path, route.method, key=PAGE, headers={"origin": OWN})
    assert "access-control-allow-credentials" not in answer.headers
    if route.permission != "public":
        assert answer.headers.get(ALLOW) == OWN
    told = ask(route.path, route.method, key=None, headers={"origin": "https://evil.example"})
    if route.permission != "public":
        assert told.status == 401, "all that a page without a key may read"


def test_a_preflight_neither_answers_nor_changes_what_it_asks_about(ask: Caller) -> None:
    headers = {"origin": OWN, "access-control-request-method": "DELETE"}
    answer = ask("/api/v1/keys/key1", "OPTIONS", headers=headers)
    assert (answer.status, answer.body) == (204, "")
    assert ask("/api/v1/me").status == 200
