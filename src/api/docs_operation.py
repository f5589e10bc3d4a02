"""One operation of the documentation page, folded: what to send, what comes back, what may fail."""

import json
import shlex
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from api.docs_shapes import Schemas, shape_of, type_of
from api.markdown import inline, render, table

Json = dict[str, Any]
LONGEST_LINE = 76
SHORT = {"delete": "del"}


def operation(method: str, path: str, told: Json, server: str, schemas: Schemas) -> str:
    """Return an operation, which the page's search finds by the words of `data-words`."""
    name, summary = told["operationId"], told["summary"]
    badge = short_method(method)
    command = curl(method, path, told, server)
    sent = f"{_fields(told, schemas)}{_problems(told)}"
    return (
        _open(name, badge, breakable(path), summary, _words(method, path, told), _paid(told))
        + f"<div class=columns><div>{render(told['description'])}{sent}</div><div>"
        + f"<h4>Request</h4><pre tabindex=0><code>{escape(command)}</code></pre>"
        + f"{_answer(told, schemas)}</div></div></div></details>\n"
    )


def message(event: str, told: Json, schemas: Schemas) -> str:
    """Return a message that is sent to webhooks."""
    rows = [(one["name"], "header", one["schema"], True, one["description"])
            for one in told["parameters"]]  # fmt: skip
    (content,) = told["requestBody"]["content"].values()
    answers = [
        [f"`{status}`", answer["description"]] for status, answer in told["responses"].items()
    ]
    words = f"webhook message {event} {told['summary']}"
    return (
        _open(told["operationId"], short_method("post"), escape(event), told["summary"], words)
        + f"<div class=columns><div>{render(told['description'])}{_rows(rows, schemas)}"
        + f"<h4>Your answer</h4>{table(['status', 'what we do'], answers)}</div><div>"
        + f"<h4>Body</h4>{_shown(content, schemas)}</div></div></div></details>\n"
    )


def _open(name: str, badge: str, path: str, summary: str, words: str, paid: str = "") -> str:
    """Return the beginning. What a link leads to is inside: browsers unfold what is around it."""
    return (
        f'<details class=operation data-words="{escape(words.lower())}"><summary>'
        f"<h3>{badge} <code>{path}</code>{paid}</h3><span>{inline(summary)}</span></summary>"
        f'<div class=inside id="{name}"><a class=anchor href="#{name}"'
        f' aria-label="Link to {name}">#{name}</a>'
    )


def _paid(told: Json) -> str:
    """Return the mark of an operation whose answers cost something: the lowest price."""
    if "x-payment" not in told:
        return ""
    amounts = told["x-payment"]["amounts"].values()
    least = min(amounts, key=lambda one: int(one["atomic"]))["usd"]
    return f' <span class=paid title="paid by x402">from ${least}</span>'


def short_method(method: str) -> str:
    """Return a method as it is marked."""
    return f'<b class="method {method}">{SHORT.get(method, method).upper()}</b>'


def breakable(path: str) -> str:
    """Return a path that may be broken behind each slash."""
    return escape(path).replace("/", "/<wbr>")


def _words(method: str, path: str, told: Json) -> str:
    names = [one["name"] for one in told["parameters"]]
    for content in told.get("requestBody", {}).get("content", {}).values():
        names += content["schema"]["properties"]
    names += ["paid", "x402"] if "x-payment" in told else []
    parts = [method, path, told["operationId"], told["summary"], told["x-permission"], *names]
    return " ".join([*parts, *told["x-problems"]])


def _fields(told: Json, schemas: Schemas) -> str:
    """Return the table of the parameters, or of the fields of the body."""
    rows = [
        (one["name"], one["in"], one["schema"], one["required"], one.get("description", ""))
        for one in told["parameters"]
    ]
    for content in told.get("requestBody", {}).get("content", {}).values():
        body = content["schema"]
        rows += [
            (name, "body", schema, name in body["required"], schema.get("description", ""))
            for name, schema in body["properties"].items()
        ]
    return _rows(rows, schemas)


def _rows(rows: list[tuple[str, str, Json, bool, str]], schemas: Schemas) -> str:
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
    return f"{text.rstrip('.')}: {kind}" if text else kind


def _problems(told: Json) -> str:
    own = told["x-problems"]
    links = ", ".join(f'<a href="#problem-{kind}"><code>{kind}</code></a>' for kind in own)
    said = f"{links}, and those" if own else "those"
    return f'<p class=problems>Problems: {said} of <a href="#guide-problems">every route</a>.</p>'


def curl(method: str, path: str, told: Json, server: str) -> str:
    """Return a command that asks for the operation's example."""
    query = {}
    for one in told["parameters"]:
        if "example" in one:
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", quote(str(one["example"]), safe=""))
            else:
                query[one["name"]] = one["example"]
    parts = ["curl" if method == "get" else f"curl -X {method.upper()}"]
    if told["security"]:
        parts.append('-H "Authorization: Bearer $KEY"')
    for media_type, content in told.get("requestBody", {}).get("content", {}).items():
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


def _answer(told: Json, schemas: Schemas) -> str:
    """Return the good answer: an example of each media type, and its shape."""
    status, answer = next(iter(told["responses"].items()))
    parts = [
        f"<h4>Answer <small>{status} {escape(media_type)}</small></h4>{_shown(content, schemas)}"
        for media_type, content in answer.get("content", {}).items()
    ]
    return "".join(parts) or f"<h4>Answer</h4><p>{status}, without a body.</p>"


def _shown(content: Json, schemas: Schemas) -> str:
    """Return the examples of a body, and its columns or its shape to be unfolded."""
    schema = content["schema"]
    examples = [one["value"] for one in content.get("examples", {}).values()]
    if "example" in content:
        examples.append(content["example"])
    told = "".join(f"<pre tabindex=0><code>{escape(_text(one))}</code></pre>" for one in examples)
    if "x-columns" in schema:
        head = ["column", "what it is"]
        rows = [[f"`{one['name']}`", _column(one)] for one in schema["x-columns"]]
        return f"{told}<details><summary>Columns</summary>{table(head, rows)}</details>"
    shape = shape_of(schema, schemas)
    if shape == "text":
        return told or f"<p>{escape(schema.get('description', 'Text.'))}</p>"
    return (
        f"{told}<details><summary>Shape</summary>"
        f"<pre tabindex=0><code>{escape(shape)}</code></pre></details>"
    )


def _text(example: Any) -> str:
    if isinstance(example, str):
        return example.rstrip()
    return json.dumps(example, indent=2, ensure_ascii=False)


def _column(one: Json) -> str:
    unit = f" ({one['unit']})" if "unit" in one else ""
    kind = "time" if one["type"] == "date-time" else one["type"]
    return f"{kind}{unit}" + (f": {one['description']}" if "description" in one else "")
