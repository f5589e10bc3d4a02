"""What a catalogue of payable resources learns from an offer (x402's extension `bazaar`).

It travels in a header, and comes back with every payment, so it is small: how
to ask, with an example that is priced, and no example of the answer. A
catalogue reads it out of payments:
https://github.com/x402-foundation/x402/blob/main/specs/extensions/bazaar.md
"""

from typing import Any

import msgspec

from api.routing import Route

LARGEST = 2_000  # bytes of JSON; the header it is in must stay under 8 KB
# What makes a request priced of a route whose own example is free.
PRICED: dict[str, dict[str, Any]] = {
    "/api/v1/market-data/{symbol}": {"history": "1d", "limit": 1000},
    "/api/v1/signals/{type}": {"detail": "full"},
}
_told: dict[str, dict[str, Any]] = {}  # by path: an isolate asks again and again


def bazaar(route: Route) -> dict[str, Any]:
    """Return the extensions of a priced route's offer: `info` how to ask, `schema` of that."""
    if route.path not in _told:
        _told[route.path] = _bazaar(route)
    return _told[route.path]


def _bazaar(route: Route) -> dict[str, Any]:
    names = {name for name in route.request.__struct_encode_fields__ if f"{{{name}}}" in route.path}
    wanted = route.example | PRICED.get(route.path, {})
    example = {name: str(value) for name, value in wanted.items()}
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
    media_type = route.media_type.partition(",")[0]  # the first is what the example asks for
    form = "json" if media_type.endswith("json") else "text"
    info = {"input": given, "output": {"type": form, "format": media_type}}
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
