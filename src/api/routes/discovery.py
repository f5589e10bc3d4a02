"""/llms.txt and /.well-known/api-catalog: where programs and agents find what there is."""

from functools import lru_cache
from typing import Any

import msgspec

from api.identity.addresses import api_url
from api.mcp.server import INSTRUCTIONS, tools
from api.openapi import ABOUT, operation_id
from api.payments.terms import Terms, in_usd, read_terms
from api.principal import GUEST
from api.routes.documents import DOCUMENTS, DocumentRequest
from api.routing import Reads, Route
from api.shapes.discovery import Catalog
from common.envelope import Answer

CATALOG = "/.well-known/api-catalog"
LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
PLAIN = "text/plain; charset=utf-8"
API = "/api/v1"
# What an account looks after itself by: for a reader who has the room (llmstxt.org).
OPTIONAL = ("auth", "apps", "authorizations", "keys", "me", "challenge", "feeds", "webhooks")


async def llms(request: DocumentRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return what the API offers, as https://llmstxt.org has it; made once in an isolate."""
    return _give(PLAIN, _llms(api_url(reads.setting), reads.setting("X402", "")))


async def catalog(request: DocumentRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return the links from the APIs to their descriptions (RFC 9727, RFC 9264)."""
    answer = _give(LINKSET, _catalog(api_url(reads.setting)))
    answer.headers["link"] = f'<{CATALOG}>; rel="api-catalog"'
    return answer


@lru_cache(2)
def _llms(base: str, terms: str) -> str:
    # This file is itself one of those that ROUTES is made of.
    from api.routes import ROUTES

    offered = [route for route in ROUTES if route.path.startswith(f"{API}/")]
    main = [_route(base, route) for route in offered if _resource(route) not in OPTIONAL]
    rest = [_route(base, route) for route in offered if _resource(route) in OPTIONAL]
    documents = [
        _link("Documentation", f"{base}/docs", "guide and reference of every route"),
        _link("OpenAPI 3.1", f"{base}/openapi.json", "the same for programs"),
        _link("API catalog", f"{base}{CATALOG}", "links to all descriptions (RFC 9727)"),
        _link("Health", f"{base}/health", "state of the service, without a key"),
    ]
    offers = [_link(tool.name, f"{base}/mcp", tool.description) for tool in tools().values()]
    key = (
        "A key is sent as `Authorization: Bearer KEY`; tokens come by OAuth 2.0 with PKCE. Answers"
        ' are `{"data", "meta"}`, errors problem+json that says what to change.'
    )
    parts = (
        "# CryptoIntel", f"> {ABOUT}", INSTRUCTIONS, key,
        *_paying(base, ROUTES, read_terms(terms)),
        "## Docs", "\n".join(documents),
        "## MCP tools", f"An MCP server (Streamable HTTP) is at {base}/mcp.", "\n".join(offers),
        "## REST", "\n".join(main),
        "## Optional", "\n".join(rest),
    )  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _paying(base: str, routes: tuple[Route, ...], terms: Terms | None) -> tuple[str, ...]:
    """Return the section on what can be bought without a key; none where nothing is sold."""
    if terms is None:
        return ()
    costs: list[str] = []
    for route in routes:
        amount = terms.prices.of(route.price, GUEST.plan)
        if amount:
            named = ", ".join(name for name, tool in tools().items() if tool.route is route)
            tool = f" ({named})" if named else ""
            only = f" for {(route.price or '').replace('_', ' ')} only" if route.priced_when else ""
            costs.append(f"{route.method} {route.path}{tool}: {in_usd(amount)} USDC{only}")
    how = (
        "What has a price needs no account and no key: ask for it, read the offer in the answer"
        " (402; of a tool the result), sign it and ask again with the payment (x402, version 2)."
        f" A key of a plan that includes it pays nothing. How: {base}/docs#guide-paying."
    )
    return "## Paying without a key", how, f"Prices of a call: {'; '.join(costs)}."


def _route(base: str, route: Route) -> str:
    link = f"{base}/docs#{operation_id(route)}"
    return _link(f"{route.method} {route.path}", link, route.summary)


def _link(name: str, url: str, told: str) -> str:
    return f"- [{name}]({url}): {' '.join(told.split())}"


def _resource(route: Route) -> str:
    return route.handler.__module__.rpartition(".")[2]


@lru_cache(2)
def _catalog(base: str) -> str:
    protected = f"{base}/.well-known/oauth-protected-resource"
    linked: list[dict[str, Any]] = [
        {
            "anchor": f"{base}{CATALOG}",
            "item": [{"href": f"{base}{API}"}, {"href": f"{base}/mcp"}],
        },
        {
            "anchor": f"{base}{API}",
            "service-desc": [{"href": f"{base}/openapi.json", "type": "application/json"}],
            "service-doc": [{"href": f"{base}/docs", "type": "text/html"}],
            "service-meta": [{"href": protected, "type": "application/json"}],
            "status": [{"href": f"{base}/health", "type": "application/json"}],
        },
        {
            "anchor": f"{base}/mcp",
            "service-doc": [{"href": f"{base}/llms.txt", "type": "text/plain"}],
            "service-meta": [{"href": f"{protected}/mcp", "type": "application/json"}],
        },
    ]
    return msgspec.json.encode({"linkset": linked}).decode()


def _give(media_type: str, text: str) -> Answer:
    lasting = f"public, max-age={DOCUMENTS.max_age}"
    return Answer(200, {"content-type": media_type, "cache-control": lasting}, text)


ROUTES = (
    Route(
        path="/llms.txt",
        summary="What the API and its MCP server offer, for language models",
        request=DocumentRequest,
        handler=llms,
        permission="public",
        media_type="text/plain",
        cache=DOCUMENTS,
    ),
    Route(
        path=CATALOG,
        summary="Where the APIs here are described (RFC 9727)",
        request=DocumentRequest,
        handler=catalog,
        permission="public",
        media_type="application/linkset+json",
        answers=Catalog,
        cache=DOCUMENTS,
    ),
)
