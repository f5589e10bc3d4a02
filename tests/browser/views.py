"""Views of the dashboard's API with a change in them."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route

VIEWS = "**/api/v1/dashboard/*"


def alter(page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the page receive its view with a change in it."""

    def answer(route: Route) -> None:
        real = route.fetch()
        body = real.json()
        change(body["data"])
        route.fulfill(response=real, body=json.dumps(body))

    page.route(VIEWS, answer)
