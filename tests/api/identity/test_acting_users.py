"""Who is signed in at the dashboard, as its Worker says it."""

import pytest

from api.identity.sessions import from_session
from api.principal import Principal


def test_the_dashboard_says_who_is_signed_in() -> None:
    assert from_session('{"user_id":"ann","role":"trader","plan":"pro"}') == Principal(
        "ann", "trader", "pro", "session"
    )


@pytest.mark.parametrize(
    "header",
    ["", "x", "null", "{}", "[]", '{"user_id":"","role":"viewer","plan":"free"}',
     '{"user_id":"ann","role":"guest","plan":"free"}', '{"user_id":"ann","role":"root","plan":"x"}',
     '{"user_id":1,"role":"viewer","plan":"free"}', '{"user_id":"ann","role":"viewer"}',
     '{"user_id":"ann","role":"viewer","plan":"free","scopes":[]}'],
)  # fmt: skip
def test_anything_else_is_nobody(header: str) -> None:
    assert from_session(header) is None
