"""Addresses that codes are sent to: compared exactly, whatever they look like."""

import pytest

from api.identity.redirects import registered, usable, with_answer

KNOWN = ["https://app.example/callback", "http://127.0.0.1/callback", "http://[::1]:8000/x?y=1"]


@pytest.mark.parametrize(
    "uri",
    ["https://app.example/callback", "https://app.example", "https://app.example:8443/a?b=c&d=%20",
     "https://xn--bcher-kva.example/", "http://127.0.0.1/cb", "http://127.0.0.1:1/cb",
     "http://localhost:3000/", "http://[::1]/cb", "http://localhost"],
)  # fmt: skip
def test_a_client_may_register(uri: str) -> None:
    assert usable(uri)


@pytest.mark.parametrize(
    "uri",
    ["", "app.example", "http://app.example/callback", "ftp://app.example/", "javascript:alert(1)",
     "data:text/html,x", "com.example.app:/callback", "https://", "https:///callback",
     "https://user@app.example/", "https://user:" + "pw@app.example/", "https://app.example/#fragment",
     "https://app.example#", "https://App.example/", "HTTPS://app.example/", "https://*.example/",
     "https://app.example\\@evil.example/", "https://app.example/ x", "https://app.example/\n",
     "https://app.example/é", "https://app_x.example/", "https://-a.example/", "https://a..example/",
     "//app.example/", "https://[2001:db8::1]/", "http://127.0.0.2/", "http://127.0.0.1.evil.example/",
     "http://localhost.evil.example/", "http://localhost@evil.example/", "http://0.0.0.0/",
     "http://2130706433/", "http://127.1/", "https://app.example:port/", "https://app.example/\x00",
     "https://app.example/" + "x" * 500],
)  # fmt: skip
def test_a_client_may_not_register(uri: str) -> None:
    assert not usable(uri)


@pytest.mark.parametrize(
    "uri",
    ["https://app.example/callback", "http://127.0.0.1/callback", "http://127.0.0.1:51004/callback",
     "http://[::1]:9/x?y=1", "http://[::1]/x?y=1"],
)  # fmt: skip
def test_a_registered_address_is_one_on_the_users_own_machine_at_any_port(uri: str) -> None:
    assert registered(uri, KNOWN)


@pytest.mark.parametrize(
    "uri",
    ["https://app.example/callback/", "https://app.example/callback/..", "https://app.example/call",
     "https://app.example/callback2", "https://app.example/callback?x=1", "https://app.example/",
     "https://app.example/callback#x", "https://app.example/Callback", "https://APP.example/callback",
     "https://app.example:443/callback", "https://app.example:8443/callback",
     "http://app.example/callback", "https://app.example.evil.example/callback",
     "https://app.example@evil.example/callback", "https://evil.example/https://app.example/callback",
     "https://app.example%2f@evil.example/callback", "https://app.example\\callback",
     "https://app.example/%63allback", "https://app.example/callback%00", " https://app.example/callback",
     "https://app.example/callback ", "https://app.example/callback\n", "https://evil.app.example/callback",
     "http://127.0.0.1/callback/x", "http://127.0.0.1:80" + "@evil.example/callback",
     "http://127.0.0.1:/callback", "http://127.0.0.1:x/callback", "http://localhost/callback",
     "https://127.0.0.1/callback", "http://127.0.0.1:1/callback?x", "http://127.0.0.1:1/callback#",
     "http://[::1]:8000/x", "http://127.0.0.1:123456/callback", "http://127.0.0.1\uff0fcallback",
     ""],
)  # fmt: skip
def test_any_other_is_none(uri: str) -> None:
    assert not registered(uri, KNOWN)


def test_an_answer_joins_the_query_that_is_there_and_cannot_break_out_of_it() -> None:
    assert with_answer("https://a.example/x", {"code": "c", "state": None}) == (
        "https://a.example/x?code=c"
    )
    assert with_answer("https://a.example/x?y=1", {"state": "&code=evil#\r\nx: y"}) == (
        "https://a.example/x?y=1&state=%26code%3Devil%23%0D%0Ax%3A+y"
    )
