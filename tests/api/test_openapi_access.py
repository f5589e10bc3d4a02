"""Who may ask, what is paid and what may fail, in the OpenAPI document."""

import base64
import json
import re
from typing import Any

import msgspec
import pytest

from api.docs_page import page
from api.openapi import document
from api.openapi_payment import payment_of
from api.payments.terms import Terms, read_terms
from api.permissions import APP_SCOPES, MEANINGS, PERMISSIONS
from api.problems import PROBLEMS
from api.routes import ROUTES
from api.routing import PRIVATE
from tests.api.test_openapi import DOCUMENT, OPERATIONS, operation, route


def test_only_what_apps_may_have_can_be_asked_for_by_an_app() -> None:
    assert operation(permission="public")["security"] == []
    assert operation()["security"][-1] == {"oauth": ["market:read"]}
    assert "keys:write" not in APP_SCOPES
    assert operation(permission="keys:write")["security"] == [
        {"key": []}, {"token": []}, {"header": []}
    ]  # fmt: skip


def test_every_scope_says_what_it_allows_and_only_a_users_tokens_are_refreshed() -> None:
    flows = DOCUMENT["components"]["securitySchemes"]["oauth"]["flows"]
    for flow in flows.values():
        assert set(flow["scopes"]) == set(APP_SCOPES)
        assert all(told.startswith(MEANINGS[scope]) for scope, told in flow["scopes"].items())
    assert [name for name, flow in flows.items() if "refreshUrl" in flow] == ["authorizationCode"]


def test_every_permission_has_a_meaning() -> None:
    assert set(MEANINGS) == set(PERMISSIONS)


def kinds(told: Any) -> dict[str, set[str]]:
    made = document([told])
    found = {}
    for status, answer in made["paths"][told.path][told.method.lower()]["responses"].items():
        if "$ref" in answer:
            name = answer["$ref"].rpartition("/")[2]
            found[status] = set(made["components"]["responses"][name]["x-kinds"])
    return found


def test_failures_are_those_that_the_route_can_give() -> None:
    read, write = kinds(route()), kinds(route(method="POST", cost="write", cache=PRIVATE))
    assert not {"408", "415"} & set(read)
    assert {"408", "413", "415"} <= set(write)
    assert "limits-unknown" in write["503"]
    assert "limits-unknown" not in read["503"]
    assert "invalid-parameter" in read["400"]
    assert "invalid-field" in write["400"]
    assert kinds(route(problems=("unknown-symbol",)))["404"] == {"unknown-symbol"}
    assert "401" not in kinds(route(permission="public"))


def test_every_kind_has_a_true_example() -> None:
    examples = DOCUMENT["components"]["examples"]
    assert set(examples) == set(PROBLEMS)
    for kind, (status, _) in PROBLEMS.items():
        assert examples[kind]["value"]["status"] == status
        assert examples[kind]["value"]["type"].endswith(f"/{kind}")


def test_what_no_operation_describes_is_told_beside_every_path() -> None:
    responses = DOCUMENT["components"]["responses"]
    assert responses["NoSuchRoute"]["x-kinds"] == ["no-such-route"]
    assert responses["MethodNotAllowed"]["x-kinds"] == ["method-not-allowed"]
    assert "allow" in responses["MethodNotAllowed"]["headers"]
    for path in DOCUMENT["paths"].values():
        assert path["x-other-methods"] == {"$ref": "#/components/responses/MethodNotAllowed"}
    # A status that no operation gives would let a wrong answer pass the checks made of it.
    given = {status for one in OPERATIONS.values() for status in one["responses"]}
    assert not {"405", "default"} & given


def test_what_the_mcp_server_answers_is_told_and_that_a_credential_may_be_left_out() -> None:
    told = DOCUMENT["paths"]["/mcp"]["post"]
    assert told["security"] == [{}, {"key": []}, {"token": []}, {"header": []}, {"oauth": []}]
    for status in ("400", "404", "406"):
        name = told["responses"][status]["$ref"].rpartition("/")[2]
        assert "application/json" in DOCUMENT["components"]["responses"][name]["content"]


def test_a_failure_is_named_by_what_it_is_and_not_by_its_place() -> None:
    names = list(DOCUMENT["components"]["responses"])
    assert [name for name in names if not re.fullmatch("[A-Za-z]+", name)] == []
    again = document(reversed(ROUTES))["components"]["responses"]
    assert again == DOCUMENT["components"]["responses"]


def test_what_speaks_oauth_passes_over_unknown_fields_and_fails_in_its_own_form() -> None:
    for (method, path), told in OPERATIONS.items():
        if not path.startswith("/oauth/"):
            continue
        (content,) = told["requestBody"]["content"].values()
        assert "additionalProperties" not in content["schema"], (method, path)
        assert "415" not in told["responses"]
        for status, answer in told["responses"].items():
            if status >= "400":
                name = answer["$ref"].rpartition("/")[2]
                refused = DOCUMENT["components"]["responses"][name]["content"]
                assert list(refused) == ["application/json"]
                assert refused["application/json"]["schema"]["$ref"].endswith("/OAuthFailure")


# --- what is paid ---------------------------------------------------------------------------

X402 = {
    "pay_to": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "networks": ["eip155:84532"],
    "facilitator": "https://x402.org/facilitator",
    "prices": {"analytics": {"guest": 10000, "free": 5000}, "over_quota": {"free": 2000}},
}  # fmt: skip


def terms(**changes: Any) -> Terms | None:
    return read_terms(msgspec.json.encode(X402 | changes).decode())


def test_a_priced_route_says_what_it_costs_on_which_plan_in_which_money() -> None:
    told = document([route(price="analytics")], terms=terms())["paths"]["/x/{name}"]["get"]
    assert told["x-payment"]["amounts"] == {
        "guest": {"atomic": "10000", "usd": "0.01"}, "free": {"atomic": "5000", "usd": "0.005"},
    }  # fmt: skip
    assert told["x-payment"]["networks"] == [
        {"network": "eip155:84532", "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e"}
    ]
    assert told["x-payment"]["sometimes"] is False
    assert "$0.005 (free)" in told["description"]
    sometimes = payment_of(route(price="analytics", priced_when=lambda wanted, now: True), terms())
    assert sometimes is not None
    assert sometimes["sometimes"] is True


def test_a_priced_route_can_be_answered_with_an_offer_and_with_a_receipt() -> None:
    made = document([route(price="analytics")], terms=terms())
    responses = made["paths"]["/x/{name}"]["get"]["responses"]
    assert "payment-response" in responses["200"]["headers"]
    refused = made["components"]["responses"][responses["402"]["$ref"].rpartition("/")[2]]
    assert {"payment-required", "payment-response"} <= set(refused["headers"])
    told = made["components"]["headers"]["payment-required"]["example"]
    offered = json.loads(base64.b64decode(told))
    assert (offered["x402Version"], offered["accepts"][0]["amount"]) == (2, "5000")
    body = made["components"]["examples"]["payment-required"]["value"]
    assert body["accepts"][0]["maxAmountRequired"] == "5000"


def test_who_is_out_of_quota_may_pay_for_every_read_and_for_nothing_else() -> None:
    def statuses(**changes: Any) -> set[str]:
        changed = route(**changes)
        made = document([changed], terms=terms())["paths"][changed.path][changed.method.lower()]
        assert "x-payment" not in made
        return set(made["responses"])

    assert "402" in statuses()
    assert "402" not in statuses(permission="public")
    assert "402" not in statuses(method="POST")


@pytest.mark.parametrize("sold", [None, terms(pay_to=""), terms(prices={"other": {"free": 1}})])
def test_where_nothing_is_sold_no_price_is_told(sold: Terms | None) -> None:
    told = document([route(price="analytics")], terms=sold)["paths"]["/x/{name}"]["get"]
    assert "x-payment" not in told


def test_the_page_marks_what_is_paid_with_its_lowest_price() -> None:
    paid = page(document([route(price="analytics")], terms=terms()), "## Guide")
    assert "from $0.005</span>" in paid
    assert "from $" not in page(document([route()], terms=terms()), "## Guide")
