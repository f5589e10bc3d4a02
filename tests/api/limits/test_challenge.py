"""The challenge routes, against the simulated siteverify and a real arbiter."""

import asyncio
from typing import Any

import httpx
import msgspec
import pytest

from api.limits.arbiter import Arbiter
from api.limits.plans import address_subject
from api.limits.protocol import Report
from api.limits.suspicion import PASS_SECONDS, Sights
from api.principal import GUEST
from api.routes.challenge import ACTION, ROUTES, ChallengeRequest, NothingRequest, passed, widget
from api.routing import Reads
from api.shapes.challenge import Passed, Widget
from common.errors import Problem, Retryable
from common.times import epoch, iso
from tests.api.limits.isolates import HERE, START
from tests.tools.simulator.running import make_simulator
from tools.simulator.providers.turnstile import DUMMY_TOKEN, FAILS, PASSES
from tools.simulator.providers.turnstile import SPENT as SPENT_SECRET

SITEVERIFY = "/challenges.cloudflare.com/turnstile/v0/siteverify"


class Outside:
    """Siteverify, and the arbiter of the caller's address. `says` replaces the first."""

    def __init__(self, says: Any = None) -> None:
        self.arbiter = Arbiter(None)
        self.subjects: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.away = False
        self._says = says

    async def verify_challenge(self, form: dict[str, str]) -> bytes:
        self.forms.append(form)
        if isinstance(self._says, Exception):
            raise self._says
        if isinstance(self._says, bytes):
            return self._says
        if self._says is not None:
            return msgspec.json.encode(self._says(form) if callable(self._says) else self._says)
        http = make_simulator().http
        return await asyncio.to_thread(lambda: http.post(SITEVERIFY, data=form).content)

    async def limiter(self, subject: str, request: str) -> str:
        self.subjects.append(subject)
        if self.away:
            raise Retryable("limiter: away")
        return self.arbiter.answer(request, START)

    def challenged_for(self) -> float:
        report = msgspec.json.encode(Report(sights=Sights())).decode()
        told: float = msgspec.json.decode(self.arbiter.answer(report, START))["challenged_for"]
        return told


def attacked() -> Outside:
    outside = Outside()
    report = Report(sights=Sights(odd_paths=20))
    outside.arbiter.answer(msgspec.json.encode(report).decode(), START)
    assert outside.challenged_for() > 0
    return outside


def reads(outside: Outside, address: str = HERE, **settings: str) -> Reads:
    database: Any = None  # no challenge needs one
    given: Any = outside
    return Reads(
        database, START, "simulated", GUEST, given,
        lambda name, default: settings.get(name, default), address,
    )  # fmt: skip


def post(outside: Outside, token: str = DUMMY_TOKEN, **settings: str) -> Any:
    given = {"TURNSTILE_SECRET": PASSES, "ENVIRONMENT": "local"} | settings
    answer = asyncio.run(passed(ChallengeRequest(token), reads(outside, **given)))
    return msgspec.json.decode(answer.data, type=Passed, strict=True)


def refused(outside: Outside, token: str = DUMMY_TOKEN, **settings: str) -> tuple[int, str]:
    with pytest.raises(Problem) as caught:
        post(outside, token, **settings)
    return caught.value.status, caught.value.kind


def good(**changed: Any) -> dict[str, Any]:
    return {
        "success": True, "error-codes": [], "challenge_ts": "2026-11-20T12:00:00Z",
        "hostname": "app.example", "action": ACTION, "cdata": "",
    } | changed  # fmt: skip


def test_a_passed_challenge_ends_suspicion_and_is_remembered_for_a_day() -> None:
    outside = attacked()
    told = post(outside)
    assert epoch(told.passed_until) == START + PASS_SECONDS
    assert outside.subjects == [address_subject(HERE)]
    assert outside.forms == [{"secret": PASSES, "response": DUMMY_TOKEN, "remoteip": HERE}]
    outside.arbiter.answer(msgspec.json.encode(Report(sights=Sights(odd_paths=50))).decode(), START)
    assert outside.challenged_for() == 0


@pytest.mark.parametrize(
    ("secret", "token", "problem"),
    [
        (FAILS, DUMMY_TOKEN, (400, "challenge-failed")),
        (PASSES, "a real token", (400, "challenge-failed")),
        (SPENT_SECRET, DUMMY_TOKEN, (400, "challenge-spent")),
        ("a real secret", DUMMY_TOKEN, (503, "challenge-unavailable")),
        ("", DUMMY_TOKEN, (503, "challenge-unavailable")),
    ],
)
def test_what_was_not_passed_changes_nothing(
    secret: str, token: str, problem: tuple[int, str]
) -> None:
    outside = attacked()
    assert refused(outside, token, TURNSTILE_SECRET=secret) == problem
    assert outside.challenged_for() > 0
    assert outside.subjects == []


def test_a_token_that_is_played_again_passes_nobody() -> None:
    spent: set[str] = set()

    def once(form: dict[str, str]) -> dict[str, Any]:
        if form["response"] in spent:
            return {"success": False, "error-codes": ["timeout-or-duplicate"]}
        spent.add(form["response"])
        return good()

    outside = Outside(once)
    post(outside, "token-1")
    assert refused(outside, "token-1") == (400, "challenge-spent")
    assert len(outside.subjects) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"action": "login"}, {"action": ""}, {"action": None}, {"hostname": "evil.example"},
     {"hostname": None}, {"metadata": {"result_with_testing_key": False}, "action": "x"}],
)  # fmt: skip
def test_a_token_of_another_page_or_purpose_is_refused(wrong: dict[str, Any]) -> None:
    outside = Outside(good(**wrong))
    assert refused(outside, TURNSTILE_HOSTNAME="app.example") == (400, "challenge-failed")
    assert outside.subjects == []


def test_the_host_matters_only_where_it_is_set() -> None:
    assert post(Outside(good(hostname="other.example"))).passed_until == iso(START + PASS_SECONDS)


@pytest.mark.parametrize(
    "says",
    [Retryable("Turnstile: away"), b"<html>", b"", b"[]", b"\xff", b'{"success":"yes"}',
     {"success": False, "error-codes": ["internal-error"]}, {"success": False},
     {"success": False, "error-codes": ["invalid-input-secret"]}],
)  # fmt: skip
def test_when_turnstile_cannot_tell_nobody_passes_and_the_caller_may_try_again(says: Any) -> None:
    outside = Outside(says)
    with pytest.raises(Problem) as caught:
        post(outside)
    assert (caught.value.status, caught.value.kind) == (503, "challenge-unavailable")
    assert "retry-after" in caught.value.headers
    assert outside.subjects == []


def test_a_pass_that_cannot_be_stored_is_none() -> None:
    outside = Outside(good())
    outside.away = True
    assert refused(outside) == (503, "challenge-unavailable")


def test_an_address_that_is_not_known_is_not_told_to_turnstile() -> None:
    outside = Outside(good())
    asyncio.run(passed(ChallengeRequest("t"), reads(outside, "unknown", TURNSTILE_SECRET="s")))
    assert outside.forms == [{"secret": "s", "response": "t"}]


def test_a_page_learns_what_it_needs_to_show_the_challenge() -> None:
    site = {"TURNSTILE_SITE_KEY": "1x00000000000000000000AA"}
    answer: Any = asyncio.run(widget(NothingRequest(), reads(Outside(), **site)))
    told = msgspec.json.decode(answer.data, type=Widget, strict=True)
    assert told == Widget("1x00000000000000000000AA", "challenge")
    with pytest.raises(Problem) as caught:
        asyncio.run(widget(NothingRequest(), reads(Outside())))
    assert caught.value.kind == "challenge-unavailable"


@pytest.mark.parametrize("token", ["", "x" * 2049, "with space", "null\0", "\ud800", "ünicode"])
def test_what_cannot_be_a_token_is_refused_unasked(token: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"token": token}, ChallengeRequest)


def test_everybody_may_pass_a_challenge_and_trying_is_limited_like_a_login() -> None:
    shown, solved = ROUTES
    assert (shown.method, shown.permission, shown.cost) == ("GET", "public", "read")
    assert (solved.method, solved.permission, solved.cost) == ("POST", "public", "login")
    assert solved.body == "json" or solved.has_body
    assert httpx.Response(solved.status).is_success


def test_a_testing_secret_lets_nobody_pass_in_production() -> None:
    outside = attacked()
    assert refused(outside, ENVIRONMENT="production") == (503, "challenge-unavailable")
    assert outside.challenged_for() > 0
