"""How a provider is spared: conditions, budgets, waits."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from collection.fetch import Ask, Limits, Reply, Slots, Usage, retry_after
from common.errors import Retryable
from tests.collection.fetching import URL, Fetched

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)

# --- conditional requests, posts, budgets ------------------------------------------------------


def test_what_is_known_is_asked_for_only_if_it_changed() -> None:
    known = ('W/"abc"', "Fri, 20 Nov 2026 11:00:00 GMT")
    fetched = Fetched(httpx.Response(304), ask=Ask(URL, known=known))
    (request,) = fetched.requests
    assert request.headers["if-none-match"] == 'W/"abc"'
    assert request.headers["if-modified-since"] == known[1]
    assert fetched.reply == Reply(None, known)
    assert fetched.usage == Usage(requests=1, bytes=0)


def test_what_is_not_known_is_asked_for_without_conditions() -> None:
    (request,) = Fetched(httpx.Response(200)).requests
    assert {"if-none-match", "if-modified-since"}.isdisjoint(request.headers)


def test_validators_of_an_answer_are_returned_as_they_came() -> None:
    headers = {"etag": 'W/"x y"', "last-modified": "yesterday"}
    reply = Fetched(httpx.Response(200, content=b"b", headers=headers)).reply
    assert reply == Reply(b"b", ('W/"x y"', "yesterday"))


def test_compressed_bodies_are_welcome() -> None:
    (request,) = Fetched(httpx.Response(200)).requests
    assert "gzip" in request.headers["accept-encoding"]


def test_a_body_is_posted_as_json() -> None:
    (request,) = Fetched(httpx.Response(200), ask=Ask(URL, post=b"[1]")).requests
    assert (request.method, request.content) == ("POST", b"[1]")
    assert request.headers["content-type"] == "application/json"


def test_a_probe_is_not_repeated() -> None:
    fetched = Fetched(httpx.Response(500), ask=Ask(URL, probe=True))
    assert (fetched.usage.requests, fetched.waits) == (1, [])


def test_no_more_is_asked_than_was_granted() -> None:
    answers = [httpx.Response(500)] * 3
    once = Fetched(*answers, slots=1)
    assert once.usage.requests == 1
    assert str(once.error) == "HTTP 500"
    never = Fetched(slots=0)
    assert str(never.error) == "our request budget is used up"


def test_a_request_waits_for_the_time_it_was_granted() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def run() -> None:
        slots = Slots([0.0, 2.5], lambda: 100.0, sleep)
        assert (await slots.take(), await slots.take(), await slots.take()) == (True, True, False)

    asyncio.run(run())
    assert waits == [2.5]


# --- waiting ---------------------------------------------------------------------------------


def test_the_wait_doubles_its_bound_and_comes_from_the_given_randomness() -> None:
    many = Limits(attempts=5)
    waits = [Fetched(*[httpx.Response(500)] * 5, limits=many, seed=s).waits for s in range(200)]
    assert waits[1] == Fetched(*[httpx.Response(500)] * 5, limits=many, seed=1).waits
    for number, bound in enumerate((0.5, 1.0, 2.0, 4.0)):
        column = [each[number] for each in waits]
        assert 0 <= min(column) < 0.1 * bound
        assert 0.9 * bound < max(column) <= bound


def test_retry_after_is_waited_for_exactly() -> None:
    busy = httpx.Response(429, headers={"retry-after": "7"})
    assert Fetched(busy, httpx.Response(200)).waits == [7.0]


def test_a_wait_longer_than_a_tick_can_spare_is_not_waited_for() -> None:
    fetched = Fetched(httpx.Response(429, headers={"retry-after": "11"}))
    assert isinstance(fetched.error, Retryable)
    assert fetched.error.retry_after == 11
    assert (fetched.waits, fetched.usage.requests) == ([], 1)


def test_a_retry_after_of_zero_is_tried_again_at_once() -> None:
    busy = httpx.Response(503, headers={"retry-after": "0"})
    assert Fetched(busy, httpx.Response(200, content=b"ok")).waits == [0.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("119", 119.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("Fri, 20 Nov 2026 12:01:30 GMT", 90.0),
        ("Fri, 20 Nov 2026 13:00:30 +0100", 30.0),
        ("Fri, 20 Nov 2026 11:59:00 GMT", 0.0),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("Fri, 31 Nov 2026 12:00:00 GMT", None),
        ("Fri, 20 Nov 99999999999999999999 12:00:00 GMT", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds
