"""docs/sources.md: its table is what the sources declare."""

from collection.source import Endpoint, Source
from collection.sources import SOURCES
from tools.system.layout import PROJECT

GUIDE = (PROJECT / "docs" / "sources.md").read_text("utf-8")


def every(endpoint: Endpoint) -> str:
    hours, minutes = divmod(endpoint.cadence // 60, 60)
    return f"{hours} h" if hours else f"{minutes} min"


def row(source: Source) -> str:
    endpoints = ", ".join(f"{one.name} ({every(one)})" for one in source.endpoints)
    key = f"`{source.key_name}`" if source.key_name else "none"
    if source.key_name and not source.key_required:
        key += ", optional"
    notes = [source.off_reason] if source.off_reason else []
    if not source.redistributable:
        notes.append("stored, never served")
    budget = f"{source.requests_per_minute:g} a minute"
    return f"| {source.name} | {endpoints} | {key} | {budget} | {'; '.join(notes)} |"


def table() -> str:
    return "\n".join(row(source) for source in SOURCES)


def test_the_table_of_sources_is_what_they_declare() -> None:
    assert table() in GUIDE, f"docs/sources.md should hold:\n{table()}"
