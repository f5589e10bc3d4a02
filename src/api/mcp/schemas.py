"""JSON Schemas of tools, from the types that validate requests and describe answers.

Draft 2020-12, as MCP has it. What a program needs to check a text by is left out of
what is asked for (the route checks it): a reader of tools pays for every word.
"""

from typing import Any

import msgspec

from api.openapi_schemas import reachable

Json = dict[str, Any]
_REF = "#/$defs/{name}"
_META: Json = {
    "type": "object",
    "description": "About the answer: generated_at, origin (live, simulated: no real market,"
    " recorded), next (the cursor of the next page, null at the end), unknown (names that are"
    " not collected), units of the figures, stale (older than it should be, and why).",
    "required": ["generated_at", "origin"],
    "properties": {
        "generated_at": {"type": "string", "format": "date-time"},
        "origin": {"type": "string"},
    },
}


def of_arguments(
    request: type[msgspec.Struct], told: dict[str, str], required: tuple[str, ...]
) -> Json:
    """Return the schema of some fields of a request, with what is told of each."""
    properties, needed, definitions = _fields(request)
    plain = {name: _argument(properties[name], text) for name, text in told.items()}
    wanted = [name for name in told if name in needed or name in required]
    schema: Json = {"type": "object", "properties": plain, "additionalProperties": False}
    if wanted:
        schema["required"] = wanted
    return schema | _defined(plain, definitions)


def of_answer(answers: Any) -> Json:
    """Return the schema of an answer of the API: `data` of a type, and `meta`."""
    (data,), definitions = msgspec.json.schema_components([answers], ref_template=_REF)
    data = _plain(data)
    return {
        "type": "object",
        "properties": {"data": data, "meta": _META},
        "required": ["data", "meta"],
    } | _defined(data, {name: _plain(one) for name, one in definitions.items()})


def _fields(request: type[msgspec.Struct]) -> tuple[Json, list[str], Json]:
    (top,), definitions = msgspec.json.schema_components([request], ref_template=_REF)
    name = top["$ref"].removeprefix(_REF.format(name=""))
    found = definitions.pop(name)
    rest = {name: _plain(one) for name, one in definitions.items()}
    return found["properties"], found.get("required", []), rest


def _argument(schema: Json, told: str) -> Json:
    """Return the schema of an argument. What may be null is left out instead."""
    plain: Json = _without(_plain(schema), ("pattern", "propertyNames", "description"))
    options = [one for one in plain.pop("anyOf", []) if one != {"type": "null"}]
    if len(options) == 1:
        plain |= options[0]
    elif options:
        plain["anyOf"] = options
    if plain.get("default", 0) is None:
        del plain["default"]
    return {"description": told, **plain}


def _without(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _without(one, names) for name, one in value.items() if name not in names}


def _plain(value: Any) -> Any:
    """Return a schema without what msgspec adds: titles of types, and enumerations untyped."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    plain = {name: _plain(one) for name, one in value.items()}
    if isinstance(plain.get("title"), str):
        del plain["title"]
    if isinstance(plain.get("enum"), list) and all(isinstance(one, str) for one in plain["enum"]):
        plain["type"] = "string"
    if "prefixItems" in plain:  # clients that read draft 7 take `items: false` for no item at all
        kinds = plain.pop("prefixItems")
        one_kind = all(kind == kinds[0] for kind in kinds)
        plain["items"] = kinds[0] if one_kind else {"anyOf": kinds}
    if isinstance(plain.get("description"), str):
        plain["description"] = " ".join(plain["description"].split())
    return plain


def _defined(root: Any, definitions: Json) -> Json:
    """Return `$defs` of what is referred to from `root`, one from the next."""
    found = reachable([root], definitions, _REF)
    return {"$defs": {name: definitions[name] for name in sorted(found)}} if found else {}
