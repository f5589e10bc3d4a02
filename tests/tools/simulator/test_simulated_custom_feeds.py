import csv
import gzip
import io
import json
import time
from typing import Any

import feedparser
import httpx
import pytest

from tests.tools.simulator.running import NOON, Simulator

HONEST, EVIL = "/feeds.example", "/evil.example"
DOH = {"accept": "application/dns-json"}


def hostile(simulator: Simulator, path: str) -> httpx.Response:
    answer = simulator.http.get(f"{EVIL}{path}")
    assert answer.status_code == 200
    return answer


def resolve(simulator: Simulator, name: str, kind: str = "A") -> Any:
    params = {"name": name, "type": kind}
    answer = simulator.http.get("/cloudflare-dns.com/dns-query", params=params, headers=DOH)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/dns-json")
    return answer.json()


def addresses(simulator: Simulator, name: str, kind: str = "A") -> list[str]:
    code = {"A": 1, "AAAA": 28}[kind]
    answer = resolve(simulator, name, kind)
    return [row["data"] for row in answer.get("Answer", []) if row["type"] == code]


def test_prices_are_nested_and_told_as_text(simulator: Simulator) -> None:
    items = simulator.http.get(f"{HONEST}/prices.json").json()["result"]["items"]
    assert len(items) == 10
    assert items[0]["ticker"] == "BTC"
    assert float(items[0]["last"]) == pytest.approx(
        simulator.row("bitcoin")["current_price"], rel=1e-4
    )
    assert all(type(item["last"]) is str and type(item["ts"]) is int for item in items)


def test_a_series_is_a_day_of_quarter_hours_up_to_now(simulator: Simulator) -> None:
    answer = simulator.http.get(f"{HONEST}/series.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 96
    assert rows[-1]["timestamp"] == NOON
    assert float(rows[-1]["price"]) == pytest.approx(
        simulator.row("bitcoin")["current_price"], rel=1e-4
    )


@pytest.mark.parametrize("path", ["/blog.rss", "/blog.atom"])
def test_a_blog_is_a_feed_with_its_own_links(simulator: Simulator, path: str) -> None:
    parsed = feedparser.parse(simulator.http.get(f"{HONEST}{path}").content)
    assert not parsed.bozo
    assert len(parsed.entries) == 25
    assert all(item.link.startswith("https://feeds.example/posts/") for item in parsed.entries)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/redirect-private", "http://127.0.0.1/prices.json"),
        ("/redirect-metadata", "http://169.254.169.254/latest/meta-data/"),
        ("/redirect-loop", "https://evil.example/redirect-loop"),
        ("/redirect-ok", "https://feeds.example/prices.json"),
        ("/redirect-scheme", "file:///etc/passwd"),
    ],
)
def test_a_redirect_says_where_to(simulator: Simulator, path: str, target: str) -> None:
    answer = simulator.http.get(f"{EVIL}{path}")
    assert (answer.status_code, answer.headers["location"]) == (302, target)
    assert answer.content == b""


def test_a_huge_document_is_valid_and_says_its_length(simulator: Simulator) -> None:
    answer = simulator.http.get(f"{EVIL}/huge.json", headers={"Accept-Encoding": "identity"})
    assert int(answer.headers["content-length"]) == len(answer.content) > 6 * 1024 * 1024
    assert answer.json()["result"]["items"][0]["ticker"] == "BTC"


def test_a_document_in_pieces_is_huge_without_saying_so(server: httpx.Client) -> None:
    for encoding in ("gzip", "identity"):
        answer = server.get(f"{EVIL}/huge-chunked", headers={"Accept-Encoding": encoding})
        assert answer.headers["transfer-encoding"] == "chunked"
        assert "content-length" not in answer.headers
        assert len(answer.content) > 6 * 1024 * 1024


def test_a_drip_gives_a_byte_a_second(server: httpx.Client) -> None:
    begun, received = time.monotonic(), b""
    with server.stream("GET", f"{EVIL}/slowdrip", headers={"Accept-Encoding": "gzip"}) as answer:
        for part in answer.iter_raw():
            received += part
            if len(received) == 3:
                break
    assert received == b'{"r'
    assert 1.8 <= time.monotonic() - begun < 10


def test_the_entity_bomb_would_expand_to_a_billion_words(simulator: Simulator) -> None:
    answer = hostile(simulator, "/bomb.xml")
    assert "xml" in answer.headers["content-type"]
    assert "<!DOCTYPE" in answer.text
    assert "<title>&lol9;</title>" in answer.text
    for level in range(1, 10):
        assert f'<!ENTITY lol{level} "{f"&lol{level - 1};" * 10}">' in answer.text


def test_the_external_entity_names_a_file(simulator: Simulator) -> None:
    text = hostile(simulator, "/external-entity.xml").text
    assert '<!ENTITY file SYSTEM "file:///etc/passwd">' in text
    assert "<title>&file;</title>" in text


def test_the_bomb_in_utf_16_hides_from_a_search_for_bytes(simulator: Simulator) -> None:
    body = hostile(simulator, "/utf16-bomb.xml").content
    assert body[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert b"<!ENTITY" not in body
    assert b"<!DOCTYPE" not in body
    text = body.decode("utf-16")
    assert 'encoding="UTF-16"' in text
    assert "&lol9;" in text


def test_the_deep_document_breaks_a_parser_that_recurses(simulator: Simulator) -> None:
    body = hostile(simulator, "/deep.json").content
    assert body == b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(RecursionError):
        json.loads(body)


def test_the_gzip_bomb_is_small_on_the_wire_and_fifty_megabytes_after(
    server: httpx.Client,
) -> None:
    with server.stream("GET", f"{EVIL}/gzip-bomb") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        raw = b"".join(answer.iter_raw())
    assert len(raw) < 100_000
    assert len(gzip.decompress(raw)) == 50 * 1024 * 1024


def test_a_page_is_html(simulator: Simulator) -> None:
    answer = hostile(simulator, "/html")
    assert answer.headers["content-type"].startswith("text/html")


def test_every_simulated_publisher_has_a_public_address(simulator: Simulator) -> None:
    hosts = set(simulator.http.get("/").json()["providers"])
    special = {f"{name}.example" for name in "internal rebind metadata six mapped".split()}
    assert special < hosts
    for host in hosts - special:
        assert addresses(simulator, host) == ["93.184.216.34"], host
        assert addresses(simulator, host, "AAAA") == ["2606:2800:220:1:248:1893:25c8:1946"]


def test_a_name_may_come_with_an_alias_before_its_address(simulator: Simulator) -> None:
    alias, address = resolve(simulator, "www.coindesk.com")["Answer"]
    assert (alias["type"], address["type"]) == (5, 1)
    assert alias["data"].rstrip(".") == address["name"]


@pytest.mark.parametrize(
    ("name", "four", "six"),
    [
        ("internal.example", ["10.0.0.5"], []),
        ("rebind.example", ["93.184.216.34", "127.0.0.1"], []),
        ("metadata.example", ["169.254.169.254"], []),
        ("six.example", [], ["fd00::1"]),
        ("mapped.example", [], ["::ffff:10.0.0.1"]),
    ],
)
def test_names_that_lead_inside_resolve_and_betray_whoever_fetches_them(
    simulator: Simulator, name: str, four: list[str], six: list[str]
) -> None:
    assert addresses(simulator, name) == four
    assert addresses(simulator, name.upper() + ".", "AAAA") == six
    assert "secret" in simulator.http.get(f"/{name}/any/path").json()
    (seen,) = simulator.http.get("/requests", params={"host": name}).json()["requests"]
    assert seen["count"] == 1


def test_an_unknown_name_does_not_exist_but_a_known_one_without_the_type_does(
    simulator: Simulator,
) -> None:
    unknown = resolve(simulator, "nowhere.example")
    assert unknown["Status"] == 3
    assert "Answer" not in unknown
    known = resolve(simulator, "six.example", "1")
    assert (known["Status"], known["Question"][0]["type"]) == (0, 1)
    assert "Answer" not in known


def test_a_question_must_say_that_it_wants_json(simulator: Simulator) -> None:
    path = "/cloudflare-dns.com/dns-query?name=feeds.example"
    assert simulator.http.get(path).status_code == 400
    assert simulator.http.get(f"{path}&ct=application/dns-json").status_code == 200
    assert simulator.http.get(f"{path}&type=MX", headers=DOH).status_code == 400
