"""Cookies, and the two guards against other sites."""

import pytest

from common.errors import Problem
from dashboard.web import (
    cookie_name,
    own_path,
    read_cookie,
    require_own_page,
    require_own_socket,
    require_same_origin,
    set_cookie,
)

HTTPS = "https://app.example/session"
HTTP = "http://localhost:8787/session"


def attributes(cookie: str) -> dict[str, str]:
    parts = [part.strip().partition("=") for part in cookie.split(";")]
    return {name: value for name, _, value in parts}


def test_the_cookie_has_the_host_prefix_where_https_allows_it() -> None:
    assert cookie_name(HTTPS) == "__Host-session"
    assert cookie_name(HTTP) == "session"


def test_a_cookie_over_https_is_secure_and_out_of_reach_of_scripts() -> None:
    assert attributes(set_cookie(HTTPS, "tok", 900)) == {
        "__Host-session": "tok",
        "Path": "/",
        "Max-Age": "900",
        "HttpOnly": "",
        "SameSite": "Lax",
        "Secure": "",
    }


def test_a_cookie_over_http_is_the_same_but_for_secure_and_the_prefix() -> None:
    assert attributes(set_cookie(HTTP, "tok", 900)) == {
        "session": "tok",
        "Path": "/",
        "Max-Age": "900",
        "HttpOnly": "",
        "SameSite": "Lax",
    }


def test_no_cookie_has_a_domain_which_the_host_prefix_forbids() -> None:
    assert "Domain" not in attributes(set_cookie(HTTPS, "tok", 900))


@pytest.mark.parametrize("url", [HTTPS, HTTP])
def test_an_empty_token_ends_the_cookie_at_once(url: str) -> None:
    ended = attributes(set_cookie(url, "", 900))
    assert (ended[cookie_name(url)], ended["Max-Age"]) == ("", "0")


@pytest.mark.parametrize("url", [HTTPS, HTTP])
def test_what_was_set_is_read(url: str) -> None:
    token = "aZ09-_" * 7
    sent = set_cookie(url, token, 900).partition(";")[0]
    assert read_cookie(url, sent) == token
    assert read_cookie(url, f"theme=dark; {sent}; lang=en") == token


def test_the_plain_cookie_is_none_over_https() -> None:
    assert read_cookie(HTTPS, "session=tok") is None
    assert read_cookie(HTTP, "__Host-session=tok") is None


@pytest.mark.parametrize(
    "header",
    [None, "", ";", "=", "session", "sessions=tok", "xsession=tok", "\x00\xff", "a,b=1", "é" * 9],
)
def test_garbage_holds_no_session(header: str | None) -> None:
    assert read_cookie(HTTP, header) is None


@pytest.mark.parametrize("other", ['prefs={"a":1}', "me@here=1", "flag"])
@pytest.mark.parametrize("form", ["{other}; session=tok", "session=tok; {other}"])
def test_a_malformed_cookie_of_others_does_not_hide_the_session(other: str, form: str) -> None:
    assert read_cookie(HTTP, form.format(other=other)) == "tok"


def test_our_own_page_may_change_state() -> None:
    require_same_origin(HTTPS, "https://app.example", "fetch")
    require_same_origin(HTTP, "http://localhost:8787", "fetch")


def test_each_cookie_is_read_by_its_own_name() -> None:
    sent = "__Host-session=a; __Host-mfa=b; mfa=c"
    assert [read_cookie(HTTPS, sent, one) for one in ("session", "mfa", "oauth")] == [
        "a", "b", None,
    ]  # fmt: skip


def test_a_request_about_sessions_needs_the_origin_and_json() -> None:
    require_own_page(HTTPS, "https://app.example", "fetch", "application/json; charset=utf-8")
    require_own_page(HTTPS, "https://app.example", "fetch", None)
    with pytest.raises(Problem) as without_origin:
        require_own_page(HTTPS, None, "fetch", "application/json")
    with pytest.raises(Problem) as as_form:
        require_own_page(HTTPS, "https://app.example", "fetch", "text/plain")
    found = [(one.value.status, one.value.kind) for one in (without_origin, as_form)]
    assert found == [(403, "cross-site"), (415, "not-json")]


@pytest.mark.parametrize("path", ["/", "/settings/security?a=b#c", "/asset/bit%20coin"])
def test_a_path_of_ours_is_led_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path", [None, "", "x", "//x", "/\\x", "https://x", "/\t/x", "/x\r\n", "/é"]
)
def test_no_other_address_is_led_to(path: str | None) -> None:
    assert own_path(path) == "/"


def test_a_client_that_sends_no_origin_needs_the_header_alone() -> None:
    require_same_origin(HTTPS, None, "fetch")


@pytest.mark.parametrize("origin", [None, "https://app.example"])
def test_a_request_without_our_header_is_refused(origin: str | None) -> None:
    with pytest.raises(Problem) as caught:
        require_same_origin(HTTPS, origin, None)
    assert (caught.value.status, caught.value.kind) == (403, "cross-site")


FOREIGN = [
    "https://evil.example",
    "https://app.example.evil.example",
    "https://evil.example/app.example",
    "https://app.example:8443",
    "https://sub.app.example",
    "null",
    "",
    "app.example",
]


@pytest.mark.parametrize("origin", [*FOREIGN, "http://app.example"])
def test_a_request_of_another_origin_is_refused_even_with_the_header(origin: str) -> None:
    with pytest.raises(Problem) as caught:
        require_same_origin(HTTPS, origin, "fetch")
    assert (caught.value.status, caught.value.kind) == (403, "cross-site")


def test_our_own_page_and_a_client_without_origin_may_open_the_stream() -> None:
    require_own_socket("https://app.example/live", "https://app.example")
    require_own_socket("http://localhost:8787/live", "http://localhost:8787")
    require_own_socket("https://app.example/live", None)


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_of_another_site_may_not_open_the_stream(origin: str) -> None:
    with pytest.raises(Problem) as caught:
        require_own_socket("https://app.example/live", origin)
    assert (caught.value.status, caught.value.kind) == (403, "cross-site")
