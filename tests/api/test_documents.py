"""/openapi.json, /docs and /problems: what is served, and that the page holds together."""

import json
import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from api import docs_operation, docs_page
from api.guide import markdown
from api.markdown import render
from api.openapi import document, operation_id
from api.openapi_webhooks import MESSAGES
from api.problems import PROBLEMS
from api.routes import ROUTES, documents
from tests.api.calling import BASE, Caller, body
from tests.api.test_openapi import route
from tools.api_guide import PAGE, text

VOID = {"meta", "link", "wbr", "br", "input"}


class Reader(HTMLParser):
    """What a page consists of; fails where an element is not closed in its turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes another element"

    def all(self, name: str) -> list[str]:
        return [str(value) for key, value in self.attributes if key == name]


@pytest.fixture
def page(ask: Caller) -> Reader:
    return Reader(body(ask("/docs", key=None)))


def test_everybody_can_read_the_document_and_keep_it(ask: Caller) -> None:
    answer = ask("/openapi.json", key=None)
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    told = json.loads(body(answer))
    assert told["servers"] == [{"url": BASE}]
    assert "/api/v1/market-data/{symbol}" in told["paths"]
    again = ask("/openapi.json", key=None, headers={"if-none-match": answer.headers["etag"]})
    assert again.status == 304


def test_the_document_is_made_once_in_an_isolate(
    ask: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("/openapi.json", key=None)
    monkeypatch.setattr(documents, "document", None)
    assert ask("/openapi.json?", key=None).status == 200
    assert ask("/docs", key=None).status == 200


def test_the_page_may_load_its_stylesheet_and_script_and_nothing_else(
    ask: Caller, page: Reader
) -> None:
    policy = ask("/docs", key=None).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'; ")
    assert "unsafe" not in policy
    assert not {"style", "img", "iframe", "form"} & set(page.tags)
    assert page.tags["script"] == 1
    assert page.all("src") == [docs_page.SCRIPT]
    assert page.all("style") == []
    assert [name for name, _ in page.attributes if name.startswith("on")] == []
    styles = ask(docs_page.STYLES, key=None)
    assert styles.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in body(styles)
    script = ask(docs_page.SCRIPT, key=None)
    assert script.headers["content-type"].startswith("text/javascript")
    # What it is told by an address or a reader becomes text and never markup.
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document.write|eval", body(script))


def test_every_route_and_every_kind_of_problem_has_an_anchor(page: Reader) -> None:
    anchors = page.all("id")
    assert len(set(anchors)) == len(anchors)
    assert {operation_id(route) for route in ROUTES} <= set(anchors)
    assert {"webhook_signal", "webhook_signal_ended", "webhook_alert", "webhook_ping"} <= set(
        anchors
    )
    assert {f"problem-{kind}" for kind in PROBLEMS} <= set(anchors)


def test_every_link_within_the_page_leads_somewhere(page: Reader) -> None:
    wanted = {link[1:] for link in page.all("href") if link.startswith("#")}
    assert wanted - set(page.all("id")) == set()


def test_every_route_has_a_command_to_copy(ask: Caller) -> None:
    text = body(ask("/docs", key=None))
    assert text.count("<h4>Request</h4><pre tabindex=0><code>curl ") == len(ROUTES)
    assert "curl -H &quot;Authorization: Bearer $KEY&quot;" in text


def test_a_command_asks_for_the_example() -> None:
    made = route(example={"name": "n", "most": 3})
    path, told = made.path, document([made])["paths"][made.path]
    assert docs_operation.curl("get", path, told["get"], "https://a.example") == (
        """curl -H "Authorization: Bearer $KEY" 'https://a.example/x/n?most=3'"""
    )
    made = route(method="POST", permission="public", example={"name": "n", "most": 3})
    told = document([made])["paths"][made.path]
    command = docs_operation.curl("post", path, told["post"], "https://a.example")
    assert command.split(" \\\n  ") == [
        "curl -X POST", "-H 'Content-Type: application/json'", """-d '{"most": 3}'""",
        "'https://a.example/x/n'",
    ]  # fmt: skip


def test_what_a_route_says_is_text_and_never_markup() -> None:
    made = route(summary="<script>alert(1)</script>", description='"><img src=x> `<b>`')
    told = docs_page.page(document([made]), "## A <i>guide</i>")
    assert {"img", "i"} & set(Reader(told).tags) == set()
    assert told.count("<script") == 1
    assert "&lt;script&gt;" in told


@pytest.mark.parametrize("kind", PROBLEMS)
def test_the_type_of_a_problem_leads_to_its_page(ask: Caller, kind: str) -> None:
    answer = ask(f"/problems/{kind}", key=None)
    assert answer.status == 200
    assert "content-security-policy" in answer.headers
    Reader(body(answer))
    assert kind in body(answer)


@pytest.mark.parametrize(("kind", "status"), [("nothing", 404), ("a%20b", 400), ("%3Cb%3E", 400)])
def test_no_other_kind_has_a_page(ask: Caller, kind: str, status: int) -> None:
    assert ask(f"/problems/{kind}", key=None).status == status


def test_the_guide_in_the_repository_is_the_one_on_the_page() -> None:
    assert PAGE.read_text("utf-8") == text(), "run python -m tools.api_guide"


def test_the_guide_renders_whole(page: Reader) -> None:
    told = Reader(render(markdown()))
    assert told.tags["h2"] == markdown().count("\n## ") + 1
    assert told.tags["table"] == 3
    assert not re.search(r"```|\| ---|^## ", render(markdown()), re.M)


def test_the_search_finds_a_route_by_path_summary_permission_parameter_and_problem(
    page: Reader,
) -> None:
    words = page.all("data-words")
    assert len(words) == len(ROUTES) + len(MESSAGES)
    (export,) = (one for one in words if one.startswith("get /api/v1/exports/signals "))
    for told in ("ndjson", "exports:read", "since", "unknown-symbol", "exports_signals"):
        assert told in export
    assert [one for one in words if one != one.lower()] == []


def test_the_page_is_whole_without_its_script(page: Reader) -> None:
    # Only what the script serves is hidden; what is folded, browsers unfold without it.
    assert page.tags["details"] > len(ROUTES)
    assert page.all("id").count("search") == 1
    assert [name for name, _ in page.attributes].count("hidden") == 3


def test_what_the_script_looks_for_is_on_the_page(ask: Caller, page: Reader) -> None:
    script = body(ask(docs_page.SCRIPT, key=None))
    assert set(re.findall(r'\bone\("([a-z]+)"\)', script)) <= set(page.all("id"))
    classes = {one for value in page.all("class") for one in value.split()}
    assert {"operation", "resource", "guide", "guides", "group", "menu"} <= classes


def test_columns_of_exports_and_bodies_of_messages_are_on_the_page(ask: Caller) -> None:
    text = body(ask("/docs", key=None))
    assert "return_24h</code></td><td>number (1): change of the price since the signal" in text
    assert "&quot;type&quot;: &quot;signal.ended&quot;" in text
