"""/openapi.json and /docs: what the API is, for programs and for people."""

from functools import lru_cache
from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from api import docs_page
from api.docs_script import SCRIPT
from api.docs_style import CSS
from api.guide import markdown
from api.identity.addresses import api_url, dashboard_url
from api.openapi import document
from api.payments.terms import read_terms
from api.problems import PROBLEMS
from api.routing import Policy, Reads, Route
from common.envelope import JSON, Answer
from common.errors import Problem

# They change with a deployment only.
DOCUMENTS = Policy(300)
STYLES = Policy(86_400)
HTML = "text/html; charset=utf-8"


class DocumentRequest(msgspec.Struct):
    """No parameters."""


class ProblemRequest(msgspec.Struct):
    """`kind`: the end of a problem's `type`."""

    kind: Annotated[str, msgspec.Meta(pattern="^[a-z-]+$", min_length=1, max_length=60)]


@lru_cache(2)
def _document(server: str, dashboard: str, prices: str) -> dict[str, Any]:
    # This file is itself one of those that ROUTES is made of.
    from api.routes import ROUTES

    return document(ROUTES, server, dashboard, read_terms(prices))


@lru_cache(2)
def _text(server: str, dashboard: str, prices: str) -> str:
    return msgspec.json.encode(_document(server, dashboard, prices)).decode()


@lru_cache(2)
def _page(server: str, dashboard: str, prices: str) -> str:
    return docs_page.page(_document(server, dashboard, prices), markdown())


def _settings(reads: Reads) -> tuple[str, str, str]:
    return api_url(reads.setting), dashboard_url(reads.setting), reads.setting("X402", "")


async def openapi(request: DocumentRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return the OpenAPI document, made once in an isolate."""
    return _give(JSON, _text(*_settings(reads)))


async def page(request: DocumentRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return the documentation page, made once in an isolate."""
    return _give(HTML, _page(*_settings(reads)))


async def styles(request: DocumentRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return the stylesheet of the page."""
    return _give("text/css; charset=utf-8", CSS, STYLES)


async def script(request: DocumentRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return the script of the page."""
    return _give("text/javascript; charset=utf-8", SCRIPT)


async def problem(request: ProblemRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return what a kind of problem means. Raises Problem 404 for one that there is not."""
    found = PROBLEMS.get(request.kind)
    if found is None:
        raise Problem(404, "unknown-problem", "There is no such kind. /docs lists all of them.")
    title = HTTPStatus(found.status).phrase
    return _give(HTML, docs_page.problem_page(request.kind, found.status, title, found.meaning))


def _give(media_type: str, text: str, policy: Policy = DOCUMENTS) -> Answer:
    headers = {"content-type": media_type, "cache-control": f"public, max-age={policy.max_age}"}
    if media_type == HTML:
        headers |= {"content-security-policy": docs_page.POLICY, "referrer-policy": "no-referrer"}
    return Answer(200, headers, text)


ROUTES = (
    Route(
        path="/openapi.json",
        summary="This description of the API, for programs",
        request=DocumentRequest,
        handler=openapi,
        permission="public",
        answers=dict[str, Any],
        cache=DOCUMENTS,
    ),
    Route(
        path="/docs",
        summary="This description of the API, as a page",
        request=DocumentRequest,
        handler=page,
        permission="public",
        media_type="text/html",
        cache=DOCUMENTS,
    ),
    Route(
        path="/docs.css",
        summary="The stylesheet of the page",
        request=DocumentRequest,
        handler=styles,
        permission="public",
        media_type="text/css",
        cache=STYLES,
    ),
    Route(
        path="/docs/search.js",
        summary="The script of the page: its search",
        request=DocumentRequest,
        handler=script,
        permission="public",
        media_type="text/javascript",
        cache=DOCUMENTS,
    ),
    Route(
        path="/problems/{kind}",
        summary="What a kind of problem means and what to do",
        request=ProblemRequest,
        handler=problem,
        permission="public",
        media_type="text/html",
        example={"kind": "rate-limited"},
        problems=("unknown-problem",),
        cache=DOCUMENTS,
    ),
)
