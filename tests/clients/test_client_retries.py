"""When the client asks again, and when it does not."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from cryptointel import (
    AsyncClient,
    InvalidRequest,
    RateLimited,
    Retries,
    ServerError,
    Unreachable,
)
from cryptointel.transport import AsyncHttpxTransport
from tests.api.calling import BASE, KEY
from tests.clients.answering import Answering, answering, said

LIMITED = {"type": "https://a.example/problems/rate-limited", "detail": "Wait."}


def limited(after: int) -> httpx.Response:
    return httpx.Response(429, json=LIMITED, headers={"retry-after": str(after)})


def in_turn(*answers: httpx.Response | Exception) -> Answering:
    left: Iterator[httpx.Response | Exception] = iter(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        one = next(left)
        if isinstance(one, Exception):
            raise one
        return one

    return answer


def test_a_used_up_limit_is_waited_for_as_long_as_was_said(waits: list[float]) -> None:
    assert answering(in_turn(limited(7), said([]))).signals() == []
    (waited,) = waits
    assert 7 <= waited <= 8, "a little later than asked, not all at once"


def test_a_limit_that_is_free_too_late_is_raised_at_once(waits: list[float]) -> None:
    with pytest.raises(RateLimited) as caught:
        answering(in_turn(limited(3600))).signals()
    assert (caught.value.kind, caught.value.retry_after) == ("rate-limited", 3600)
    assert waits == []


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_part_that_fails_is_asked_again_after_waits_that_double(
    waits: list[float], status: int
) -> None:
    answers = [httpx.Response(status)] * 5
    with pytest.raises(ServerError):
        answering(in_turn(*answers)).signals()
    assert [0.5 * 2**n / 2 <= wait <= 0.5 * 2**n for n, wait in enumerate(waits)] == [True] * 4


def test_a_broken_connection_is_tried_again(waits: list[float]) -> None:
    assert answering(in_turn(httpx.ReadError("reset"), said([]))).signals() == []
    with pytest.raises(Unreachable, match="reset"):
        answering(in_turn(*[httpx.ReadError("reset")] * 5)).signals()


def test_what_is_not_idempotent_is_sent_once(waits: list[float]) -> None:
    with pytest.raises(ServerError):
        answering(in_turn(httpx.Response(503))).request("POST", "/api/v1/watchlists", body={})
    assert waits == []


@pytest.mark.parametrize("status", [400, 409, 422])
def test_a_wrong_request_is_not_repeated(waits: list[float], status: int) -> None:
    with pytest.raises(InvalidRequest):
        answering(in_turn(httpx.Response(status))).signals()
    assert waits == []


def test_an_error_of_ours_is_not_repeated(waits: list[float]) -> None:
    with pytest.raises(ServerError):
        answering(in_turn(httpx.Response(500))).signals()
    assert waits == []


def test_all_tries_together_end_within_the_time_allowed(waits: list[float]) -> None:
    patient = Retries(attempts=1000, seconds=20.0)
    with pytest.raises(RateLimited):
        answering(lambda _: limited(6), patient).signals()
    assert sum(waits) <= 20
    assert len(waits) == 2 or len(waits) == 3


def test_the_awaited_client_waits_too(waits: list[float]) -> None:
    site = httpx.AsyncClient(transport=httpx.MockTransport(in_turn(limited(3), said([]))))
    own = AsyncClient(KEY, base_url=BASE, transport=AsyncHttpxTransport(site))
    assert asyncio.run(own.signals()) == []
    assert 3 <= waits[0] <= 4
