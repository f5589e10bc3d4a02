"""SQL, wildcards, line breaks and markup in every text of every route."""

import msgspec
import pytest

from tests.api.attacks.walking import UNKNOWN, Attacker, Target, targets

SQL = (
    "'", '"', "`", "' OR 1=1 --", "' OR '1'='1", '" OR ""="', "') OR 1=1 --",
    "1; DROP TABLE users; --",
    "' UNION SELECT password_hash FROM users --", "'; UPDATE users SET role = 'admin' --",
    "\\' OR 1=1",
    "%", "_", "%%", "zz%", "*", "[a-z]*", "$.x", "'||(SELECT email FROM users)||'",
    "\x00' OR 1=1 --",
    "＇ OR 1=1 --", "ʼ OR 1=1 --", "BTC'/**/OR/**/1=1", "?1", ":symbol", "{symbol}", "{0}",
)  # fmt: skip
BREAKS = (
    "a\r\nset-cookie: a=b", "a\nx: y", "a\rx: y", 'a"; filename="x.exe', "a\u2028b",
    "\r\n\r\n<script>",
    "../../etc/passwd", "..", "a/b", "a;b=c",
)  # fmt: skip
TEXTS = targets(str, list)
named = pytest.mark.parametrize("target", TEXTS, ids=str)


def size(text: str) -> int:
    """Return how many things an answer tells of."""
    told = msgspec.json.decode(text)["data"]
    return len(told) if isinstance(told, list) else -1


def test_every_route_with_a_text_is_attacked() -> None:
    """Without this, a walk that finds nothing would prove nothing."""
    assert len(TEXTS) > 90
    assert {"symbol", "cursor", "password", "client_id", "reads", "url"} <= {t.name for t in TEXTS}


@named
@pytest.mark.parametrize("sent", [SQL, BREAKS], ids=["sql", "breaks"])
def test_a_text_is_never_more_than_a_text(
    attacker: Attacker, target: Target, sent: tuple[str, ...]
) -> None:
    before = attacker.stored()
    plain = attacker.fill(target, UNKNOWN)
    expected = attacker.whole(plain)
    for text in sent:
        answer = attacker.fill(target, text)
        assert answer.status < 500, (text, attacker.ask.lines[-1:])
        whole = attacker.whole(answer)
        assert "SQLITE" not in whole.upper(), text
        assert "u@example.com" not in whole, text
        for name, value in answer.headers.items():
            assert not set(name + value) & {"\r", "\n", "\x00"}, (text, name)
            assert "set-cookie" not in name
        if target.route.method == "GET" and answer.status == 200:
            assert plain.status == 200, f"{text!r} finds what {UNKNOWN!r} does not"
            if "json" in answer.headers["content-type"]:
                assert size(whole) == size(expected), text
            else:
                assert whole == expected, text
    assert attacker.stored() == before


LISTS = targets(list)


@pytest.mark.parametrize("target", LISTS, ids=str)
def test_an_item_of_a_list_is_never_more_than_a_text(attacker: Attacker, target: Target) -> None:
    before = attacker.stored()
    for text in (*SQL, *BREAKS):
        assert attacker.fill(target, [text]).status < 500, text
    assert attacker.stored() == before


def test_a_download_has_a_name_that_cannot_leave_its_header() -> None:
    attacker = Attacker()
    odd = 'evil"\r\nset-cookie: a=b; filename="x.exe'
    attacker.database.connection.execute(
        "UPDATE assets SET asset_id = ?1 WHERE symbol = 'BTC'", (odd,)
    )
    attacker.database.connection.execute(
        "UPDATE market_data SET asset_id = ?1 WHERE symbol = 'BTC'", (odd,)
    )
    answer = attacker.send("GET", "/api/v1/exports/market-data?symbol=BTC&interval=1d")
    assert answer.status == 200
    told = answer.headers["content-disposition"]
    assert not set(told) & set("\r\n")
    assert told.count('"') == 2
    attacker.whole(answer)
    attacker.close()


def test_a_symbol_with_markup_is_told_as_json_and_nothing_else(attacker: Attacker) -> None:
    answer = attacker.send("GET", "/api/v1/market-data/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert msgspec.json.decode(str(answer.body))["status"] == 404
