"""The ways through the dashboard are shown to those whom the API would answer."""

import re
from pathlib import Path

import pytest

from api.permissions import GRANTED

APP = Path(__file__).parents[2] / "src" / "dashboard" / "static" / "app"
NEEDED = {"/revenue": "revenue:read", "/admin": "admin:read"}


def roles_led_to() -> dict[str, set[str]]:
    text = (APP / "parts" / "navigation.js").read_text("utf-8")
    places = re.findall(r'href: "([^"]+)"[^}]*?roles: \[([^\]]*)\]', text)
    return {href: set(re.findall(r'"([^"]+)"', roles)) for href, roles in places}


@pytest.mark.parametrize("page", sorted(NEEDED))
def test_a_page_for_some_is_led_to_for_exactly_the_roles_that_the_api_lets_read_it(
    page: str,
) -> None:
    able = {role for role, permissions in GRANTED.items() if NEEDED[page] in permissions}
    assert roles_led_to()[page] == able


def test_no_other_page_is_for_some_only() -> None:
    assert roles_led_to().keys() == NEEDED.keys()
