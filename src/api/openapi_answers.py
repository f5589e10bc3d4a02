"""What all answers share, as parts of an OpenAPI document: headers, meta, problems."""

from http import HTTPStatus
from typing import Any

from api.problems import PROBLEMS
from api.routing import Route
from common.envelope import PROBLEM_JSON, PROBLEM_TYPES

Json = dict[str, Any]


def _header(description: str, schema: Json, example: Any, required: bool = True) -> Json:
    return {"description": description, "required": required, "schema": schema, "example": example}


_COUNT: Json = {"type": "integer", "minimum": 0}
_HEADERS = {
    "ratelimit-limit": _header("Requests that the limit allows which binds first.", _COUNT, 600),
    "ratelimit-remaining": _header("How many of them are left.", _COUNT, 597),
    "ratelimit-reset": _header("Seconds until more are free again.", _COUNT, 41),
    "x-request-id": _header("Names this request; tell it to support.",
                            {"type": "string", "pattern": "^[0-9a-f]{16}$"}, "5f0c2a9be1d34c77"),
    "etag": _header("Names what is said; send it as If-None-Match to hear only of changes.",
                    {"type": "string"}, '"9b1c3f0e5d7a4b2c8e6f0a1d"'),
    "cache-control": _header("How long you may keep the answer.", {"type": "string"},
                             "private, max-age=300"),
    "retry-after": _header("Seconds to wait before the next try.", _COUNT, 12, required=False),
}  # fmt: skip
_MOMENT: Json = {"type": "string", "format": "date-time"}
COMPONENTS: Json = {
    "headers": _HEADERS,
    "schemas": {
        "Meta": {
            "description": "About the answer. Lists page by `next`: hand it back as `cursor`"
            " (the signal log: as `after`); null is the end. `stale` stands in an answer that"
            " is older than it should be.",
            "type": "object",
            "required": ["generated_at", "origin"],
            "properties": {
                "generated_at": {"description": "when the answer was made", **_MOMENT},
                "origin": {
                    "type": "string", "enum": ["live", "simulated", "recorded"],
                    "description": "what the data is; simulated data is never of real markets",
                },
                "next": {"type": ["string", "integer", "null"]},
                "stale": {
                    "type": "object", "required": ["since", "reason"],
                    "properties": {"since": _MOMENT, "reason": {"type": "string"}},
                },
            },
        },
        "Problem": {
            "description": "What went wrong and what to change (RFC 9457).",
            "type": "object",
            "required": ["type", "title", "status", "detail", "request_id"],
            "properties": {
                "type": {"type": "string", "format": "uri",
                         "description": "ends in the kind of problem, which does not change"},
                "title": {"type": "string", "description": "the name of the status"},
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "detail": {"type": "string", "description": "what to change, for a person"},
                "request_id": {"type": "string"},
            },
        },
        "OAuthFailure": {
            "description": "What went wrong, as OAuth 2.0 has it (RFC 6749, 5.2).",
            "type": "object",
            "required": ["error"],
            "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
        },
    },
}  # fmt: skip
FORM_FAILURE: Json = {
    "application/json": {"schema": {"$ref": "#/components/schemas/OAuthFailure"}},
}
# The state of what is unwell has the shape of what is well.
HEALTH_FAILURE: Json = {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}


def _named(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def headers_of(route: Route) -> Json:
    """Return the headers of a route's good answer."""
    names = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "cache-control",
             "x-request-id"]  # fmt: skip
    if route.method == "GET" and has_etag(route):
        names.append("etag")
    return _named(*names)


def has_etag(route: Route) -> bool:
    """Whether the answer is made before it is sent; what is streamed has no ETag."""
    return not any(one in route.media_type for one in ("csv", "ndjson"))


class Failures:
    """The failures of all routes: each is told once, and referred to by its name."""

    def __init__(self) -> None:
        self.told: Json = {}
        self._names: dict[tuple[int, tuple[str, ...], tuple[str, ...]], str] = {}

    def reference(self, status: int, kinds: tuple[str, ...], more: Json) -> Json:
        """Return a reference to the answer of a status with the kinds of problems that have it.

        `more` is content of other media types.
        """
        key = (status, kinds, tuple(more))
        if key not in self._names:
            phrase = HTTPStatus(status).phrase.replace(" ", "").replace("-", "")
            before = sum(one[0] == status for one in self._names)
            self._names[key] = f"{phrase}{before + 1 if before else ''}"
            self.told[self._names[key]] = _failure(status, kinds, more)
        return {"$ref": f"#/components/responses/{self._names[key]}"}


def _failure(status: int, kinds: tuple[str, ...], more: Json) -> Json:
    names, phrase = ["x-request-id"], HTTPStatus(status).phrase
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        names.append("retry-after")
    told = [f"- `{kind}`: {PROBLEMS[kind].meaning}" for kind in kinds]
    problem: Json = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {kind: {"$ref": f"#/components/examples/{kind}"} for kind in kinds},
    }
    return {
        "description": "\n\n".join(part for part in (phrase, "\n".join(told)) if part),
        "headers": _named(*names),
        "content": ({PROBLEM_JSON: problem} if kinds else {}) | more,
        "x-kinds": list(kinds),
    }


def problem_examples() -> Json:
    """Return an example of each kind of problem by its name."""
    return {
        kind: {
            "value": {
                "type": PROBLEM_TYPES + kind, "title": HTTPStatus(status).phrase, "status": status,
                "detail": meaning, "request_id": "5f0c2a9be1d34c77",
            }
        }
        for kind, (status, meaning) in PROBLEMS.items()
    }  # fmt: skip
