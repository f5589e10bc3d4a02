"""Examples of requests' and answers' bodies, made from their JSON Schemas.

A value is taken from what api.openapi_values says of the field, from the schema's own
examples, from its choices, or is made up to fit its type.
"""

import re
from typing import Any

from api.openapi_values import OUT, VALUES

Json = dict[str, Any]
REF = "#/components/schemas/"
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,),
    "object": (dict,), "array": (list,), "null": (type(None),),
}  # fmt: skip
_LIMITS = (
    ("minimum", lambda value, limit: value >= limit),
    ("maximum", lambda value, limit: value <= limit),
    ("minLength", lambda value, limit: len(value) >= limit),
    ("maxLength", lambda value, limit: len(value) <= limit),
    ("minItems", lambda value, limit: len(value) >= limit),
    ("maxItems", lambda value, limit: len(value) <= limit),
    ("pattern", lambda value, pattern: re.search(pattern, value) is not None),
)  # fmt: skip


def example_of(schema: Json, components: Json, name: str = "", owner: str = "") -> Any:
    """Return an example of `schema`, of the field `name` of the component `owner`."""
    for key in (f"{owner}.{name}", name):
        if key in VALUES and fits(VALUES[key], schema, components):
            return VALUES[key]
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        called = schema["$ref"].removeprefix(REF)
        return example_of(components[called], components, "", called)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], components, name, owner)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, components, owner)
    if kind == "array":
        return _array(schema, components, name, owner)
    number = min(1.5, schema.get("maximum", 1.5))
    made_up = {"integer": 1, "number": number, "boolean": True, "string": name or "text"}
    return made_up.get(str(kind))


def _object(schema: Json, components: Json, owner: str) -> Json:
    needed = schema.get("required", ())
    told = {
        name: example_of(one, components, name, owner)
        for name, one in schema.get("properties", {}).items()
        if name in needed or not _is_out(f"{owner}.{name}", one)
    }
    others = schema.get("additionalProperties")
    if not told and isinstance(others, dict) and others:
        called = others.get("$ref", "").removeprefix(REF)
        told[VALUES.get(f"{called}.*", "name")] = example_of(others, components)
    return told


def _is_out(key: str, schema: Json) -> bool:
    """Whether an optional field is left out: it is told to be, or a fault alone brings it."""
    return VALUES.get(key) is OUT or schema.get("$ref") == f"{REF}Stale"


def _array(schema: Json, components: Json, name: str, owner: str) -> list[Any]:
    if "prefixItems" in schema:
        return [example_of(one, components, name, owner) for one in schema["prefixItems"]]
    return [example_of(schema.get("items", {}), components, name, owner)]


def fits(value: Any, schema: Json, components: Json) -> bool:
    """Whether `value` is of a schema's type and within its bounds, as far as examples need it."""
    if value is OUT:
        return False
    if "$ref" in schema:
        return fits(value, components[schema["$ref"].removeprefix(REF)], components)
    if "anyOf" in schema:
        return any(fits(value, one, components) for one in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    kinds = schema.get("type", list(_TYPES))
    taken = [one for kind in ([kinds] if isinstance(kinds, str) else kinds) for one in _TYPES[kind]]
    if (isinstance(value, bool) and bool not in taken) or not isinstance(value, tuple(taken)):
        return False
    if any(key in schema and not holds(value, schema[key]) for key, holds in _LIMITS):
        return False
    if isinstance(value, list):
        return _items_fit(value, schema, components)
    if isinstance(value, dict):
        return _members_fit(value, schema, components)
    return True


def _items_fit(value: list[Any], schema: Json, components: Json) -> bool:
    if "prefixItems" in schema:
        pairs = zip(value, schema["prefixItems"], strict=False)
        return all(fits(one, its, components) for one, its in pairs)
    return all(fits(one, schema.get("items", {}), components) for one in value)


def _members_fit(value: Json, schema: Json, components: Json) -> bool:
    own, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    return set(schema.get("required", ())) <= set(value) and all(
        fits(one, own[name], components)
        if name in own
        else others is not False and fits(one, others, components)
        for name, one in value.items()
    )
