"""Administrators switch features; each caller is told which are on for him."""

import msgspec
import pytest

from api.principal import GUEST, Principal
from common.flags import Flag
from tests.api.calling import NOW
from tests.api.staff import EVE, Office

FLAGS = "/api/v1/admin/flags"
NOTEBOOK = {"enabled": True, "rollout_percent": 0, "description": "Python in the browser"}
ANN = Principal("u1", "trader", "enterprise", "session", proved_at=int(NOW))
STALE = EVE._replace(proved_at=1)


@pytest.fixture
def office() -> Office:
    return Office()


def own(office: Office, who: Principal) -> dict[str, bool]:
    told: dict[str, bool] = office.data("GET", "/api/v1/me/flags", who=who)["flags"]
    return told


def test_what_is_there_from_the_beginning_is_on_for_everybody(office: Office) -> None:
    for who in (ANN, EVE, GUEST):
        assert own(office, who) == {"notebook": True, "web_push": True}


def test_a_flag_is_switched_for_those_it_is_for_and_written_down(office: Office) -> None:
    put = office.data("PUT", f"{FLAGS}/notebook", {**NOTEBOOK, "users": ["u1"]})
    assert (put["rollout_percent"], put["users"], put["roles"]) == (0, ["u1"], None)
    assert own(office, ANN)["notebook"]
    assert not own(office, EVE)["notebook"]
    (entry,) = office.entries()
    assert entry[:3] == ("eve", "flag.put", "flag:notebook")
    before, after = (msgspec.json.decode(text) for text in entry[3:])
    assert (before["rollout_percent"], after["rollout_percent"]) == (100, 0)


def test_a_flag_for_a_role_is_on_for_that_role_alone(office: Office) -> None:
    fields = {**NOTEBOOK, "rollout_percent": 100, "roles": ["admin"]}
    office.data("PUT", f"{FLAGS}/notebook", fields)
    assert [own(office, who)["notebook"] for who in (EVE, ANN, GUEST)] == [True, False, False]


def test_kv_has_a_copy_of_what_was_switched(office: Office) -> None:
    office.data("PUT", f"{FLAGS}/notebook", NOTEBOOK)
    office.call.settle("share")
    copy = msgspec.json.decode(office.call.parts.kv["config:notebook"], type=Flag)
    assert copy == Flag(True, 0)
    office.data("DELETE", f"{FLAGS}/notebook", {})
    office.call.settle("share")
    assert not msgspec.json.decode(office.call.parts.kv["config:notebook"], type=Flag).enabled


def test_a_flag_is_made_and_removed(office: Office) -> None:
    office.data("PUT", f"{FLAGS}/new_chart", NOTEBOOK)
    assert [one["flag"] for one in office.data("GET", FLAGS)] == [
        "new_chart", "notebook", "web_push",
    ]  # fmt: skip
    office.data("DELETE", f"{FLAGS}/new_chart", {})
    assert "new_chart" not in own(office, ANN)
    assert [entry[1] for entry in office.entries()] == ["flag.put", "flag.delete"]
    assert office.refused("DELETE", f"{FLAGS}/new_chart", {}) == (404, "no-such-flag")
    assert len(office.entries()) == 2


def test_there_are_only_so_many_flags(office: Office) -> None:
    office.database.connection.execute(
        "INSERT INTO feature_flags (flag, enabled, rollout_percent, description, updated_at)"
        " SELECT 'f' || key, 1, 1, 'd', 1 FROM json_each(?)",
        (msgspec.json.encode([0] * 98).decode(),),
    )
    assert office.refused("PUT", f"{FLAGS}/one_more", NOTEBOOK) == (409, "flag-limit")
    assert office.entries() == []
    office.data("PUT", f"{FLAGS}/notebook", NOTEBOOK)


@pytest.mark.parametrize(
    "fields",
    [
        {**NOTEBOOK, "rollout_percent": 101}, {**NOTEBOOK, "rollout_percent": -1},
        {**NOTEBOOK, "roles": ["root"]}, {**NOTEBOOK, "description": "two\nlines"},
    ],
)  # fmt: skip
def test_what_no_flag_can_be_is_refused(office: Office, fields: object) -> None:
    assert office.refused("PUT", f"{FLAGS}/notebook", fields) == (400, "invalid-field")


def test_switching_needs_a_fresh_proof(office: Office) -> None:
    refused = (403, "step-up-required")
    assert office.refused("PUT", f"{FLAGS}/notebook", NOTEBOOK, STALE) == refused
    assert office.refused("DELETE", f"{FLAGS}/notebook", {}, STALE) == refused
    assert own(office, ANN)["notebook"]
