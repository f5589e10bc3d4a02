"""Statements about clients that registered themselves, of which there may be very many."""

import re

import pytest

from api.identity import owned, registration
from tests.support.sqlite import migrated

STATEMENTS = {
    "forget": registration.FORGET,
    "claim": registration.CLAIM,
    "unclaim": registration.UNCLAIM,
    "erase": owned.ERASE_REGISTERED,
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_none_reads_all_clients_that_have_no_owner(name: str) -> None:
    sql = STATEMENTS[name]
    most = max(int(number) for number in re.findall(r"\?(\d+)", sql))
    plan = migrated().execute(f"EXPLAIN QUERY PLAN {sql}", [None] * most).fetchall()
    assert "oauth_clients_by_owner" not in str([tuple(row) for row in plan])
    assert "SCAN oauth_clients" not in str([tuple(row) for row in plan])
