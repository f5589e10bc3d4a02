"""What a catalogue of payable resources learns from an offer (x402's extension `bazaar`).

It travels in a header, and comes back with every payment, so it is small: how
to ask, with the route's own example, and no example of the answer. A
catalogue reads it out of payments:
https://github.com/x402-foundation/x402/blob/main/specs/extensions/bazaar.md
"""

from typing import Any

import msgspec

from api.routing import Route

LARGEST = 2_000  # bytes of JSON; the header it is in must stay under 8 KB
_told: dict[str, dict[str, Any]] = {}  # by path: an isolate asks again and again


def bazaar(route: Route) -> dict[str, Any]:
    """Return the extensions of a route's offer: `info` how to ask, `schema` of that."""
    if route.path not in _told:
        _told[route.path] = _bazaar(route)
    return _told[route.path]


def _bazaar(route: Route) -> dict[str, Any]:
    names = {name for name in route.request.__struct_encode_fields__ if f"{{{name}}}" in route.path}
    example = {name: str(value) for name, value in route.example.items()}
    given: dict[str, Any] = {"type": "http", "method": route.method}
    known: dict[str, Any] = {
        "type": {"type": "string", "const": "http"},
        "method": {"type": "string", "enum": [route.method]},
    }
    path = {name: example[name] for name in sorted(names & example.keys())}
    query = {name: value for name, value in example.items() if name not in names}
    for member, values in (("pathParams", path), ("queryParams", query)):
        if values:
            given[member] = values
            known[member] = {
                "type": "object",
                "properties": {name: {"type": "string"} for name in values},
            }
    info = {"input": given, "output": {"type": "json", "format": route.media_type}}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "input": {"type": "object", "properties": known, "required": ["type", "method"]},
            "output": {"type": "object"},
        },
        "required": ["input"],
    }
    told: dict[str, Any] = {"info": info, "schema": schema}
    if path:
        told["routeTemplate"] = route.path.replace("{", ":").replace("}", "")
    return {"bazaar": told} if len(msgspec.json.encode(told)) <= LARGEST else {}
