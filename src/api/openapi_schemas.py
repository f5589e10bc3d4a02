"""The JSON Schemas of requests and answers, from the Structs that the routes declare."""

from typing import Any

import msgspec

from api.routing import Route

Json = dict[str, Any]
REF = "#/components/schemas/{name}"


def schemas_of(routes: list[Route]) -> tuple[dict[int, Json], Json]:
    """Return the schema of each type of a request or an answer by its id, and the components."""
    types = {id(route.request): route.request for route in routes}
    types |= {id(route.answers): route.answers for route in routes if route.answers is not None}
    made, components = msgspec.json.schema_components(types.values(), ref_template=REF)
    by_id = dict(zip(types, (_tidy(schema) for schema in made), strict=True))
    resolved = {name: _tidy(schema) for name, schema in components.items()}
    requests = {}
    for route in routes:
        name = by_id[id(route.request)]["$ref"].rpartition("/")[2]
        requests[id(route.request)] = resolved[name]
    answers = {key: schema for key, schema in by_id.items() if key not in requests}
    used = _reachable([*answers.values(), *requests.values()], resolved)
    return answers | requests, {name: resolved[name] for name in resolved if name in used}


def _reachable(roots: list[Json], components: Json) -> set[str]:
    """Return the names of the components that are referred to, from one to the next."""
    found: set[str] = set()
    waiting: list[Any] = list(roots)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            name = str(value.get("$ref", "")).removeprefix(REF.format(name=""))
            if name in components and name not in found:
                found.add(name)
                waiting.append(components[name])
    return found


def _tidy(schema: Any) -> Any:
    """Return a schema with choices of choices as one, and with types beside enumerations."""
    if isinstance(schema, list):
        return [_tidy(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {name: _tidy(value) for name, value in schema.items()}
    options = tidy.get("anyOf")
    if isinstance(options, list) and all(
        isinstance(one, dict) and "enum" in one for one in options
    ):
        del tidy["anyOf"]
        tidy["enum"] = [choice for one in options for choice in one["enum"]]
    enumerated = tidy.get("enum")
    if isinstance(enumerated, list) and all(isinstance(one, str) for one in enumerated):
        tidy["type"] = "string"
    return tidy
