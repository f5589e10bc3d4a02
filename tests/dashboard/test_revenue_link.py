"""The link to the revenue page is shown to those whom the API would answer."""

import json
import re
from pathlib import Path

from api.permissions import GRANTED

APP = Path(__file__).parents[2] / "src" / "dashboard" / "static" / "app"


def test_the_link_is_for_exactly_the_roles_that_the_api_lets_read_revenue() -> None:
    (roles,) = re.findall(
        r"^const ROLES = (\[.*\]);$", (APP / "parts/revenue-link.js").read_text(), re.M
    )
    able = [role for role, permissions in GRANTED.items() if "revenue:read" in permissions]
    assert json.loads(roles) == able
