"""JSON Schemas in words and as the outline of a JSON text, for the documentation page."""

from typing import Any

Schema = dict[str, Any]
Schemas = dict[str, Schema]
REF = "#/components/schemas/"
DEEPEST = 8
WORDS = {"integer": "whole number", "boolean": "true or false", "object": "object"}


def resolve(schema: Schema, schemas: Schemas) -> Schema:
    """Return the schema that a reference names, or the schema itself."""
    name = schema.get("$ref", "")
    return schemas[name.removeprefix(REF)] if name.startswith(REF) else schema


def type_of(schema: Schema, schemas: Schemas) -> str:
    """Return what a value may be, in a few words (with `code`)."""
    schema = resolve(schema, schemas)
    if "enum" in schema:
        return "one of " + ", ".join(f"`{choice}`" for choice in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(type_of(one, schemas) for one in schema["anyOf"])
    kind: str | list[str] = schema.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    if "prefixItems" in schema:
        return "list of " + ", ".join(type_of(one, schemas) for one in schema["prefixItems"])
    if kind == "array":
        items = type_of(schema.get("items", {}), schemas)
        return f"list of{_bounds(schema, 'minItems', 'maxItems', '')}: {items}"
    if kind == "string":
        return ("time" if schema.get("format") == "date-time" else "text") + _bounds(
            schema, "minLength", "maxLength", " characters"
        )
    return WORDS.get(kind, kind) + _bounds(schema, "minimum", "maximum", "")


def _bounds(schema: Schema, least: str, most: str, unit: str) -> str:
    low, high = schema.get(least), schema.get(most)
    if low is not None and high is not None:
        return f" {_number(low)} to {_number(high)}{unit}"
    if high is not None:
        return f" up to {_number(high)}{unit}"
    return f" from {_number(low)}{unit}" if low is not None and (low or unit == "") else ""


def _number(value: float) -> str:
    return f"{value:,}"


def shape_of(schema: Schema, schemas: Schemas, depth: int = 0) -> str:
    """Return the outline of a value: a JSON text with types where the values are."""
    if depth > DEEPEST:
        return "…"
    schema = resolve(schema, schemas)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(shape_of(one, schemas, depth) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(
            f'"{one}"' if isinstance(one, str) else str(one) for one in schema["enum"]
        )
    kind = schema.get("type", "any")
    if kind == "array":
        return _items(schema, schemas, depth)
    if kind == "object":
        return _members(schema, schemas, depth)
    if kind == "string":
        return "time" if schema.get("format") == "date-time" else "text"
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _items(schema: Schema, schemas: Schemas, depth: int) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(shape_of(one, schemas, depth) for one in schema['prefixItems'])}]"
    return f"[{shape_of(schema.get('items', {}), schemas, depth)}, …]"


def _members(schema: Schema, schemas: Schemas, depth: int) -> str:
    space = "  " * (depth + 1)
    needed = schema.get("required", [])
    lines = []
    for name, one in schema.get("properties", {}).items():
        mark = "" if name in needed else "?"
        lines.append(f'{space}"{name}"{mark}: {shape_of(one, schemas, depth + 1)}')
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        lines.append(f"{space}name: {shape_of(others, schemas, depth + 1)}")
    if not lines:
        return "{}" if others is False else "{…}"
    end = "  " * depth
    return "{\n" + ",\n".join(lines) + f"\n{end}}}"
