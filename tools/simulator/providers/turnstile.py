"""challenges.cloudflare.com: siteverify under the secrets that are made for testing.

They take the dummy token alone; a real secret, which nobody knows here, takes none. A good
answer names neither a real host nor an action, and says that a testing key made it.
https://developers.cloudflare.com/turnstile/troubleshooting/testing/
https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
"""

import re
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from tools.simulator.instants import iso
from tools.simulator.provider import Answer, Provider, Request, json_answer

DUMMY_TOKEN = "XXXX.DUMMY.TOKEN.XXXX"  # noqa: S105 - published for testing
PASSES, FAILS, SPENT = (f"{digit}x0000000000000000000000000000000AA" for digit in "123")


def siteverify(request: Request, _: re.Match[str]) -> Answer:
    """`/turnstile/v0/siteverify`: `secret` and `response`, as a form or as JSON."""
    given = _given(request)
    if request.method != "POST" or given is None:
        return _refused(request, "bad-request")
    secret, token = given.get("secret"), given.get("response")
    if not secret:
        return _refused(request, "missing-input-secret")
    if secret not in (PASSES, FAILS, SPENT):
        return _refused(request, "invalid-input-secret")
    if not token:
        return _refused(request, "missing-input-response")
    if secret == SPENT:
        return _refused(request, "timeout-or-duplicate")
    if secret == FAILS or token != DUMMY_TOKEN:
        return _refused(request, "invalid-input-response")
    answer = {
        "success": True,
        "error-codes": [],
        "challenge_ts": iso(request.instant),
        "hostname": "example.com",
        "metadata": {"interactive": False, "result_with_testing_key": True},
    }
    return json_answer(answer, request.now)


def _given(request: Request) -> dict[str, Any] | None:
    """The fields of the body; None when it cannot be read."""
    try:
        if "json" in request.headers.get("content-type", ""):
            fields: dict[str, Any] = msgspec.json.decode(request.body, type=dict[str, Any])
            return fields
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    except (ValueError, RecursionError):
        return None


def _refused(request: Request, code: str) -> Answer:
    answer = {"success": False, "error-codes": [code], "messages": []}
    return json_answer(answer, request.now)


PROVIDERS = (Provider("challenges.cloudflare.com", (("/turnstile/v0/siteverify", siteverify),)),)
