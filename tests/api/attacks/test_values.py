"""Numbers out of range, and texts that are none: in every parameter of every route."""

import msgspec
import pytest

from tests.api.attacks.walking import Attacker, Target, targets

NUMBERS = (
    "1e400", "-1e400", "NaN", "nan", "Infinity", "-inf", str(2**53 + 1), str(2**63), str(2**64),
    str(-(2**63) - 1), "1e308", "-0", "0x10", "1_0", "１", "9" * 400, "+1", " 1", "1 ", "1e1", "",
)  # fmt: skip
RAW = (
    b"1e400", b"-1e400", b"NaN", b"Infinity", b"9007199254740993", b"9223372036854775808",
    b"18446744073709551616", b"-9223372036854775809", b"1e308", b"-0", b"-0.0", b"1.5", b"9" * 400,
    b"true", b"null", b"[]", b"{}", b'"1"', b"[null]", b"[[1]]", b'{"a":{}}',
)  # fmt: skip
HALVES = (
    rb'"\ud800"',
    rb'"\udc00x"',
    rb'"\ud800\u0041 and more"',
    b'"\xed\xa0\x80"',
    b'"\xff\xfe"',
)
CONTROLS = ("\x00", "a\x00b", "\x00\x00", "a\x1fb", "a\x7fb")
EVERY = targets(int, float, bool, str, list, dict)
BODIES = [t for t in EVERY if t.route.has_body and t.route.body != "form"
          and f"{{{t.name}}}" not in t.route.path]  # fmt: skip
TEXTS = targets(str)

every = pytest.mark.parametrize("target", EVERY, ids=str)
bodies = pytest.mark.parametrize("target", BODIES, ids=str)


def raw_fill(attacker: Attacker, target: Target, value: bytes) -> int:
    """Send a good body in which one member is `value`, as it stands; return the status."""
    route, name = target
    given = {k: v for k, v in route.example.items() if f"{{{k}}}" not in route.path and k != name}
    path = route.path
    for part, known in attacker.ids.items():
        path = path.replace(f"{{{part}}}", known)
    members = [f'"{k}":'.encode() + msgspec.json.encode(v) for k, v in given.items()]
    members.append(f'"{name}":'.encode() + value)
    return attacker.send(route.method, path, b"{" + b",".join(members) + b"}").status


@every
def test_a_number_is_in_its_bounds_or_refused(attacker: Attacker, target: Target) -> None:
    for text in NUMBERS:
        answer = attacker.fill(target, text)
        assert answer.status < 500, (text, attacker.ask.lines[-1:])
        attacker.whole(answer)


@bodies
def test_a_member_of_another_type_is_refused(attacker: Attacker, target: Target) -> None:
    before = attacker.stored()
    for value in RAW:
        assert raw_fill(attacker, target, value) < 500, (value, attacker.ask.lines[-1:])
    assert attacker.stored() == before


@bodies
def test_half_a_surrogate_pair_is_no_text(attacker: Attacker, target: Target) -> None:
    for value in HALVES:
        assert raw_fill(attacker, target, value) == 400, value


@pytest.mark.parametrize("target", TEXTS, ids=str)
def test_control_characters_pass_only_where_anything_does(
    attacker: Attacker, target: Target
) -> None:
    """Nothing with a NUL is stored or looked up: passwords are hashed, the rest is refused."""
    before = attacker.stored()
    for text in CONTROLS:
        answer = attacker.fill(target, text)
        assert answer.status < 500, (text, attacker.ask.lines[-1:])
        if target.route.method == "GET" and target.name not in PASSED_ON:
            assert answer.status in (400, 404, 426), text
    assert attacker.stored() == before


# What an app put into its link is given back to it, percent-encoded.
PASSED_ON = ("state", "scope", "code_challenge", "code_challenge_method", "response_type",
             "redirect_uri")  # fmt: skip


@pytest.mark.parametrize("half", ["%ED%A0%80", "%ED%B0%80", "%FF", "%C0%AF", "%F5%80%80%80"])
@pytest.mark.parametrize("path", ["/api/v1/market-data/{}", "/api/v1/news?source={}",
                                  "/api/v1/entities/{}",
                                  "/api/v1/signals/all?symbol={}"])  # fmt: skip
def test_octets_that_are_no_utf_8_break_nothing(attacker: Attacker, path: str, half: str) -> None:
    answer = attacker.send("GET", path.format(half))
    assert answer.status in (200, 400, 404)
    attacker.whole(answer).encode()


PATTERNED = (
    ("POST", "/api/v1/keys", {"name": "mine\n"}),
    ("POST", "/api/v1/watchlists", {"name": "mine\n", "symbols": ["BTC"]}),
    ("POST", "/api/v1/watchlists", {"name": "mine", "symbols": ["ETH", "BTC\n"]}),
    ("POST", "/api/v1/alert-rules", {"name": "mine\n"}),
    ("POST", "/api/v1/auth/register", {"email": "a@b.example\n", "password": "twelve letters"}),
    ("POST", "/api/v1/batch", {"reads": ["/api/v1/news\n"]}),
    ("POST", "/api/v1/oauth/clients", {"name": "mine\n", "scopes": ["market:read"]}),
    ("POST", "/api/v1/oauth/clients",
     {"name": "m", "scopes": ["market:read"], "website": "https://app.example\n"}),
    ("GET", "/api/v1/news?source=coindesk%0A", None),
    ("GET", "/api/v1/market-data?symbols=BTC%0A", None),
    ("GET", "/api/v1/market-data/BTC%0A", None),
    ("DELETE", "/api/v1/keys/key1%0A", None),
    ("GET", "/problems/rate-limited%0A", None),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path", "fields"), PATTERNED)
def test_a_line_break_at_the_end_is_refused_as_it_is_anywhere_else(
    attacker: Attacker, method: str, path: str, fields: object
) -> None:
    """Python's `$` matches before it too; what the documents say of a text does not allow it."""
    answer = attacker.send(method, path, fields)
    assert answer.status == 400, answer.body


def test_a_password_may_end_with_whatever_it_likes(attacker: Attacker) -> None:
    fields = {"email": "line@example.com", "password": "twelve letters\n"}
    assert attacker.send("POST", "/api/v1/auth/register", fields).status == 202
