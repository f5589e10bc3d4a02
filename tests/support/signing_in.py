"""Signing in to the running dashboard without its page, as its page would."""

import json

from playwright.sync_api import APIRequestContext

from tests.support.live import Live, Reply

SESSION = "/session"


def own_page(live: Live) -> dict[str, str]:
    """Return the headers that the dashboard's own page sends with a change."""
    return {
        "origin": live.system.ports.address("dashboard"), "x-requested-with": "cryptointel",
        "content-type": "application/json",
    }  # fmt: skip


def try_password(live: Live, password: str, **headers: str) -> Reply:
    """Send the demo user's address with a password."""
    body = json.dumps({"email": live.system.account.user, "password": password})
    return live.get("dashboard", SESSION, own_page(live) | headers, "POST", body)


def signed_in(live: Live) -> dict[str, str]:
    """Sign the demo user in; return the headers of the page from then on."""
    reply = try_password(live, live.system.account.password)
    assert reply.status == 200, reply.body
    cookie = reply.headers["set-cookie"].partition(";")[0]  # the last one is the session's
    return own_page(live) | {"cookie": cookie, "x-csrf-token": reply.json()["data"]["csrf"]}


def sign_in_browser(request: APIRequestContext, live: Live) -> None:
    """Sign the demo user in to a browser; the page asks for its CSRF token itself."""
    account = live.system.account
    given = {"email": account.user, "password": account.password}
    url = live.system.ports.address("dashboard") + SESSION
    assert request.post(url, headers=own_page(live), data=given).ok
