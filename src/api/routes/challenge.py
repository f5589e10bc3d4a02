"""/challenge: an address that looks like an attacker shows that a person is there.

Turnstile's widget in the dashboard gives a token, which is verified on the server:
https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
A token is good once, for five minutes, and the widget must name the action.
Answers that were made with a testing key name none and say so:
https://developers.cloudflare.com/turnstile/troubleshooting/testing/
"""

import re
from typing import Annotated

import msgspec

from api.identity.texts import as_json
from api.limits.plans import address_subject
from api.limits.protocol import Report, Verdict
from api.limits.suspicion import Sights
from api.routing import Reads, Result, Route
from api.shapes.challenge import Passed, Widget
from common.errors import Problem, Retryable
from common.times import iso

ACTION = "challenge"
TESTING_SECRET = re.compile("[123]x0{10}")  # passes, fails or is spent, whoever asks
SPENT = "timeout-or-duplicate"
WRONG_TOKEN = ("missing-input-response", "invalid-input-response")


class NothingRequest(msgspec.Struct):
    """No parameters."""


class ChallengeRequest(msgspec.Struct):
    """`token`: what the widget gave."""

    token: Annotated[
        str,
        msgspec.Meta(
            min_length=1, max_length=2048, pattern="^[!-~]+$", examples=["XXXX.DUMMY.TOKEN.XXXX"]
        ),
    ]


class _Metadata(msgspec.Struct):
    result_with_testing_key: bool = False


class _Verification(msgspec.Struct, rename={"error_codes": "error-codes"}):
    """Siteverify's answer, as far as it is looked at."""

    success: bool
    error_codes: list[str] = []
    hostname: str | None = None
    action: str | None = None
    metadata: _Metadata | None = None


async def widget(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return what a page needs to show the challenge. Raises Problem 503."""
    site_key = reads.setting("TURNSTILE_SITE_KEY", "")
    if not site_key:
        raise _unavailable("This installation has no challenge.")
    return Result(as_json(Widget(site_key, ACTION)))


async def passed(request: ChallengeRequest, reads: Reads) -> Result:
    """Verify a token and remember for a day that the caller's address passed.

    Raises Problem 400 for a token that is wrong or spent, 503 when nobody can tell.
    """
    await _verify(request.token, reads)
    report = as_json(Report(sights=Sights(), passed=True))
    try:
        answer = await reads.outside.limiter(address_subject(reads.address), report)
    except Retryable:
        raise _unavailable("It could not be stored that you passed. Solve another one.") from None
    verdict = msgspec.json.decode(answer, type=Verdict)
    return Result(as_json(Passed(iso(verdict.passed_until))))


async def _verify(token: str, reads: Reads) -> None:
    secret = reads.setting("TURNSTILE_SECRET", "")
    production = reads.setting("ENVIRONMENT", "production") == "production"
    if not secret or (production and TESTING_SECRET.match(secret)):
        raise _unavailable("This installation has no challenge.")
    form = {"secret": secret, "response": token}
    if reads.address != "unknown":
        form["remoteip"] = reads.address
    try:
        body = await reads.outside.verify_challenge(form)
        told = msgspec.json.decode(body, type=_Verification)
    except (Retryable, msgspec.MsgspecError, UnicodeDecodeError):
        raise _unavailable("Turnstile did not answer. Try again shortly.") from None
    if told.success:
        _check_place(told, reads.setting("TURNSTILE_HOSTNAME", ""))
    elif SPENT in told.error_codes:
        raise Problem(
            400, "challenge-spent", "This token was used already or is over five minutes old."
            " Solve another one.",
        )  # fmt: skip
    elif set(told.error_codes) & set(WRONG_TOKEN):
        raise _failed("Turnstile does not accept this token. Solve another one.")
    else:  # about the secret or about Turnstile itself: nothing that the caller could change
        raise _unavailable("Turnstile could not verify the token. Try again shortly.")


def _check_place(told: _Verification, hostname: str) -> None:
    """Raise Problem 400 unless the token was made by our page for this purpose."""
    testing = told.metadata is not None and told.metadata.result_with_testing_key
    if not testing and told.action != ACTION:
        raise _failed(f"This token was made for another action than {ACTION!r}.")
    if not testing and hostname and told.hostname != hostname:
        raise _failed("This token was made on another site.")


def _failed(detail: str) -> Problem:
    return Problem(400, "challenge-failed", detail)


def _unavailable(detail: str) -> Problem:
    return Problem(503, "challenge-unavailable", detail, {"retry-after": "5"})


ROUTES = (
    Route(
        path="/api/v1/challenge",
        summary="What a page needs to show the challenge",
        request=NothingRequest,
        handler=widget,
        permission="public",
        answers=Widget,
        problems=("challenge-unavailable",),
    ),
    Route(
        path="/api/v1/challenge",
        summary="Show that a person is behind an address, after 'challenge-needed'",
        description="The token comes from Turnstile's widget, with the action 'challenge'. A passed"
        " challenge is remembered for 24 hours.",
        request=ChallengeRequest,
        handler=passed,
        method="POST",
        permission="public",
        answers=Passed,
        example={"token": "XXXX.DUMMY.TOKEN.XXXX"},
        problems=("challenge-failed", "challenge-spent", "challenge-unavailable"),
        cost="login",
    ),
)
