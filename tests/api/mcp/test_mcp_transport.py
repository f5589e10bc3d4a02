"""What /mcp takes and refuses before it looks for a method: HTTP, JSON-RPC, revisions."""

from base64 import b64encode
from typing import Any

import pytest

from api.mcp import protocol
from tests.api.calling import KEY, Caller, body, insert_key
from tests.api.mcp.talking import ABOUT, HEADERS, message, modern, post, refused, told
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

PING = message("ping")
PAGE = "https://agent.example"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_no_stream_to_open_and_no_session_to_end(ask: Caller, method: str) -> None:
    answer = ask("/mcp", method, headers={"accept": "text/event-stream"})
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_a_notification_is_accepted_without_an_answer(ask: Caller) -> None:
    sent = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    answer = post(ask, sent)
    assert (answer.status, body(answer)) == (202, "")


@pytest.mark.parametrize("identity", [0, -1, 2**53, "a", "", "ü" * 256])
def test_an_answer_has_the_id_of_its_request(ask: Caller, identity: Any) -> None:
    assert told(post(ask, PING | {"id": identity})) == {
        "jsonrpc": "2.0", "id": identity, "result": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    "sent",
    [
        {"id": 1, "method": "ping"},
        PING | {"jsonrpc": "1.0"},
        PING | {"id": None},
        PING | {"id": 1.5},
        PING | {"id": True},
        PING | {"id": 2**53 + 1},
        PING | {"id": "a" * 257},
        PING | {"method": 7},
        PING | {"params": [1]},
        PING | {"meta": {}},
        {"jsonrpc": "2.0", "id": 1},
        "ping",
        7,
    ],
)
def test_what_is_no_request_is_an_invalid_request(ask: Caller, sent: Any) -> None:
    assert refused(post(ask, sent), 400)["code"] == -32600


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"{", b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', b"\xff", b'"\\ud800"',
        b'{"a":' * 30 + b"1" + b"}" * 30, b"[" + b"1," * 6000 + b"1]",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_parse_error(ask: Caller, sent: bytes) -> None:
    answer = told(post(ask, sent), 400)
    assert (answer["error"]["code"], answer["id"]) == (-32700, None)


def test_a_body_that_is_too_large_or_no_json_is_not_read(ask: Caller) -> None:
    assert kind(post(ask, b" " * 70_000), 413)[0] == "body-too-large"
    assert kind(post(ask, PING, content_type="text/plain"), 415)[0] == "wrong-media-type"


@pytest.mark.parametrize("accept", [None, "*/*", "application/*;q=0.5", "application/json"])
def test_who_takes_json_is_answered_in_json(ask: Caller, accept: str | None) -> None:
    assert post(ask, PING, accept=accept).status == 200


def test_who_takes_no_json_is_refused(ask: Caller) -> None:
    assert refused(post(ask, PING, accept="text/event-stream"), 406)["code"] == -32000


def test_an_unknown_revision_is_refused_with_those_that_there_are(ask: Caller) -> None:
    error = refused(post(ask, PING, mcp_protocol_version="2099-01-01"), 400)
    assert error["code"] == -32022
    assert error["data"] == {"supported": list(protocol.VERSIONS), "requested": "2099-01-01"}


@pytest.mark.parametrize("version", [*protocol.HANDSHAKE, None])
def test_an_array_of_messages_is_answered_by_the_revisions_that_know_it(
    ask: Caller, version: str | None
) -> None:
    notified = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    sent = [PING, notified, message("nothing", number=2), 7, message("initialize", {}, 3)]
    answer = post(ask, sent, mcp_protocol_version=version)
    if version in ("2025-06-18", "2025-11-25"):
        assert refused(answer, 400)["code"] == -32600
        return
    assert [(one["id"], one.get("error", {}).get("code")) for one in told(answer)] == [
        (1, None), (2, -32601), (None, -32600), (3, -32600),
    ]  # fmt: skip
    assert post(ask, [notified]).status == 202


@pytest.mark.parametrize("count", [0, 21])
def test_an_array_holds_one_to_twenty_messages(ask: Caller, count: int) -> None:
    assert refused(post(ask, [PING] * count), 400)["code"] == -32600
    assert len(told(post(ask, [PING] * 20))) == 20
    assert refused(post(ask, [7, {}]), 400)["code"] == -32600


def test_an_answer_of_the_client_is_taken_where_the_revision_has_such(ask: Caller) -> None:
    sent = {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert post(ask, sent).status == 202
    answer = post(ask, sent, mcp_protocol_version="2026-07-28")
    assert refused(answer, 400)["code"] == -32600


def test_an_unknown_method_is_told_so_as_the_revision_has_it(ask: Caller) -> None:
    sent = message("prompts/list")
    assert refused(post(ask, sent, mcp_protocol_version="2025-11-25"), 200)["code"] == -32601
    assert refused(modern(ask, "prompts/list"), 404)["code"] == -32601
    assert refused(modern(ask, "initialize"), 404)["code"] == -32601


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_a_handshake_agrees_on_the_revision_that_the_client_asks_for(
    ask: Caller, version: str
) -> None:
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "c"}}
    answer = told(post(ask, message("initialize", params), key=None))["result"]
    assert answer["protocolVersion"] == version
    assert answer["serverInfo"]["name"] == "cryptointel"
    assert set(answer["capabilities"]) == {"tools", "resources"}


@pytest.mark.parametrize("version", ["2026-07-28", "1999-01-01"])
def test_a_handshake_offers_the_newest_revision_that_has_one(ask: Caller, version: str) -> None:
    answer = told(post(ask, message("initialize", {"protocolVersion": version})))["result"]
    assert answer["protocolVersion"] == "2025-11-25"
    assert refused(post(ask, message("initialize", {})), 200)["code"] == -32602


def test_a_request_of_2026_needs_no_handshake(ask: Caller) -> None:
    answer = told(modern(ask, "server/discover"))["result"]
    assert answer["supportedVersions"] == list(protocol.VERSIONS)
    assert (answer["resultType"], answer["cacheScope"]) == ("complete", "public")
    assert answer["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "cryptointel"
    listed = told(modern(ask, "tools/list"))["result"]
    assert listed["resultType"] == "complete"
    assert (listed["cacheScope"], listed["ttlMs"]) == ("private", 3_600_000)
    called = told(modern(ask, "tools/call", {"name": "get_movers"}))["result"]
    assert (called["resultType"], called["isError"]) == ("complete", False)


@pytest.mark.parametrize(
    ("headers", "meta", "code"),
    [
        ({"mcp_method": None}, ABOUT, -32020),
        ({"mcp_method": "tools/list"}, ABOUT, -32020),
        ({"mcp_name": None}, ABOUT, -32020),
        ({"mcp_name": "get_price"}, ABOUT, -32020),
        ({"mcp_name": "=?base64?!?="}, ABOUT, -32020),
        ({}, {}, -32602),
        ({}, ABOUT | {"io.modelcontextprotocol/protocolVersion": "2025-11-25"}, -32020),
    ],
)
def test_headers_of_2026_say_what_the_body_says(
    ask: Caller, headers: dict[str, str | None], meta: dict[str, Any], code: int
) -> None:
    params = {"name": "get_movers", "_meta": meta}
    assert refused(modern(ask, "tools/call", params, **headers), 400)["code"] == code


def test_a_header_may_hold_a_name_in_base64(ask: Caller) -> None:
    name = f"=?base64?{b64encode(b'get_movers').decode()}?="
    answer = modern(ask, "tools/call", {"name": "get_movers"}, mcp_name=name)
    assert told(answer)["result"]["isError"] is False


def test_pages_of_other_origins_are_refused_unless_the_key_names_them(
    ask: Caller, database: SqliteDatabase
) -> None:
    named = "ci_test_paged_" + "0ddba11" * 6
    insert_key(database, named, allowed_origins=f'["{PAGE}"]')
    for key in (None, KEY):
        assert kind(post(ask, PING, key=key, origin=PAGE), 403)[0] == "origin-refused"
        assert kind(post(ask, PING, key=key, origin="null"), 403)[0] == "origin-refused"
        assert post(ask, PING, key=key, origin="https://app.example").status == 200
    answer = post(ask, PING, key=named, origin=PAGE)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert kind(post(ask, PING, key=named, origin="https://other.example"), 403)


def test_a_wrong_credential_is_refused_and_told_where_to_get_one(ask: Caller) -> None:
    answer = post(ask, PING, key="ci_test_key1_" + "f" * 48)
    assert kind(answer, 401)[0] == "credential-invalid"
    assert "resource_metadata=" in answer.headers["www-authenticate"]


def test_what_is_asked_is_counted(ask: Caller) -> None:
    before = int(post(ask, PING).headers["ratelimit-remaining"])
    post(ask, message("tools/call", {"name": "get_movers"}))
    after = int(post(ask, PING).headers["ratelimit-remaining"])
    assert before - after == 3  # the call, what it asked for, and the last one


def test_a_body_is_needed_and_nothing_in_the_address(ask: Caller) -> None:
    assert kind(ask("/mcp?x=1", "POST", headers=HEADERS, sent=b"{}"), 400)[0] == "unknown-parameter"
