"""docs/security.md says what the code does."""

import re
from pathlib import Path

from api.identity.step_up import PROOF_SECONDS
from dashboard import linked, lockout, sessions, step_up, totp, visit

GUIDE = (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8")


def test_the_limits_on_guessing_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| (?!tries|-).*? \| (\d+) \| (\d+) s \| (\d+) s \|$", GUIDE, re.M)
    rules = (lockout.PAIR, lockout.ADDRESS, lockout.ACCOUNT, lockout.CODE, lockout.DEVICE)
    assert [tuple(map(int, row)) for row in rows] == list(rules)


def test_the_times_are_those_of_the_code() -> None:
    told = " ".join(GUIDE.split())
    assert f"ends after {visit.STEP_SECONDS} seconds" in told
    assert f"at a provider after {linked.STEP_SECONDS}" in told
    assert f"one step of {totp.STEP_SECONDS} seconds" in told
    assert f"after {sessions.IDLE_SECONDS // 3600} idle hours" in told
    assert f"after {sessions.ABSOLUTE_SECONDS // 86_400} days" in told
    assert f"Every {sessions.ROTATE_SECONDS // 60} minutes" in told
    assert f"good for {sessions.GRACE_SECONDS} seconds more" in told
    assert f"at most {step_up.PROOF_SECONDS // 60} minutes old" in told


def test_both_sides_mean_the_same_by_a_fresh_proof() -> None:
    assert PROOF_SECONDS == step_up.PROOF_SECONDS
