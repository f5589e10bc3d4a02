"""Bodies that are too large, too deep, of another kind, or say one thing twice."""

import gzip

import msgspec
import pytest

from api.making import MOST_BODY
from api.reading import DEEPEST_BODY, MOST_BODY_VALUES
from tests.api.attacks.walking import ANN, Attacker
from tests.api.posting import kind

LISTS = "/api/v1/watchlists"
GOOD = {"name": "list", "symbols": ["BTC"]}
JSON = "application/json"


def sent(
    attacker: Attacker, body: bytes, media_type: str | None = JSON, path: str = LISTS
) -> tuple[int, str]:
    """Send a body as it stands; return the status, and the kind of problem."""
    attacker.ask.now += 3.5
    headers = {} if media_type is None else {"content-type": media_type}
    answer = attacker.ask(path, "POST", key=None, principal=ANN, headers=headers, sent=body)
    if answer.status < 400:
        return answer.status, ""
    return answer.status, kind(answer, answer.status)[0]


def test_a_body_that_is_too_large_is_refused_unread(attacker: Attacker) -> None:
    body = b'{"name":"' + b"x" * MOST_BODY + b'"}'
    assert sent(attacker, body) == (413, "body-too-large")


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_a_body_that_is_nested_deeply_is_refused(attacker: Attacker, opening: bytes) -> None:
    for depth in (DEEPEST_BODY + 1, 20_000):
        body = (opening * depth)[: MOST_BODY - 10]
        assert sent(attacker, body) == (400, "invalid-body")


@pytest.mark.parametrize("value", [b"0,", b"[],", b'"",', b"{},"])
def test_a_body_of_very_many_values_is_refused(attacker: Attacker, value: bytes) -> None:
    body = b'{"symbols":[' + value * (MOST_BODY_VALUES + 1) + b"0]}"
    assert len(body) < MOST_BODY
    assert sent(attacker, body) == (400, "invalid-body")


def test_brackets_within_a_text_are_no_depth(attacker: Attacker) -> None:
    name = ("[" * 40) + ('\\"' * 10) + ("{" * 20)
    assert sent(attacker, b'{"name":"%s","symbols":["BTC"]}' % name.encode())[0] == 201


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(msgspec.json.encode(GOOD), mtime=0),  # else its id tells the second
        gzip.compress(b"0" * 10_000_000, mtime=0),
        msgspec.json.encode(GOOD).decode().encode("utf-16"),
        b"\xef\xbb\xbf" + msgspec.json.encode(GOOD),
        b"null", b"[]", b"1", b'"x"', b"{", b"{}{}", b"{'name':'x'}", b'{"name":"x",}', b"//\n{}",
        b"name=x&symbols=BTC", b"<a/>", b"\x00", b'{"name":"x"}\x00', b"NaN",
    ],
)  # fmt: skip
def test_what_is_no_json_object_is_refused_and_nothing_is_unpacked(
    attacker: Attacker, body: bytes
) -> None:
    assert sent(attacker, body) == (400, "invalid-body")


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "text/plain; application/json", "application/jsonp", "application/json2", "json", None,
        "application/xml", "x", ";application/json", "application/json, text/plain",
    ],
)  # fmt: skip
def test_a_body_that_a_form_of_another_site_could_send_is_refused(
    attacker: Attacker, media_type: str | None
) -> None:
    assert sent(attacker, msgspec.json.encode(GOOD), media_type) == (415, "wrong-media-type")


@pytest.mark.parametrize("media_type", ["application/json;charset=utf-16", "APPLICATION/JSON ; x"])
def test_a_charset_changes_nothing_json_is_utf_8(attacker: Attacker, media_type: str) -> None:
    body = msgspec.json.encode({**GOOD, "name": f"ä {media_type}"})
    assert sent(attacker, body, media_type) == (201, "")
    assert attacker.rows(f"SELECT 1 FROM watchlists WHERE name = 'ä {media_type}'")


@pytest.mark.parametrize(
    "body",
    [
        b'{"name":"fine","symbols":["BTC"],"name":"twice"}',
        b'{"name":"twice","symbols":["BTC"],"name":"twice"}',
        b'{"name":"\\u0000","symbols":["BTC"],"name":"twice"}',
        b'{"name":"twice","symbols":["BTC"],"n\\u0061me":"twice"}',
    ],
)
def test_a_member_that_is_there_twice_is_refused(attacker: Attacker, body: bytes) -> None:
    """Whoever looks at a body before us may take the other one of the two."""
    assert sent(attacker, body) == (400, "invalid-body")
    assert not attacker.rows("SELECT 1 FROM watchlists WHERE name = 'twice'")


@pytest.mark.parametrize("query", ["name=x", "watchlist_id=1", "x"])
def test_the_fields_of_a_body_are_not_read_from_the_address(attacker: Attacker, query: str) -> None:
    path = f"{LISTS}?{query}"
    assert sent(attacker, msgspec.json.encode(GOOD), path=path) == (400, "unknown-parameter")


@pytest.mark.parametrize(
    "query",
    ["limit=1&limit=2", "limit=1&%6cimit=2", "limit=1&Limit=2", "limit[]=1", "limit=1;limit=2"],
)
def test_a_parameter_is_there_once_however_it_is_written(attacker: Attacker, query: str) -> None:
    assert attacker.ask(f"/api/v1/signals/all?{query}").status == 400


def test_a_form_says_each_field_once(attacker: Attacker) -> None:
    body = b"grant_type=client_credentials&client_id=a&client_secret=b&client_id=c"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = attacker.ask("/oauth/token", "POST", key=None, headers=headers, sent=body)
    assert answer.status == 400
    assert "'client_id' is given twice" in str(answer.body)


def test_a_body_cannot_name_another_object_than_the_path(attacker: Attacker) -> None:
    one = attacker.ids["watchlist_id"]
    fields = {**GOOD, "watchlist_id": "0" * 16}
    answer = attacker.send("PUT", f"{LISTS}/{one}", fields)
    assert kind(answer, 400)[0] == "unknown-field"
