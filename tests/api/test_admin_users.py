"""Administrators find accounts and change them; each change is proved, guarded and written down."""

from typing import Any

import msgspec
import pytest

from api.principal import Principal
from tests.api.calling import KEY, NOW, body, insert
from tests.api.staff import EVE, ZOE, Office

USERS = "/api/v1/admin/users"
U1 = f"{USERS}/u1"
STALE = EVE._replace(proved_at=int(NOW) - 601)
BY_KEY = Principal("eve", "admin", "enterprise", "key", credential="k1")
CHANGES: list[tuple[str, str, Any]] = [
    ("PATCH", U1, {"role": "viewer"}),
    ("POST", f"{U1}/end-sessions", {}),
    ("POST", f"{U1}/keys/key1/revoke", {}),
]


@pytest.fixture
def office() -> Office:
    return Office()


def session(office: Office, user_id: str, name: str) -> None:
    insert(
        office.database, "sessions", session_id=name, user_id=user_id, token_digest=name,
        csrf="c", method="password", device="Firefox on Linux", country="CH",
        created_at=int(NOW) - 900, seen_at=int(NOW) - 5, proved_at=1, expires_at=int(NOW) + 900,
    )  # fmt: skip


def test_accounts_are_found_by_the_beginning_of_an_address_or_by_id(office: Office) -> None:
    def found(query: str) -> list[str]:
        return [one["user_id"] for one in office.data("GET", f"{USERS}?{query}")]

    assert found("") == ["eve", "u1", "zoe"]
    assert found("query=EVE@") == ["eve"]
    assert found("query=u1") == ["u1"]
    assert found("with_role=admin") == ["eve", "zoe"]
    assert found("query=%25") == found("query=nobody") == []


def test_accounts_are_listed_page_by_page(office: Office) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = msgspec.json.decode(body(office.ask("GET", f"{USERS}?limit=1{cursor}")))
        seen += [one["user_id"] for one in page["data"]]
        if page["meta"]["next"] is None:
            break
        cursor = f"&cursor={page['meta']['next']}"
    assert seen == ["eve", "u1", "zoe"]


def test_an_account_is_told_without_any_secret(office: Office) -> None:
    session(office, "u1", "s1")
    told = office.data("GET", U1)
    assert told["sessions"][0]["device"] == "Firefox on Linux"
    assert [one["key_id"] for one in told["keys"]] == ["key1"]
    answer = str(office.ask("GET", U1).body)
    (stored,) = office.database.rows("SELECT secret_hash FROM api_keys")
    assert stored[0] not in answer
    assert "digest" not in answer
    assert "csrf" not in answer


def test_a_change_is_made_and_written_down_with_what_was_before(office: Office) -> None:
    told = office.data("PATCH", U1, {"role": "analyst", "disabled": True})
    assert (told["role"], told["plan"]) == ("analyst", "enterprise")
    assert told["disabled_at"] is not None
    assert office.entries() == [(
        "eve", "user.change", "user:u1",
        '{"role":"trader","plan":"enterprise","disabled":false}',
        '{"role":"analyst","plan":"enterprise","disabled":true}',
    )]  # fmt: skip
    assert office.call("/api/v1/me", key=KEY).status == 401


def test_what_changes_nothing_is_not_written_down(office: Office) -> None:
    office.data("PATCH", U1, {"role": "trader", "disabled": False})
    assert office.entries() == []


def test_the_number_that_the_answer_has_is_written_down(office: Office) -> None:
    answer = office.ask("PATCH", U1, {"plan": "pro"})
    assert office.one("SELECT request_id FROM audit_log") == answer.headers["x-request-id"]


@pytest.mark.parametrize(("method", "path", "fields"), CHANGES)
def test_a_change_needs_a_fresh_proof_and_no_key_will_do(
    office: Office, method: str, path: str, fields: Any
) -> None:
    before = list(office.database.connection.iterdump())
    for who in (STALE, BY_KEY):
        assert office.refused(method, path, fields, who) == (403, "step-up-required")
    assert list(office.database.connection.iterdump()) == before


@pytest.mark.parametrize(("method", "path", "fields"), CHANGES)
def test_a_change_of_nobody_is_not_found(
    office: Office, method: str, path: str, fields: Any
) -> None:
    assert office.refused(method, path.replace("/u1", "/u9"), fields) == (404, "no-such-user")
    assert office.entries() == []


def test_nobody_changes_his_own_account(office: Office) -> None:
    for change in ({"role": "viewer"}, {"plan": "free"}, {"disabled": True}):
        assert office.refused("PATCH", f"{USERS}/eve", change) == (409, "own-account")


def test_of_two_administrators_who_demote_each_other_only_the_first_does(office: Office) -> None:
    """Both were administrators when they asked: what counts is what the database says."""
    office.data("PATCH", f"{USERS}/zoe", {"role": "viewer"})
    assert office.refused("PATCH", f"{USERS}/eve", {"disabled": True}, ZOE) == (409, "last-admin")
    assert office.one("SELECT count(*) FROM users WHERE role = 'admin'") == 1
    assert len(office.entries()) == 1


def test_the_last_administrator_who_can_sign_in_stays(office: Office) -> None:
    """One who is disabled, or was erased meanwhile, is no administrator who could help."""
    office.database.connection.execute("UPDATE users SET disabled_at = 1 WHERE user_id = 'zoe'")
    ghost = EVE._replace(user_id="ghost")
    assert office.refused("PATCH", f"{USERS}/eve", {"role": "viewer"}, ghost) == (409, "last-admin")
    assert office.one("SELECT role FROM users WHERE user_id = 'eve'") == "admin"


def test_sessions_and_sign_ins_are_ended_and_keys_go_on(office: Office) -> None:
    session(office, "u1", "s1")
    session(office, "zoe", "s2")
    insert(
        office.database, "token_families", family="f1", user_id="u1", created_at=1,
        expires_at=int(NOW) + 900,
    )  # fmt: skip
    told = office.data("POST", f"{U1}/end-sessions", {})
    assert told == {"user_id": "u1", "sessions": 0, "sign_ins": 0}
    assert office.database.rows("SELECT session_id FROM sessions") == [("s2",)]
    assert office.entries()[0][3:] == (
        '{"sessions":1,"sign_ins":1}', '{"sessions":0,"sign_ins":0}',
    )  # fmt: skip
    assert office.call("/api/v1/me", key=KEY).status == 200


def test_a_key_of_somebodys_is_revoked(office: Office) -> None:
    told = office.data("POST", f"{U1}/keys/key1/revoke", {})
    assert told["key_id"] == "key1"
    assert office.call("/api/v1/me", key=KEY).status == 401
    assert [one[:3] for one in office.entries()] == [("eve", "key.revoke", "user:u1")]
    wrong = office.refused("POST", f"{USERS}/zoe/keys/key1/revoke", {})
    assert wrong == (404, "no-such-user")


def test_what_was_changed_of_an_account_is_told_newest_first(office: Office) -> None:
    office.data("PATCH", U1, {"plan": "pro"})
    office.data("PATCH", U1, {"plan": "free"})
    office.data("PATCH", f"{USERS}/zoe", {"plan": "free"})
    told = office.data("GET", f"{U1}/history")
    assert [one["after"]["plan"] for one in told] == ["free", "pro"]
    assert told[0]["actor_email"] == "eve@example.com"
    assert len(office.data("GET", "/api/v1/admin/audit")) == 3


@pytest.mark.parametrize("sql", ["UPDATE audit_log SET actor = 'me'", "DELETE FROM audit_log"])
def test_the_audit_log_cannot_be_rewritten(office: Office, sql: str) -> None:
    office.data("PATCH", U1, {"plan": "pro"})
    with pytest.raises(Exception, match="the audit log is not changed"):
        office.database.connection.execute(sql)
