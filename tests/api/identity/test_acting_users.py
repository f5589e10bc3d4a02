"""Who is signed in at the dashboard, as its Worker says it."""

import pytest

from api.identity.sessions import from_session
from api.identity.step_up import require_proof
from api.principal import Principal
from common.errors import Problem


def test_the_dashboard_says_who_is_signed_in() -> None:
    told = '{"user_id":"ann","role":"trader","plan":"pro","session_id":"s1","proved_at":1760000000}'
    assert from_session(told) == Principal(
        "ann", "trader", "pro", "session", session_id="s1", proved_at=1_760_000_000
    )


def test_a_session_that_does_not_say_when_its_person_proved_to_be_there_has_no_fresh_proof() -> (
    None
):
    who = from_session('{"user_id":"ann","role":"trader","plan":"pro"}')
    assert who is not None
    with pytest.raises(Problem):
        require_proof(who, 1_760_000_000)


@pytest.mark.parametrize(
    "header",
    ["", "x", "null", "{}", "[]", '{"user_id":"","role":"viewer","plan":"free"}',
     '{"user_id":"ann","role":"guest","plan":"free"}', '{"user_id":"ann","role":"root","plan":"x"}',
     '{"user_id":1,"role":"viewer","plan":"free"}', '{"user_id":"ann","role":"viewer"}',
     '{"user_id":"ann","role":"viewer","plan":"free","scopes":[]}'],
)  # fmt: skip
def test_anything_else_is_nobody(header: str) -> None:
    assert from_session(header) is None
