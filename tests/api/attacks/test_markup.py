"""Answers that a browser might take for a page, and addresses that it might be sent to."""

import re
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
import pytest

from api.principal import GUEST
from api.routes import ROUTES
from tests.api.attacks.walking import Attacker
from tests.api.calling import READER, Caller, Failing
from tests.api.identity.people import ANN, CALLBACK, asked, registered, site

MARKUP = "<script>alert(1)</script>"
PAGES = ("/docs", "/problems/{kind}")


def named(route: Any) -> str:
    return f"{route.method} {route.path}"


def path_of(attacker: Attacker, route: Any) -> str:
    path: str = route.path
    known = {**route.example, **attacker.ids}
    for part in [part for part in known if f"{{{part}}}" in path]:
        path = path.replace(f"{{{part}}}", quote(str(known[part]), safe=""))
    return path


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_no_browser_guesses_what_an_answer_is(attacker: Attacker, route: Any) -> None:
    path = path_of(attacker, route)
    answers = [
        attacker.send(route.method, path),
        attacker.send(route.method, f"{path}?{quote(MARKUP)}=1"),
        attacker.send("OPTIONS", path),
        attacker.send("BREW", path),
        attacker.ask(path, route.method, key="ci_test_x_y"),
        attacker.ask(path, route.method, key=None),
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.status in (204, 304):
            continue
        media_type = answer.headers["content-type"].partition(";")[0]
        if answer.status >= 400:
            assert media_type in ("application/problem+json", "application/json")
        elif route.path not in PAGES:
            assert media_type != "text/html"
        attacker.whole(answer)


def test_a_fault_of_ours_is_told_as_plainly(attacker: Attacker) -> None:
    answer = Caller(Failing(RuntimeError(MARKUP)))("/api/v1/signals/all", principal=READER)
    assert answer.status == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert MARKUP not in str(answer.body)


@pytest.mark.parametrize(
    ("path", "scripts"), [("/docs", ['<script src="/docs/search.js" defer>']),
                          ("/problems/rate-limited", [])]
)  # fmt: skip
def test_a_page_of_ours_runs_no_script_but_ours_and_is_shown_in_no_frame(
    attacker: Attacker, path: str, scripts: list[str]
) -> None:
    answer = attacker.ask(path, key=None)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert re.findall("<script[^>]*>", str(answer.body)) == scripts


@pytest.mark.parametrize("path", ["/problems/{}", "/docs/{}", "/docs?{}=1", "/{}", "/docs?q={}"])
@pytest.mark.parametrize(
    "text", [MARKUP, '"><img src=x onerror=alert(1)>', "rate-limited<b>", "{{7*7}}"]
)
def test_markup_in_an_address_reaches_no_page(attacker: Attacker, path: str, text: str) -> None:
    answer = attacker.ask(path.format(quote(text, safe="")), key=None)
    assert answer.status in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert msgspec.json.decode(str(answer.body))["status"] == answer.status


@pytest.mark.parametrize("given", ["mine", "0" * 16, "a\r\nb: c", MARKUP, ""])
def test_the_number_of_a_request_is_ours(attacker: Attacker, given: str) -> None:
    answer = attacker.ask("/api/v1/me", headers={"x-request-id": given, "cf-ray": given})
    number = answer.headers["x-request-id"]
    assert number != given
    assert len(number) == 16
    int(number, 16)


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/", "https://portfolio.example.evil.example/callback",
        f"{CALLBACK}/../x",
        "https://portfolio.example/callback?next=https://evil.example", f"{CALLBACK}#x",
        f"{CALLBACK}/",
        "https://portfolio.example@evil.example/callback", "https://evil@portfolio.example/callback",
        "http://portfolio.example/callback", "https://portfolio.example:444/callback",
        "//portfolio.example/callback", "javascript:alert(1)", "data:text/html,x",
        f"{CALLBACK}\r\nx: y",
        f"{CALLBACK}%0d%0ax: y", "HTTPS://portfolio.example/callback", f" {CALLBACK}",
        f"{CALLBACK}\n",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:80" + "@evil.example/callback", "",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_an_address_that_no_app_registered(uri: str) -> None:
    ask = site()
    app = registered(ask)
    for decision in (None, "allow", "deny"):
        fields = asked(app, redirect_uri=uri)
        if decision is None:
            query = "&".join(f"{k}={quote(v, safe='')}" for k, v in fields.items())
            answer = ask(f"/api/v1/oauth/authorization?{query}", key=None, principal=ANN)
        else:
            answer = ask(
                "/api/v1/oauth/authorization", "POST", key=None, principal=ANN,
                headers={"content-type": "application/json"},
                sent=msgspec.json.encode({**fields, "decision": decision}),
            )  # fmt: skip
        assert answer.status == 400, answer.body
        assert "redirect_to" not in str(answer.body)
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    "state", ["a\r\nx: y", MARKUP, "&redirect_uri=https://evil.example", "#", "\x00"]
)
def test_what_an_app_put_into_its_link_stays_one_value_of_it(state: str) -> None:
    ask = site()
    app = registered(ask)
    answer = ask(
        "/api/v1/oauth/authorization", "POST", key=None, principal=ANN,
        headers={"content-type": "application/json"},
        sent=msgspec.json.encode({**asked(app, state=state), "decision": "deny"}),
    )  # fmt: skip
    target = msgspec.json.decode(str(answer.body))["data"]["redirect_to"]
    parts = urlsplit(target)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == CALLBACK
    assert (parts.fragment, parts.query.count("redirect_uri=")) == ("", 0)
    assert target.isprintable()
    assert "<" not in target


def test_a_visitor_is_told_no_more_than_a_visitor_may_know(attacker: Attacker) -> None:
    for route in ROUTES:
        if route.permission in ("public", "dashboard:read"):
            continue
        answer = attacker.ask(path_of(attacker, route), route.method, key=None, principal=GUEST)
        assert answer.status in (403, 429)
        attacker.ask.now += 61
