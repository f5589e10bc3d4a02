"""What all answers share, as parts of an OpenAPI document: headers and problems."""

from http import HTTPStatus
from typing import Any

from api import openapi_payment
from api.identity.oauth_answers import ERRORS, speaks_oauth
from api.openapi_values import LATER
from api.payments.terms import RECEIPT, REQUIRED
from api.problems import PROBLEMS
from api.routing import Route
from common.envelope import PROBLEM_JSON, PROBLEM_TYPES

Json = dict[str, Any]
# As RFC 9110 has them: Python's own names of these have changed with its versions.
PHRASES = {413: "Content Too Large", 414: "URI Too Long", 422: "Unprocessable Content"}
REQUEST_ID = "5f0c2a9be1d34c77"


def phrase_of(status: int) -> str:
    """Return the name of a status."""
    return PHRASES.get(status) or HTTPStatus(status).phrase


def _header(description: str, schema: Json, example: Any, required: bool = True) -> Json:
    return {"description": description, "required": required, "schema": schema, "example": example}


_COUNT: Json = {"type": "integer", "minimum": 0}
_TEXT: Json = {"type": "string"}
HEADERS: Json = {
    "ratelimit-limit": _header("Requests that the limit allows which binds first.", _COUNT, 600),
    "ratelimit-remaining": _header("How many of them are left.", _COUNT, 597),
    "ratelimit-reset": _header("Seconds until more are free again.", _COUNT, 41),
    "x-request-id": _header("Names this request; tell it to support.",
                            {"type": "string", "pattern": "^[0-9a-f]{16}$"}, REQUEST_ID),
    "etag": _header("Names what is said; send it as If-None-Match to hear only of changes.",
                    _TEXT, '"9b1c3f0e5d7a4b2c8e6f0a1d"'),
    "cache-control": _header("How long you may keep the answer.", _TEXT, "private, max-age=300"),
    "retry-after": _header("Seconds to wait before the next try.", _COUNT, 12, required=False),
    "allow": _header("The methods that are possible here.", _TEXT, "GET, HEAD"),
}  # fmt: skip
_MOMENT: Json = {"type": "string", "format": "date-time"}
PROBLEM: Json = {
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
        "limit": {**_COUNT, "description": "of `rate-limited`: how many the limit allows"},
        "window_seconds": {**_COUNT, "description": "of `rate-limited`: in how long"},
        "scope": {"type": "string", "enum": ["user", "key", "address", "everyone"],
                  "description": "of `rate-limited`: whose limit it is"},
        "cost": {"type": "string", "description": "of `rate-limited`: the class of requests"},
        "reset_at": {**_MOMENT, "description": "of `rate-limited`: until when"},
        "x402Version": {"type": "integer", "description": "of `payment-required`: 1"},
        "error": {"type": "string", "description": "of `payment-required`: what is wrong"},
        "accepts": {"type": "array", "items": {"type": "object"},
                    "description": "of `payment-required`: ways to pay, as x402 v1 has them"},
        "challenge_url": {"type": "string", "description": "of `challenge-needed`: where it is"},
    },
}  # fmt: skip
# What a problem of a kind says besides.
_MORE: Json = {
    "rate-limited": {"limit": 600, "window_seconds": 60, "scope": "user", "cost": "read",
                     "reset_at": LATER},
    "challenge-needed": {"challenge_url": "https://app.cryptointel.example/challenge"},
}  # fmt: skip
_OAUTH = {400: ("invalid_grant", "The code is unknown, used or expired."),
          401: ("invalid_client", "The client is unknown, or its secret is wrong.")}  # fmt: skip


def oauth_failure(status: int, kinds: list[str]) -> Json:
    """Return the content of what OAuth's own routes refuse (RFC 6749, 5.2)."""
    meanings = [PROBLEMS[kind].meaning for kind in kinds]
    error, said = _OAUTH.get(status) or (ERRORS.get(status, "invalid_request"), meanings[0])
    return {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/OAuthFailure"},
            "example": {"error": error, "error_description": said},
        }
    }


# The state of what is unwell has the shape of what is well.
HEALTH_FAILURE: Json = {
    "application/json": {
        "schema": {"$ref": "#/components/schemas/Health"},
        "example": {
            "status": "unhealthy", "timestamp": LATER,
            "services": {"database": "unhealthy", "cache": "healthy",
                         "external_apis": "degraded: coinbase", "workers": "healthy"},
            "metrics": {"uptime": "98.96%", "response_time_ms": 310, "error_rate": "1.20%"},
        },
    }
}  # fmt: skip


def _named(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def headers_of(route: Route) -> Json:
    """Return the headers of a route's good answer."""
    names = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "cache-control",
             "x-request-id"]  # fmt: skip
    if route.method == "GET" and has_etag(route):
        names.append("etag")
    if openapi_payment.is_sold(route):
        names.append(RECEIPT)
    return _named(*names)


def has_etag(route: Route) -> bool:
    """Whether the answer is made before it is sent; what is streamed has no ETag."""
    streamed = any(one in route.media_type for one in ("ndjson", "event-stream"))
    return not streamed and route.status != 101


# A failure is named by its status and the kinds that the route itself raises; of those that all
# such routes have, the first of these names the rest.
_MARKS = {
    "unknown-field": "Body", "invalid-field": "OpenBody", "repeated-parameter": "Query",
    "invalid-parameter": "Path", "limits-unknown": "OrUncounted", "scope-missing": "Keyed",
}  # fmt: skip


class Failures:
    """The failures of all routes: each is told once, and referred to by its name."""

    def __init__(self) -> None:
        # No operation can be answered with these: they are of requests that none describes.
        self.told: Json = {
            "NoSuchRoute": _failure(404, ("no-such-route",), {}),
            "MethodNotAllowed": _failure(405, ("method-not-allowed",), {}),
        }
        self._names: dict[tuple[int, tuple[str, ...], bool, tuple[str, ...]], str] = {}

    def reference(self, status: int, kinds: tuple[str, ...], more: Json, route: Route) -> Json:
        """Return a reference to the answer of a status with the kinds of problems that have it.

        `more` is content of other media types; OAuth's own routes have no other.
        """
        key = (status, kinds, speaks_oauth(route), tuple(more))
        if key not in self._names:
            self._names[key] = name = self._name(status, kinds, more, route)
            self.told[name] = _failure(status, kinds, more, alone=speaks_oauth(route))
        return {"$ref": f"#/components/responses/{self._names[key]}"}

    def _name(self, status: int, kinds: tuple[str, ...], more: Json, route: Route) -> str:
        own = [kind for kind in kinds if kind in route.problems and kind not in _MARKS]
        marks = [mark for kind, mark in _MARKS.items() if kind in kinds]
        by_reader = "Rpc" if route.reader is not None else "Health"
        form = "OAuth" if speaks_oauth(route) else by_reader if more else ""
        paying = (
            "payment"
            if status != 402
            and any(kind.startswith("payment") or kind == "too-much-to-sell" for kind in kinds)
            else ""
        )
        texts = [phrase_of(status), *marks[:1], *own, paying, form]
        wanted = "".join(
            word[:1].upper() + word[1:] for text in texts for word in text.replace("-", " ").split()
        )
        number = 1
        while (name := f"{wanted}{number if number > 1 else ''}") in self.told:
            number += 1
        return name


def _failure(status: int, kinds: tuple[str, ...], more: Json, alone: bool = False) -> Json:
    names, phrase = ["x-request-id"], phrase_of(status)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        names.append("retry-after")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        names.append("allow")
    if status == HTTPStatus.PAYMENT_REQUIRED:
        names += [REQUIRED, RECEIPT]
    told = [f"- `{kind}`: {PROBLEMS[kind].meaning}" for kind in kinds]
    problem: Json = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {kind: {"$ref": f"#/components/examples/{kind}"} for kind in kinds},
    }
    return {
        "description": "\n\n".join(part for part in (phrase, "\n".join(told)) if part),
        "headers": _named(*names),
        "content": more if alone or not kinds else {PROBLEM_JSON: problem} | more,
        "x-kinds": list(kinds),
    }


def problem_examples() -> Json:
    """Return an example of each kind of problem by its name."""
    return {
        kind: {
            "value": {
                "type": PROBLEM_TYPES + kind, "title": phrase_of(status), "status": status,
                "detail": meaning, "request_id": REQUEST_ID, **_MORE.get(kind, {}),
                **(openapi_payment.example() if kind == openapi_payment.KIND else {}),
            }
        }
        for kind, (status, meaning) in PROBLEMS.items()
    }  # fmt: skip
