"""The gateway: problems, caching, headers, failures of the database."""

from http import HTTPStatus
from typing import Any

import msgspec
import pytest

from api.principal import GUEST
from api.routes import ROUTES
from common.envelope import Answer
from common.errors import Fatal, Retryable, Skippable
from tests.api.calling import KEY, PATHS, READER, Caller, Failing
from tests.api.calling import body as text_of
from tests.support.sqlite import SqliteDatabase


def problem(answer: Answer, status: int, kind: str) -> dict[str, Any]:
    """Check the whole form of a problem and return it."""
    body: dict[str, Any] = msgspec.json.decode(text_of(answer))
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert set(body) == {"type", "title", "status", "detail", "request_id"}
    assert body["type"] == f"https://cryptointel.example/problems/{kind}"
    assert (body["title"], body["status"]) == (HTTPStatus(status).phrase, status)
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


def test_an_unknown_symbol_is_named_with_the_place_that_lists_the_known(ask: Caller) -> None:
    told = problem(ask("/api/v1/market-data/NOPE"), 404, "unknown-symbol")
    assert "'NOPE'" in told["detail"]
    assert ask("/api/v1/market-data").status == 200
    assert "/api/v1/market-data" in told["detail"]


def test_an_unknown_asset_of_the_dashboard_is_a_404(ask: Caller) -> None:
    told = problem(ask("/api/v1/dashboard/asset?asset_id=nope"), 404, "unknown-asset")
    assert "'nope'" in told["detail"]


def test_the_asset_view_without_an_asset_says_what_to_add(ask: Caller) -> None:
    told = problem(ask("/api/v1/dashboard/asset"), 400, "invalid-parameter")
    assert "asset_id" in told["detail"]


@pytest.mark.parametrize("path", ["/", "/api", "/api/v1/nothing", "/api/v2/market-data/BTC"])
def test_an_unknown_route_is_a_404(ask: Caller, path: str) -> None:
    problem(ask(path), 404, "no-such-route")


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_parameter_is_refused_with_the_known_ones(ask: Caller, path: str) -> None:
    separator = "&" if "?" in path else "?"
    told = problem(ask(f"{path}{separator}colour=red"), 400, "unknown-parameter")
    assert "'colour'" in told["detail"]
    head = path.partition("?")[0]
    (route,) = [
        r for r in ROUTES
        if r.path.split("{")[0] in (head, head[: head.rindex("/") + 1]) and r.method == "GET"
        and r.path.count("/") == head.count("/") and not r.path.endswith(("/usage", "/revenue"))
    ][:1]  # fmt: skip
    in_path = route.path.partition("{")[2].rstrip("}")
    known = [name for name in route.request.__struct_fields__ if name != in_path]
    assert told["detail"].endswith(f"Known here: {', '.join(known) or 'none'}.")


def test_a_parameter_of_the_path_is_none_of_the_query(ask: Caller) -> None:
    problem(ask("/api/v1/signals/all?type=all"), 400, "unknown-parameter")


def test_a_long_unknown_parameter_is_not_repeated_at_length(ask: Caller) -> None:
    told = problem(ask(f"/api/v1/signals/all?{'x' * 3000}=1"), 400, "unknown-parameter")
    assert len(told["detail"]) < 200


def test_a_repeated_parameter_is_refused_by_name(ask: Caller) -> None:
    told = problem(ask("/api/v1/signals/all?limit=1&limit=2"), 400, "repeated-parameter")
    assert "'limit'" in told["detail"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/signals/everything", "type"),
        ("/api/v1/analytics/weather", "metric"),
        ("/api/v1/signals/all?limit=0", "limit"),
        ("/api/v1/signals/all?limit=251", "limit"),
        ("/api/v1/signals/all?limit=-1", "limit"),
        ("/api/v1/signals/all?limit=ten", "limit"),
        ("/api/v1/signals/all?limit=", "limit"),
        ("/api/v1/signals/all?since=-1", "since"),
        ("/api/v1/signals/all?since=1e400", "since"),
        ("/api/v1/signals/all?symbol=", "symbol"),
        ("/api/v1/dashboard/asset?asset_id=bitcoin&days=366", "days"),
        (f"/api/v1/market-data/{'B' * 81}", "symbol"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_parameter(
    ask: Caller, path: str, name: str
) -> None:
    assert name in problem(ask(path), 400, "invalid-parameter")["detail"]


@pytest.mark.parametrize("path", [f"/api/v1/{'x' * 5000}", f"/api/v1/signals/all?{'x' * 9000}"])
def test_an_address_that_is_too_long_is_a_414(ask: Caller, path: str) -> None:
    problem(ask(path), 414, "path-too-long")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
def test_a_wrong_method_is_a_405_that_says_what_is_possible(ask: Caller, method: str) -> None:
    answer = ask("/api/v1/signals/all", method)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", PATHS)
def test_head_says_what_get_would(ask: Caller, path: str) -> None:
    head, get = ask(path, "HEAD"), ask(path)
    for answer in (head, get):
        for own in ("x-request-id", "ratelimit-remaining", "ratelimit-reset"):
            del answer.headers[own]
    assert (head.status, head.headers) == (get.status, get.headers)
    assert head.body == ""


def test_a_database_that_may_recover_is_a_503_with_the_time_to_wait(
    database: SqliteDatabase,
) -> None:
    ask = Caller(Failing(Retryable("database: overloaded")))
    answer = ask("/api/v1/signals/all", principal=READER)
    problem(answer, 503, "try-again")
    assert int(answer.headers["retry-after"]) >= 1


BROKEN = (RuntimeError("secret table"), KeyError("x"), Fatal("no"), Skippable("reason"))


@pytest.mark.parametrize("error", BROKEN, ids=lambda error: type(error).__name__)
def test_any_other_failure_is_a_500_that_tells_nothing_and_is_logged(error: Exception) -> None:
    ask = Caller(Failing(error))
    answer = ask("/api/v1/signals/all", principal=READER)
    told = problem(answer, 500, "internal")
    for inside in ("secret table", "Traceback", type(error).__name__, ".py"):
        assert inside not in text_of(answer)
    assert "retry-after" not in answer.headers
    line = ask.lines[-1]
    assert (line["level"], line["service"]) == ("error", "api")
    assert line["metadata"]["request_id"] == told["request_id"]
    assert type(error).__name__ in line["metadata"]["error"]


def test_a_failure_while_the_key_is_looked_up_is_answered_alike() -> None:
    answer = Caller(Failing(Retryable("database: overloaded")))("/api/v1/signals/all")
    problem(answer, 503, "try-again")


def test_a_key_is_in_no_log_line() -> None:
    ask = Caller(Failing(RuntimeError("no")))
    ask("/api/v1/signals/all")
    assert ask.lines
    assert KEY.split("_")[3] not in str(ask.lines)


def test_a_failure_is_not_cached(database: SqliteDatabase) -> None:
    ask = Caller(Failing(Retryable("no")))
    assert ask("/api/v1/signals/all", principal=READER).status == 503
    ask.database = database
    assert ask("/api/v1/signals/all", principal=READER).status == 200


def test_failures_and_answers_are_counted(database: SqliteDatabase) -> None:
    ask = Caller(Failing(RuntimeError("no")))
    ask("/api/v1/signals/all", principal=READER)
    ask.database = database
    ask("/api/v1/signals/all", principal=READER)
    ask("/nothing", principal=READER)
    assert (ask.gateway.requests, ask.gateway.errors) == (3, 1)


def test_every_answer_has_its_own_request_id(ask: Caller) -> None:
    paths = [*PATHS, *PATHS, "/nothing", "/nothing"]
    ids = [ask(path).headers["x-request-id"] for path in paths]
    assert len(set(ids)) == len(ids)


def test_a_visitor_of_the_dashboard_reads_its_views_and_nothing_else(ask: Caller) -> None:
    assert ask("/api/v1/dashboard/overview", key=None, principal=GUEST).status == 200
    problem(ask("/api/v1/signals/all", key=None, principal=GUEST), 403, "key-needed")


def test_wrong_keys_lock_out_no_good_key_of_the_same_address(ask: Caller) -> None:
    for number in range(70):
        wrong = f"ci_test_{number:012x}_{number:064x}"
        assert ask("/api/v1/signals/all", key=wrong).status in (401, 403, 429)
        ask.settle("_report")
    assert ask("/api/v1/signals/all", key="ci_test_a_b").status in (403, 429)
    assert ask("/api/v1/signals/all").status == 200


def test_what_is_not_there_is_counted_and_says_so_like_any_answer(ask: Caller) -> None:
    for path, key in (("/nothing", None), ("/nothing", KEY), ("/api/v1/nothing", None)):
        assert "ratelimit-remaining" in ask(path, key=key).headers
    statuses = [ask("/nothing", key=None).status for _ in range(60)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_a_page_without_a_key_can_read_what_it_did_wrong(ask: Caller) -> None:
    headers = {"origin": "https://page.example"}
    for path in ("/api/v1/signals/all", "/api/v1/nothing"):
        answer = ask(path, key=None, headers=headers)
        assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in ask("/api/v1/nothing", headers=headers).headers
