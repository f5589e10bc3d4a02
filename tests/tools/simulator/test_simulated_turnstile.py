from typing import Any

import pytest

from tests.tools.simulator.running import Simulator
from tools.simulator.providers.turnstile import DUMMY_TOKEN, FAILS, PASSES, SPENT

SITEVERIFY = "/challenges.cloudflare.com/turnstile/v0/siteverify"


def verify(simulator: Simulator, **fields: str) -> dict[str, Any]:
    answer = simulator.http.post(SITEVERIFY, data=fields)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_the_passing_secret_takes_the_dummy_token_and_says_that_it_is_for_testing(
    simulator: Simulator,
) -> None:
    told = verify(simulator, secret=PASSES, response=DUMMY_TOKEN, remoteip="198.51.100.7")
    assert told == {
        "success": True, "error-codes": [], "challenge_ts": "2026-11-20T12:00:00Z",
        "hostname": "example.com",
        "metadata": {"interactive": False, "result_with_testing_key": True},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"secret": FAILS, "response": DUMMY_TOKEN}, "invalid-input-response"),
        ({"secret": SPENT, "response": DUMMY_TOKEN}, "timeout-or-duplicate"),
        ({"secret": PASSES, "response": "0.a-real-token"}, "invalid-input-response"),
        ({"secret": "0x4AAA-a-real-secret", "response": DUMMY_TOKEN}, "invalid-input-secret"),
        ({"response": DUMMY_TOKEN}, "missing-input-secret"),
        ({"secret": PASSES}, "missing-input-response"),
        ({}, "missing-input-secret"),
    ],
)
def test_everything_else_is_refused_with_its_code(
    simulator: Simulator, fields: dict[str, str], code: str
) -> None:
    told = verify(simulator, **fields)
    assert (told["success"], told["error-codes"]) == (False, [code])


def test_a_body_may_be_json(simulator: Simulator) -> None:
    given = {"secret": PASSES, "response": DUMMY_TOKEN}
    assert simulator.http.post(SITEVERIFY, json=given).json()["success"] is True
    answer = simulator.http.post(
        SITEVERIFY, content=b"[", headers={"content-type": "application/json"}
    )
    assert answer.json()["error-codes"] == ["bad-request"]


def test_a_get_verifies_nothing(simulator: Simulator) -> None:
    assert simulator.http.get(SITEVERIFY).json()["success"] is False


def test_faults_apply_to_it_as_to_every_provider(simulator: Simulator) -> None:
    simulator.fault("challenges.cloudflare.com", "500")
    given = {"secret": PASSES, "response": DUMMY_TOKEN}
    assert simulator.http.post(SITEVERIFY, data=given).status_code == 500
