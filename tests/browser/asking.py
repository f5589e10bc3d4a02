"""An app of a developer that asks a user of the dashboard for consent."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page, Route, expect

from tests.support.live import Live
from tests.support.signing_in import sign_in_browser

CALLBACK = "https://app.graphsync.example/callback"
NATIVE = "http://127.0.0.1/callback"
SCOPES = ["account:read", "market:read", "watchlists:write"]
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
ELSEWHERE = re.compile(r"^(https:|http://127\.0\.0\.1:49152)")
LOOK_MS = 600  # longer than a click must wait after the page came to the front
_CLIENTS = "/api/v1/oauth/clients"


def registered(live: Live) -> Iterator[str]:
    """Give the id of an app that the API knows; it is removed afterwards."""
    key = {"authorization": f"Bearer {live.system.account.api_key}"}
    body = {
        "name": "Graph Sync", "website": "https://graphsync.example/about", "scopes": SCOPES,
        "redirect_uris": [CALLBACK, NATIVE], "confidential": False,
    }  # fmt: skip
    headers = key | {"content-type": "application/json"}
    reply = live.get("api", _CLIENTS, headers, "POST", json.dumps(body))
    assert reply.status == 201, reply.body
    client_id = str(reply.json()["data"]["client_id"])
    yield client_id
    live.get("api", f"{_CLIENTS}/{client_id}", key, "DELETE")


class Asking:
    """The app's request in a browser."""

    def __init__(self, page: Page, live: Live, client_id: str) -> None:
        self.page = page
        self.client_id = client_id
        self.own = live.system.ports.address("dashboard")
        self._live = live
        page.route(ELSEWHERE, lambda route: route.fulfill(body="landed"))

    def open(self, more: str = "", **changed: str) -> None:
        """Send the browser to the consent page as the app does."""
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": CALLBACK,
            "scope": " ".join(SCOPES), "state": "st&te", "code_challenge": CHALLENGE.decode(),
            "code_challenge_method": "S256", "nonce": "of OpenID, which is not ours",
        } | changed  # fmt: skip
        self.page.goto(f"{self.own}/oauth/authorize?{urlencode(asked)}{more}")

    def sign_in(self) -> None:
        """Sign in without the page."""
        sign_in_browser(self.page.request, self._live)

    def press(self, answer: str) -> None:
        """Press Allow or Deny, after having looked at it."""
        button = self.page.get_by_role("button", name=answer, exact=True)
        expect(button).to_be_visible()
        self.page.wait_for_timeout(LOOK_MS)
        button.click()

    def landed(self, at: str = CALLBACK) -> dict[str, list[str]]:
        """Return what the app is told in its address."""
        self.page.wait_for_url(f"{at}?*")
        return parse_qs(urlsplit(self.page.url).query)

    def stays(self) -> bool:
        """Whether the browser is still at the dashboard after a while."""
        self.page.wait_for_timeout(300)
        return self.page.url.startswith(self.own)

    def decide_instead(
        self, redirect_to: str = CALLBACK, question: dict[str, Any] | None = None
    ) -> list[Any]:
        """Answer decisions in the API's place, and give its question if there is one.

        Returns the decisions that are sent.
        """
        sent: list[Any] = []

        def answer(route: Route) -> None:
            if route.request.method == "POST":
                sent.append(route.request.post_data_json)
                route.fulfill(json={"data": {"redirect_to": redirect_to}})
            elif question is not None:
                route.fulfill(json={"data": question})
            else:
                route.fallback()

        self.page.route("**/api/v1/oauth/authorization*", answer)
        return sent
