"""schemathesis over the OpenAPI document, with every check that it has and one more.

Each request that it makes is answered as the document says, or is a finding.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.problems import PROBLEMS
from common.envelope import PROBLEM_TYPES

# Every check of schemathesis 4.32; all of them apply, and a test says when there are others.
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "negative_data_rejection",
    "positive_data_acceptance", "use_after_free", "ensure_resource_availability",
    "missing_required_header", "ignored_auth", "object_level_authorization",
    "unsupported_method", "allow_header_conformance",
)  # fmt: skip
SLOWEST_SECONDS = 10.0  # max_response_time, the check that takes a number
# What a request that fits the document can be answered with, besides success: it names what is
# not there (404), is already there (409), cannot be so (422, and 400 of kinds that the route
# declares: below), is too long once it is encoded (413, 414), comes too often (429), or proves
# itself wrongly (401, 403).
ACCEPTED = ["2xx", "3xx", 400, 401, 403, 404, 409, 413, 414, 422, 429]
REJECTED = [400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 429]


@schemathesis.check
def refused_for_a_declared_reason(ctx: Any, response: Any, case: Any) -> None:
    """What the document allows is not refused as a wrong parameter, field or body."""
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    if response.status_code != 400 or not positive:
        return
    told = json.loads(response.content)
    kind = str(told.get("type", "")).removeprefix(PROBLEM_TYPES)
    if kind in PROBLEMS and kind not in case.operation.definition.raw["x-problems"]:
        raise AssertionError(f"a valid request is refused as {kind}: {told['detail']}")


@dataclass
class Findings:
    """How many calls were answered with which status, and what was found, by its title."""

    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def configuration(
    folder: Path, users: list[dict[str, Any]], most: int, seed: int = 0, url: str | None = None,
    renew: int = 3600,
) -> SchemathesisConfig:  # fmt: skip
    """Return schemathesis' configuration: `most` examples an operation, every check.

    `users` are of the Web Fuzzing Commons form and go into a file of `folder`; the
    first asks, the others must not see what is his. Without a seed every run makes
    the same requests.
    """
    path = folder / "users.json"
    path.write_text(json.dumps({"auth": users}))
    names = [user["name"] for user in users]
    who = {"path": str(path), "user": names[0], "peers": names, "refresh_interval": renew}
    checks: dict[str, Any] = {name: {"enabled": True} for name in CHECKS}
    checks["max_response_time"] = SLOWEST_SECONDS
    checks["positive_data_acceptance"]["expected-statuses"] = ACCEPTED
    checks["negative_data_rejection"]["expected-statuses"] = REJECTED
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            **({"base-url": url} if url else {}),
            "continue-on-failure": True,
            "request-timeout": 30.0,
            "checks": checks,
            "auth": {"wfc": who},
            "generation": {"deterministic": not seed, "max-examples": most, "database": "none"},
        }
    )


# Opened as a WebSocket, or streamed until the reader leaves: tests/runtime/test_live_*.py.
STREAMS = "/live(/events)?$"


def run(schema: Any) -> Findings:
    """Run every phase over `schema` (of schemathesis); return what was found."""
    found = Findings()
    for event in from_schema(schema.exclude(path_regex=STREAMS)).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(event, found)
        elif isinstance(event, events.NonFatalError):
            found.errors.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            found.errors.append(repr(event.exception))
    return found


def _note(event: events.ScenarioFinished, found: Findings) -> None:
    recorder = event.recorder
    for interaction in recorder.interactions.values():
        found.calls += 1
        if interaction.response is not None:
            found.statuses[interaction.response.status_code] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            info = check.failure_info
            if info is not None:
                label = recorder.cases[case_id].value.operation.label
                known = recorder.interactions.get(case_id)
                answer = known.response if known is not None else None
                told = f"{answer.status_code} {answer.content[:600]!r}" if answer else "no answer"
                title = f"{label}: {check.name}: {info.failure.title}"
                text = f"{info.failure.message}\n{info.code_sample[:2000]}\n{told}"
                found.failures.setdefault(title, text)
