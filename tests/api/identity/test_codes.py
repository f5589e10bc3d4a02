"""Authorization codes when many bring the same one at once."""

import asyncio

import pytest

from api.identity import codes
from api.identity.codes import Allowed
from api.identity.families import Family
from common.database import Statement
from tests.api.calling import NOW, insert, seeded
from tests.api.identity.people import CALLBACK, CHALLENGE, VERIFIER
from tests.api.identity.test_families import Interleaved, good, rotate


@pytest.fixture
def database() -> Interleaved:
    inner = seeded()
    insert(
        inner, "oauth_clients", client_id="app_1", owner="u1", name="a", redirect_uris="[]",
        scopes='["market:read"]', created_at=1,
    )  # fmt: skip
    insert(inner, "oauth_grants", user_id="u1", client_id="app_1", scopes="[]", created_at=1)
    return Interleaved(inner)


def issued(database: Interleaved) -> str:
    allowed = Allowed("app_1", "u1", CALLBACK, frozenset({"market:read"}), CHALLENGE)
    code, statements = codes.issue(allowed, NOW)
    asyncio.run(database.batch(statements))
    return code


async def redeem(database: Interleaved, code: str) -> tuple[str, Family] | None:
    return await codes.redeem(code, "app_1", CALLBACK, VERIFIER, NOW, database)


def test_of_twenty_uses_at_once_one_wins_and_nobody_keeps_anything(database: Interleaved) -> None:
    code = issued(database)

    async def all_at_once() -> list[tuple[str, Family] | None]:
        return await asyncio.gather(*(redeem(database, code) for _ in range(20)))

    won = [one for one in asyncio.run(all_at_once()) if one is not None]
    assert len(won) == 1
    token, family = won[0]
    assert not good(database, family)
    assert rotate(database, token, "app_1") is None
    alive = Statement("SELECT family FROM token_families WHERE revoked_at IS NULL")
    assert asyncio.run(database.all(alive)) == []


def test_an_answer_of_the_database_that_got_lost_is_no_second_use(database: Interleaved) -> None:
    code = issued(database)
    database.lose_answers = 1
    redeemed = asyncio.run(redeem(database, code))
    assert redeemed is not None
    assert good(database, redeemed[1])
    assert rotate(database, redeemed[0], "app_1") is not None
