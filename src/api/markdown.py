"""As much of Markdown as the guide and the descriptions use, as HTML."""

import re
from html import escape

_code = re.compile(r"`([^`]+)`")
_link = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_heading = re.compile(r"^## (.+)$")


def inline(text: str) -> str:
    """Return a line's text as HTML, with code and links."""
    told = _link.sub(r'<a href="\2">\1</a>', escape(text))
    return _code.sub(r"<code>\1</code>", told)


def render(text: str) -> str:
    """Return blocks that blank lines separate as HTML."""
    return "\n".join(_block(block) for block in text.strip().split("\n\n") if block)


def anchor(heading: str) -> str:
    """Return a heading's anchor, which is none of a resource's."""
    return "guide-" + re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def _block(block: str) -> str:
    lines = block.split("\n")
    if block.startswith("```"):
        return f"<pre tabindex=0><code>{escape(chr(10).join(lines[1:-1]))}</code></pre>"
    if found := _heading.match(block):
        return f'<h2 id="{anchor(found[1])}">{inline(found[1])}</h2>'
    if block.startswith("- "):
        items = re.split(r"\n?^- ", block, flags=re.M)[1:]
        return f"<ul>{''.join(f'<li>{inline(one)}</li>' for one in items)}</ul>"
    if block.startswith("| "):
        head, _, *rows = (line.strip("|").split("|") for line in lines)
        return table([cell.strip() for cell in head], [[c.strip() for c in row] for row in rows])
    return f"<p>{inline(block)}</p>"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table that scrolls where it is too wide; a row about a kind has its anchor."""
    told = [f"<th scope=col>{inline(cell)}</th>" for cell in head]
    body = [
        f"<tr{_anchor(row) if head[:2] == ['status', 'kind'] else ''}>"
        + "".join(f"<td>{inline(cell)}</td>" for cell in row)
        + "</tr>"
        for row in rows
    ]
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{"".join(told)}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _anchor(row: list[str]) -> str:
    return f' id="problem-{row[1].strip("`")}"'
