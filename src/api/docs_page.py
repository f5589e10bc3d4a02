"""/docs: the OpenAPI document as a page that needs no script, and its stylesheet's address."""

import json
import shlex
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from api.docs_shapes import Schemas, shape_of, type_of
from api.markdown import anchor, inline, render
from common.envelope import PROBLEM_TYPES

Json = dict[str, Any]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
LONGEST_LINE = 76
SHORT = {"delete": "del"}

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs.css">
</head>
"""


def page(document: Json, guide: str) -> str:
    """Return the page of `document` with the guide (Markdown) before the routes."""
    server = document["servers"][0]["url"].rstrip("/")
    schemas = document["components"]["schemas"]
    sections = {tag["name"]: (tag, list[str](), list[str]()) for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _, links, articles = sections[operation["tags"][0]]
            links.append(_link(method, path, operation))
            articles.append(_operation(method, path, operation, server, schemas))
    told = "".join(_section(tag, articles) for tag, _, articles in sections.values())
    menu = "".join(
        f'<p><a href="#{name}">{_title(name)}</a></p><ul>{"".join(links)}</ul>'
        for name, (_, links, _) in sections.items()
    )
    about = document["info"]
    return (
        HEAD.format(title=escape(about["title"]))
        + '<body>\n<a class="skip" href="#content">Skip to the content</a>\n'
        + f'<header><a class="name" href="#content">{escape(about["title"])}</a>'
        + f'<span>version {escape(about["version"])}</span><a href="/openapi.json">openapi.json</a>'
        + f"</header>\n<div class=frame>\n{_menu(guide, menu)}\n<main id=content>"
        + f"<h1>{escape(about['title'])}</h1><p class=lead>{inline(about['summary'])}</p>"
        + f"<section class=guide>{render(guide)}</section>{told}</main>\n</div>\n</body>\n</html>\n"
    )


def problem_page(kind: str, status: int, title: str, meaning: str) -> str:
    """Return the page of one kind of problem, which is where its `type` leads."""
    return (
        HEAD.format(title=escape(kind))
        + '<body>\n<header><a class="name" href="/docs">CryptoIntel API</a></header>\n'
        + f"<main class=alone><h1>{escape(kind)}</h1><p class=lead>{status} {escape(title)}</p>"
        + f"<p>{inline(meaning)}</p><p><code>{escape(PROBLEM_TYPES + kind)}</code></p>"
        + '<p><a href="/docs#guide-problems">All kinds of problems</a></p></main>\n'
        + "</body>\n</html>\n"
    )


def _menu(guide: str, routes: str) -> str:
    """Return the contents: beside the text where there is room, else to be unfolded above it."""
    heads = [line[3:] for line in guide.split("\n") if line.startswith("## ")]
    listed = "".join(f'<li><a href="#{anchor(one)}">{inline(one)}</a></li>' for one in heads)
    inner = f"<p>Guide</p><ul>{listed}</ul>{routes}"
    return (
        f'<nav class=side aria-label="Contents">{inner}</nav>'
        f"<details class=menu><summary>Contents</summary><nav>{inner}</nav></details>"
    )


def _title(name: str) -> str:
    return escape(name.replace("_", " ").capitalize())


def _section(tag: Json, articles: list[str]) -> str:
    return (
        f'<section aria-labelledby="{tag["name"]}">'
        f'<h2 id="{tag["name"]}">{_title(tag["name"])}</h2>'
        f"<p>{inline(tag['description'])}</p>{''.join(articles)}</section>"
    )


def _method(method: str) -> str:
    return f'<b class="method {method}">{SHORT.get(method, method).upper()}</b>'


def _link(method: str, path: str, operation: Json) -> str:
    short = _breakable(path.removeprefix("/api/v1"))
    return f'<li><a href="#{operation["operationId"]}">{_method(method)} {short}</a></li>'


def _operation(method: str, path: str, operation: Json, server: str, schemas: Schemas) -> str:
    name = operation["operationId"]
    command = curl(method, path, operation, server)
    return (
        f'<article id="{name}"><h3>{_method(method)} <code>{_breakable(path)}</code>'
        f'<a class=anchor href="#{name}" aria-label="Link to {name}">#</a></h3>'
        f"<p class=summary>{inline(operation['summary'])}</p><div class=columns><div>"
        f"{render(operation['description'])}{_fields(operation, schemas)}"
        f"{_problems(operation)}</div><div>"
        f"<h4>Example</h4><pre tabindex=0><code>{escape(command)}</code></pre>"
        f"{_answer(operation, schemas)}</div></div></article>\n"
    )


def _breakable(path: str) -> str:
    return escape(path).replace("/", "/<wbr>")


def _fields(operation: Json, schemas: Schemas) -> str:
    """Return the table of the parameters, or of the fields of the body."""
    rows = [
        [one["name"], one["in"], one["schema"], one["required"], one.get("description", "")]
        for one in operation["parameters"]
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        body = content["schema"]
        rows += [
            [name, "body", schema, name in body["required"], schema.get("description", "")]
            for name, schema in body["properties"].items()
        ]
    told = "".join(
        f"<tr><th scope=row><code>{name}</code> <small>{place}{', required' if needed else ''}"
        f"</small></th><td>{inline(_about(schema, text, schemas))}</td></tr>"
        for name, place, schema, needed, text in rows
    )
    return f"<div class=wide><table class=fields>{told}</table></div>" if told else ""


def _about(schema: Json, text: str, schemas: Schemas) -> str:
    default = schema.get("default")
    usual = f"; `{json.dumps(default)}` without it" if default not in (None, {}, []) else ""
    kind = f"{type_of(schema, schemas)}{usual}"
    return f"{text}: {kind}" if text else kind


def _problems(operation: Json) -> str:
    own = operation["x-problems"]
    links = ", ".join(f'<a href="#problem-{kind}"><code>{kind}</code></a>' for kind in own)
    told = f"{links}, and those" if own else "those"
    return f'<p class=problems>Problems: {told} of <a href="#guide-problems">every route</a>.</p>'


def curl(method: str, path: str, operation: Json, server: str) -> str:
    """Return a command that asks for the operation's example."""
    query = {}
    for one in operation["parameters"]:
        if "example" in one:
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", quote(str(one["example"]), safe=""))
            else:
                query[one["name"]] = one["example"]
    parts = ["curl" if method == "get" else f"curl -X {method.upper()}"]
    if operation["security"]:
        parts.append('-H "Authorization: Bearer $KEY"')
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if media_type == "application/json":
            parts.append("-H 'Content-Type: application/json'")
            sent = json.dumps(content.get("example", {}), ensure_ascii=False)
        else:
            sent = urlencode(content.get("example", {}))
        parts.append(f"-d {shlex.quote(sent)}")
    address = f"{server}{path}{'?' if query else ''}{_query(query)}"
    parts.append(f"'{address}'")
    line = " ".join(parts)
    return line if len(line) <= LONGEST_LINE else " \\\n  ".join(parts)


def _query(values: Json) -> str:
    told = {name: json.dumps(v) if isinstance(v, bool) else v for name, v in values.items()}
    return urlencode(told, safe=",:/")


def _answer(operation: Json, schemas: Schemas) -> str:
    """Return the shape of the good answer."""
    status, answer = next(iter(operation["responses"].items()))
    told = []
    for media_type, content in answer.get("content", {}).items():
        text = shape_of(content["schema"], schemas)
        told.append(
            f"<details open><summary>{status} <code>{escape(media_type)}</code></summary>"
            f"<pre tabindex=0><code>{escape(text)}</code></pre></details>"
        )
    return f"<h4>Answer</h4>{''.join(told)}"
