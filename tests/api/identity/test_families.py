"""Refresh tokens: rotation, theft, and twenty at once."""

import asyncio
from collections.abc import Sequence

import pytest

from api.identity import access, families
from api.identity.families import ABSOLUTE_SECONDS, IDLE_SECONDS, Family
from common.database import Row, Statement
from common.errors import Retryable
from tests.api.calling import NOW, insert, seeded
from tests.support.sqlite import SqliteDatabase


class Interleaved:
    """A database between whose statements other requests have their turn, as on the network."""

    def __init__(self, inner: SqliteDatabase) -> None:
        self.inner = inner
        self.lose_answers = 0

    async def all(self, statement: Statement) -> list[Row]:
        await asyncio.sleep(0)
        return await self.inner.all(statement)

    async def text(self, statement: Statement) -> str | None:
        await asyncio.sleep(0)
        return await self.inner.text(statement)

    async def texts(self, statements: Sequence[Statement]) -> list[str | None]:
        await asyncio.sleep(0)
        found = await self.inner.texts(statements)
        if self.lose_answers:  # as D1's client then does: the same again
            self.lose_answers -= 1
            found = await self.inner.texts(statements)
        return found

    async def batch(self, statements: Sequence[Statement]) -> int:
        await asyncio.sleep(0)
        return await self.inner.batch(statements)


@pytest.fixture
def database() -> Interleaved:
    inner = seeded()
    insert(inner, "users", user_id="ann", email="a@b.example", role="viewer", created_at=1)
    return Interleaved(inner)


def opened(
    database: Interleaved, client: str | None = None, now: float = NOW
) -> tuple[str, Family]:
    family = families.start("ann", "viewer", client, None, now)
    token, first = families.first_token(family, now)
    asyncio.run(database.batch([*families.insert(family, now), first]))
    return token, family


def rotate(
    database: Interleaved, token: str, client: str | None = None, now: float = NOW
) -> str | None:
    rotated = asyncio.run(families.rotate(token, client, now, database))
    return rotated[0] if rotated else None


def good(database: Interleaved, family: Family, now: float = NOW) -> bool:
    rows = asyncio.run(database.all(Statement(access.FIND_FAMILY, (family.family, int(now)))))
    return bool(rows)


def test_each_use_gives_the_next_token_of_the_same_family(database: Interleaved) -> None:
    token, family = opened(database)
    seen = [token]
    for _ in range(5):
        following = rotate(database, seen[-1])
        assert following is not None
        seen.append(following)
    assert len(set(seen)) == 6
    assert {token[:24] for token in seen} == {family.family}
    assert all(len(token) == 24 + 43 for token in seen), "256 bits behind the family's name"


def test_a_used_token_ends_the_family_and_every_token_of_it(database: Interleaved) -> None:
    token, family = opened(database)
    following = rotate(database, token)
    assert following is not None
    assert rotate(database, token) is None
    assert not good(database, family)
    assert rotate(database, following) is None


def test_of_twenty_uses_at_once_one_wins_and_the_others_end_the_family(
    database: Interleaved,
) -> None:
    token, family = opened(database)

    async def all_at_once() -> list[tuple[str, Family] | None]:
        return await asyncio.gather(
            *(families.rotate(token, None, NOW, database) for _ in range(20))
        )

    won = [one for one in asyncio.run(all_at_once()) if one is not None]
    assert len(won) == 1
    assert not good(database, family)
    assert rotate(database, won[0][0]) is None
    assert database.inner.rows("SELECT count(*) FROM refresh_tokens") == [(2,)]


def test_an_answer_of_the_database_that_got_lost_is_no_second_use(database: Interleaved) -> None:
    token, family = opened(database)
    database.lose_answers = 1
    following = rotate(database, token)
    assert following is not None
    assert good(database, family)
    assert rotate(database, following) is not None


def test_a_failing_database_uses_nothing_up(database: Interleaved) -> None:
    token, family = opened(database)
    texts = database.texts

    async def fail(statements: Sequence[Statement]) -> list[str | None]:
        raise Retryable("database: gone")

    database.texts = fail  # type: ignore[method-assign]
    with pytest.raises(Retryable):
        rotate(database, token)
    database.texts = texts  # type: ignore[method-assign]
    assert rotate(database, token) is not None
    assert good(database, family)


def test_a_token_is_bound_to_its_client_and_another_cannot_end_it(database: Interleaved) -> None:
    insert(
        database.inner, "oauth_clients", client_id="app_1", owner="ann", name="a",
        redirect_uris="[]", scopes="[]", created_at=1,
    )  # fmt: skip
    token, family = opened(database, "app_1")
    assert rotate(database, token) is None
    assert rotate(database, token, "app_2") is None
    following = rotate(database, token, "app_1")
    assert following is not None
    assert rotate(database, token, "app_2") is None, "not even by using it again"
    assert good(database, family)


def test_an_unused_token_ends_after_thirty_days_and_a_used_one_goes_on(
    database: Interleaved,
) -> None:
    token, _ = opened(database)
    assert rotate(database, token, now=NOW + IDLE_SECONDS) is None
    following = rotate(database, token, now=NOW + IDLE_SECONDS - 2)
    assert following is not None
    assert rotate(database, following, now=NOW + 2 * IDLE_SECONDS - 4) is not None


def test_a_family_ends_after_ninety_days_however_often_it_was_used(database: Interleaved) -> None:
    token, family = opened(database)
    now = NOW
    while now + IDLE_SECONDS - 2 < NOW + ABSOLUTE_SECONDS - 1:
        now += IDLE_SECONDS - 2
        token = rotate(database, token, now=now) or ""
    assert token
    assert good(database, family, NOW + ABSOLUTE_SECONDS - 1)
    assert not good(database, family, NOW + ABSOLUTE_SECONDS)
    assert rotate(database, token, now=NOW + ABSOLUTE_SECONDS) is None


def test_families_that_ended_are_forgotten_with_their_tokens(database: Interleaved) -> None:
    opened(database)
    opened(database, now=NOW + ABSOLUTE_SECONDS + 1)
    assert database.inner.rows("SELECT count(*) FROM token_families") == [(1,)]
    assert database.inner.rows("SELECT count(*) FROM refresh_tokens") == [(1,)]


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 67, "' OR 1=1 --" * 10, "\x00" * 67])
def test_what_is_no_token_is_refused(database: Interleaved, token: str) -> None:
    opened(database)
    assert rotate(database, token) is None


def test_the_stored_digest_is_no_token(database: Interleaved) -> None:
    _, family = opened(database)
    ((stored,),) = database.inner.rows("SELECT token_digest FROM refresh_tokens")
    assert rotate(database, stored) is None
    assert rotate(database, family.family + stored) is None
    assert good(database, family)
