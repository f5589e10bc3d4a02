"""Who may open the live stream: decided before a shard of the hub is asked."""

import pytest

from api.objects.live import MOST_OF_ADDRESS, MOST_OF_USER
from api.principal import GUEST, Principal
from api.routes import live
from tests.api.calling import Caller
from tests.support.sqlite import SqliteDatabase

UPGRADE = {"upgrade": "websocket"}
VIEW = "/api/v1/dashboard/live"
ADA = Principal("ada", "trader", kind="session")
LIST = "watchlist:0123456789abcdef"


@pytest.fixture
def ask() -> Caller:
    return Caller(SqliteDatabase(), live.ROUTES)


def test_a_visitor_of_the_dashboard_gets_what_is_public_counted_by_his_address(ask: Caller) -> None:
    answer = ask(VIEW, key=None, principal=GUEST, headers=UPGRADE)
    assert answer.status == 101
    ((shard, opening, upgrade),) = ask.parts.opened
    assert (opening["shard"], upgrade, opening["topics"]) == (shard, True, ["all"])
    who = opening["who"]
    assert who["subject"].startswith("address:")
    assert (who["most"], who["owner"]) == (MOST_OF_ADDRESS, None)


def test_who_is_signed_in_is_counted_as_himself_and_may_follow_his_watchlists(ask: Caller) -> None:
    answer = ask(f"{VIEW}?topics={LIST}&after=7", key=None, principal=ADA, headers=UPGRADE)
    assert answer.status == 101
    ((_, opening, _),) = ask.parts.opened
    assert (opening["topics"], opening["after"]) == ([LIST], 7)
    assert opening["who"] == {
        "subject": "user:ada", "most": MOST_OF_USER, "owner": "ada", "seconds": 3600,
    }  # fmt: skip


def test_all_connections_of_one_caller_hang_on_one_shard_and_callers_are_spread(
    ask: Caller,
) -> None:
    for number in range(40):
        user = Principal(f"user-{number % 20}", "viewer", kind="session")
        assert ask(VIEW, key=None, principal=user, headers=UPGRADE).status == 101
    shards = [shard for shard, _, _ in ask.parts.opened]
    assert shards[:20] == shards[20:]
    assert len(set(shards)) > 4


@pytest.mark.parametrize(
    ("principal", "topics", "status", "kind"),
    [
        (GUEST, LIST, 403, "key-needed"),
        (ADA._replace(scopes=frozenset({"dashboard:read"})), LIST, 403, "scope-missing"),
        (ADA._replace(scopes=frozenset({"market:read"})), "all", 403, "scope-missing"),
        (ADA, "nonsense", 400, "invalid-parameter"),
        (ADA, "asset:a,,", 400, "invalid-parameter"),
        (ADA, ",".join(f"asset:{n}" for n in range(101)), 400, "invalid-parameter"),
    ],
)
def test_what_may_not_be_had_is_refused_before_anything_is_opened(
    ask: Caller, principal: Principal, topics: str, status: int, kind: str
) -> None:
    answer = ask(f"{VIEW}?topics={topics}", key=None, principal=principal, headers=UPGRADE)
    assert (answer.status, kind in str(answer.body)) == (status, True)
    assert ask.parts.opened == []


@pytest.mark.parametrize("path", ["/api/v1/live", "/api/v1/live/events"])
def test_the_api_opens_nothing_without_a_credential_or_a_ticket(ask: Caller, path: str) -> None:
    assert ask(path, key=None, headers=UPGRADE).status == 401
    assert ask(f"{path}?ticket=lt_3_short", key=None, headers=UPGRADE).status == 400
    assert ask.parts.opened == []


def test_a_ticket_leads_to_the_shard_that_keeps_it_and_its_text_is_kept_nowhere(
    ask: Caller,
) -> None:
    answer = ask("/api/v1/live/tickets", "POST", key=None, principal=ADA)
    assert answer.status == 201
    text = str(answer.body).partition('"ticket":"')[2].partition('"')[0]
    ((shard, kept),) = ask.parts.tickets
    assert kept["until"] == int(ask.now) + 30
    assert text not in str(kept)
    assert ask(f"/api/v1/live?ticket={text}", key=None, headers=UPGRADE).status == 101
    ((named, opening, _),) = ask.parts.opened
    assert (named, opening["ticket"]) == (shard, kept["digest"])
    assert "who" not in opening


def test_a_request_for_a_socket_that_is_none_says_what_would_be_one(ask: Caller) -> None:
    answer = ask(VIEW, key=None, principal=GUEST)
    assert (answer.status, answer.headers["upgrade"]) == (426, "websocket")


def test_a_stream_resumes_after_the_event_that_its_reader_names(ask: Caller) -> None:
    for last, after in (("12", 12), ("x", 5), ("", 5), ("9" * 30, 5)):
        headers = {"last-event-id": last}
        answer = ask(f"{VIEW}/events?after=5", key=None, principal=ADA, headers=headers)
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert ask.parts.opened[-1][1]["after"] == after
