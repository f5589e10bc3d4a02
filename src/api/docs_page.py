"""/docs: the OpenAPI document as a page that is whole without its script (api.docs_script)."""

from html import escape
from typing import Any

from api.docs_operation import message, operation, short_method
from api.docs_shapes import Schemas
from api.markdown import anchor, inline, render
from common.envelope import PROBLEM_TYPES

Json = dict[str, Any]
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
STYLES, SCRIPT = "/docs.css", "/docs/search.js"
# The table of every kind of problem is looked things up in: it comes behind the routes.
LAST_HEADING = "## Problems"
MESSAGES = "webhook-messages"
TITLES = {"oauth": "OAuth", "me": "Your account", "auth": "Signing in", "keys": "API keys",
          "apps": "OAuth apps", "authorizations": "OAuth consent", "rules": "Alert rules",
          "feeds": "Custom feeds", "documents": "Documents", "mcp": "MCP"}  # fmt: skip

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs.css">
"""
# Hidden until the script says that it can search.
SEARCH = """<div class=search id=search hidden>
<label for=find>Search routes</label>
<input id=find type=search autocomplete=off spellcheck=false placeholder="Search routes">
<kbd>/</kbd></div>
<p class=found id=found role=status></p>
<button class=all id=all type=button hidden>Open all</button>
"""


def page(document: Json, guide: str) -> str:
    """Return the page of `document` with the guide (Markdown) around the routes."""
    server = document["servers"][0]["url"].rstrip("/")
    schemas: Schemas = document["components"]["schemas"]
    sections = {tag["name"]: (tag, list[str](), list[str]()) for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            if not method.startswith("x-"):
                _, links, articles = sections[told["tags"][0]]
                links.append(_link(told["operationId"], method, path.removeprefix("/api/v1")))
                articles.append(operation(method, path, told, server, schemas))
    sent = {event: one["post"] for event, one in document.get("webhooks", {}).items()}
    groups = [
        (name, title_of(name), tag["description"], links, articles)
        for name, (tag, links, articles) in sections.items()
    ]
    groups.append((
        MESSAGES, "Webhook messages", "What is sent to your webhooks: POST with JSON, signed.",
        [_link(one["operationId"], "post", event) for event, one in sent.items()],
        [message(event, one, schemas) for event, one in sent.items()],
    ))  # fmt: skip
    about, (before, _, behind) = document["info"], guide.partition(LAST_HEADING)
    behind = f"{LAST_HEADING}{behind}" if behind else ""
    return (
        HEAD.format(title=escape(about["title"]))
        + f'<script src="{SCRIPT}" defer></script>\n</head>\n<body>\n'
        + '<a class="skip" href="#content">Skip to the content</a>\n'
        + f'<header><a class="name" href="#content">{escape(about["title"])}</a>'
        + f"<span class=version>version {escape(about['version'])}</span>{SEARCH}"
        + '<a class=raw href="/openapi.json">openapi.json</a></header>\n<div class=frame>\n'
        + _menu(before, groups, behind)
        + f"\n<main id=content><section class=guide><h1>{escape(about['title'])}</h1>"
        + f"<p class=lead>{inline(about['summary'])}</p>{render(before)}</section>"
        + "".join(_section(*group) for group in groups)
        + f"<section class=guide>{render(behind)}</section>"
        + "<p class=none id=none hidden>No route has all of these words.</p></main>\n"
        + "</div>\n</body>\n</html>\n"
    )


def problem_page(kind: str, status: int, title: str, meaning: str) -> str:
    """Return the page of one kind of problem, which is where its `type` leads."""
    return (
        HEAD.format(title=escape(kind))
        + '</head>\n<body>\n<header><a class="name" href="/docs">CryptoIntel API</a></header>\n'
        + f"<main class=alone><h1>{escape(kind)}</h1><p class=lead>{status} {escape(title)}</p>"
        + f"<p>{inline(meaning)}</p><p><code>{escape(PROBLEM_TYPES + kind)}</code></p>"
        + '<p><a href="/docs#guide-problems">All kinds of problems</a></p></main>\n'
        + "</body>\n</html>\n"
    )


def title_of(name: str) -> str:
    """Return what a resource is called on the page."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


Group = tuple[str, str, str, list[str], list[str]]


def _menu(before: str, groups: list[Group], behind: str) -> str:
    """Return the contents: beside the text where there is room, else to be unfolded above it."""
    routes = "".join(
        f'<div class=group><p><a href="#{name}">{escape(title)}</a></p>'
        f"<ul>{''.join(links)}</ul></div>"
        for name, title, _, links, _ in groups
    )
    inner = f"{_headings('Guide', before)}{routes}{_headings('Reference', behind)}"
    return (
        f'<nav class=side aria-label="Contents">{inner}</nav>'
        f'<details class=menu><summary>Contents</summary><nav aria-label="Contents">{inner}</nav>'
        "</details>"
    )


def _headings(title: str, text: str) -> str:
    heads = [line[3:] for line in text.split("\n") if line.startswith("## ")]
    listed = "".join(f'<li><a href="#{anchor(one)}">{inline(one)}</a></li>' for one in heads)
    return f"<div class=guides><p>{title}</p><ul>{listed}</ul></div>" if listed else ""


def _section(name: str, title: str, description: str, _: list[str], articles: list[str]) -> str:
    return (
        f'<section class=resource aria-labelledby="{name}"><h2 id="{name}">{escape(title)}</h2>'
        f"<p>{inline(description)}</p>{''.join(articles)}</section>"
    )


def _link(name: str, method: str, text: str) -> str:
    short = escape(text).replace("/", "/<wbr>")
    return f'<li><a href="#{name}">{short_method(method)} {short}</a></li>'
