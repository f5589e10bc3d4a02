"""/mutes: whose signals a user does not want to see, for a time or for good."""

from typing import Any

import msgspec
import pytest

from api.objects.mutes import MOST_MUTES
from api.principal import GUEST, Principal
from api.shapes.mutes import Mute
from common.times import iso
from tests.api.calling import NOW, Caller, body, insert
from tests.api.posting import data, kind, send
from tests.support.sqlite import SqliteDatabase

MUTES = "/api/v1/mutes"
ANN = Principal("u1", "viewer", "enterprise", "session")
BEN = Principal("u2", "admin", "enterprise", "session")


def mute(ask: Caller, what: str, fields: Any = None, who: Principal = ANN) -> Any:
    return send(ask, "PUT", f"{MUTES}/{what}", fields or {}, key=None, principal=who)


def muted(ask: Caller, who: Principal = ANN) -> list[tuple[str, str, str | None]]:
    answer = ask(MUTES, key=None, principal=who)
    told = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    rows = msgspec.json.decode(told, type=list[Mute], strict=True)
    return [(one.kind, one.subject, one.until) for one in rows]


def test_an_asset_or_a_type_is_muted_and_shown_again(ask: Caller) -> None:
    mute(ask, "asset/bitcoin")
    ask.now += 1
    mute(ask, "type/pump", {"until": iso(NOW + 3600)})
    assert muted(ask) == [("type", "pump", iso(NOW + 3600)), ("asset", "bitcoin", None)]
    ask(f"{MUTES}/asset/bitcoin", "DELETE", key=None, principal=ANN)
    assert muted(ask) == [("type", "pump", iso(NOW + 3600))]


def test_sending_it_twice_is_the_same_and_a_later_one_changes_until_when(ask: Caller) -> None:
    assert data(mute(ask, "asset/bitcoin")) == data(mute(ask, "asset/bitcoin"))
    mute(ask, "asset/bitcoin", {"until": iso(NOW + 60)})
    assert muted(ask) == [("asset", "bitcoin", iso(NOW + 60))]
    for _ in range(2):
        assert ask(f"{MUTES}/asset/bitcoin", "DELETE", key=None, principal=ANN).status == 200
    assert muted(ask) == []


def test_what_is_over_is_not_told_and_is_forgotten(ask: Caller, database: SqliteDatabase) -> None:
    mute(ask, "asset/bitcoin", {"until": iso(NOW + 60)})
    ask.now += 61
    assert muted(ask) == []
    mute(ask, "type/pump")
    assert database.rows("SELECT subject FROM mutes") == [("pump",)]


def test_what_a_signal_is_about_need_be_no_asset_with_a_price(ask: Caller) -> None:
    mute(ask, "asset/protocol:aave%2Fv3")
    assert muted(ask) == [("asset", "protocol:aave/v3", None)]


@pytest.mark.parametrize(
    ("what", "fields", "status", "wanted"),
    [
        ("type/rumour", {}, 422, "mute-invalid"),
        ("asset/bitcoin", {"until": iso(NOW - 1)}, 422, "mute-invalid"),
        ("asset/bitcoin", {"until": "2026-01-01T00:00:00"}, 400, "invalid-field"),
        ("asset/a%20b", {}, 400, "invalid-field"),
        ("source/a", {}, 400, "invalid-field"),
    ],
)
def test_what_cannot_be_muted_is_refused(
    ask: Caller, what: str, fields: Any, status: int, wanted: str
) -> None:
    assert kind(mute(ask, what, fields), status)[0] == wanted


def test_one_may_mute_so_much_and_still_change_it(ask: Caller, database: SqliteDatabase) -> None:
    for number in range(MOST_MUTES):
        insert(database, "mutes", owner="u1", kind="asset", subject=f"a{number}", created_at=1)
    assert kind(mute(ask, "asset/one-more"), 409)[0] == "mute-limit"
    assert mute(ask, "asset/a0", {"until": iso(NOW + 60)}).status == 200
    assert mute(ask, "asset/one-more", who=BEN).status == 200


def test_nobody_sees_or_changes_what_another_muted(ask: Caller) -> None:
    mute(ask, "asset/bitcoin")
    mute(ask, "asset/bitcoin", {"until": iso(NOW + 60)}, BEN)
    ask(f"{MUTES}/asset/bitcoin", "DELETE", key=None, principal=BEN)
    assert (muted(ask), muted(ask, BEN)) == ([("asset", "bitcoin", None)], [])
    assert ask(MUTES, key=None, principal=GUEST).status == 403
