"""/llms.txt and the API catalog: made of what the routes and the tools declare."""

import re

import msgspec

from api.mcp.server import tools
from api.openapi import operation_id
from api.routes import ROUTES
from api.shapes.discovery import Catalog
from tests.api.calling import BASE, Caller, body
from tests.support.selling import Shop
from tests.support.sqlite import SqliteDatabase

CATALOG = "/.well-known/api-catalog"
LINK = re.compile(r"^- \[([^\]]+)\]\((\S+)\): (.+)$", re.M)


def test_language_models_are_told_of_every_route_and_every_tool(ask: Caller) -> None:
    """The form is that of https://llmstxt.org: a title, a summary, lists of links."""
    answer = ask("/llms.txt", key=None)
    assert answer.headers["content-type"].startswith("text/plain")
    text = body(answer)
    assert re.match(r"# CryptoIntel\n\n> .+\n", text)
    assert text.index("\n## Optional") > text.index("\n## REST")
    links = {name: (link, told) for name, link, told in LINK.findall(text)}
    assert len(links) == text.count("\n- [")
    for tool in tools().values():
        assert links.pop(tool.name) == (f"{BASE}/mcp", " ".join(tool.description.split()))
    for route in ROUTES:
        if route.path.startswith("/api/v1/"):
            link = f"{BASE}/docs#{operation_id(route)}"
            assert links.pop(f"{route.method} {route.path}") == (link, route.summary)
    assert {link for link, _ in links.values()} == {
        f"{BASE}/docs", f"{BASE}/openapi.json", f"{BASE}{CATALOG}", f"{BASE}/health",
    }  # fmt: skip


def test_language_models_are_told_what_costs_and_that_it_needs_no_key(
    database: SqliteDatabase,
) -> None:
    shop = Shop(database)
    text = body(shop("/llms.txt", key=None))
    told = text.partition("\n## Paying without a key\n")[2].partition("\n## ")[0]
    assert "no key" in told
    assert f"{BASE}/docs#guide-paying" in told
    assert re.search(r'id="?guide-paying\b', body(shop("/docs", key=None)))
    priced = [route for route in ROUTES if route.price]
    assert told.count(" USDC") == len(priced) > 5
    for route in priced:
        assert f"{route.method} {route.path}" in told
    assert "/analytics/volatility (get_volatility): 0.01 USDC;" in told
    assert "(get_price, get_price_history): 0.02 USDC for deep history only;" in told


def test_nothing_is_told_of_paying_where_nothing_is_sold(ask: Caller) -> None:
    assert "USDC" not in body(ask("/llms.txt", key=None))


def test_every_link_of_a_route_leads_to_its_place_in_the_documentation(ask: Caller) -> None:
    page = body(ask("/docs", key=None))
    anchors = set(re.findall(r'id="?([\w-]+)', page))
    wanted = re.findall(rf"{BASE}/docs#([\w-]+)", body(ask("/llms.txt", key=None)))
    assert len(wanted) > 40
    assert set(wanted) <= anchors


def test_the_catalog_links_every_api_to_its_description(ask: Caller) -> None:
    """RFC 9727, 4: a linkset (RFC 9264) with an item per API."""
    answer = ask(CATALOG, key=None)
    assert answer.headers["content-type"] == (
        'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    )
    assert answer.headers["link"] == f'<{CATALOG}>; rel="api-catalog"'
    linkset = msgspec.json.decode(body(answer), type=Catalog).linkset
    by_anchor = {one["anchor"]: one for one in linkset}
    items = [one["href"] for one in by_anchor[BASE + CATALOG]["item"]]
    assert items == [f"{BASE}/api/v1", f"{BASE}/mcp"]
    assert set(items) <= set(by_anchor)


def test_whatever_the_catalog_names_is_there(ask: Caller) -> None:
    links = re.findall(r'"href":"([^"]+)"', body(ask(CATALOG, key=None)))
    for link in links:
        path = link.removeprefix(BASE)
        if path == "/api/v1":
            assert any(route.path.startswith(path) for route in ROUTES)
        elif path == "/mcp":
            assert any(route.path == path for route in ROUTES)
        else:
            assert ask(path, key=None).status == 200, path


def test_the_catalog_answers_head_too(ask: Caller) -> None:
    answer = ask(CATALOG, "HEAD", key=None)
    assert (answer.status, answer.body) == (200, "")
    assert "api-catalog" in answer.headers["link"]
