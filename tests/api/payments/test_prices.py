"""The price table: one in configuration, and everything that repeats it equal to it."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.limits.plans import PLANS
from api.payments.prices import OVER_QUOTA, read_prices
from api.payments.terms import TOKENS, Config, in_usd, read_terms
from api.routes import ROUTES
from common.errors import Fatal
from tests.support.selling import CONFIG

PROJECT = Path(__file__).parents[3]
ENVIRONMENTS = {"local": CONFIG, **CONFIG["env"]}


def config_of(environment: str) -> Config:
    return msgspec.json.decode(ENVIRONMENTS[environment]["vars"]["X402"], type=Config)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_has_the_same_good_prices(environment: str) -> None:
    config = config_of(environment)
    assert config.prices == config_of("local").prices
    assert set(config.networks) <= set(TOKENS)
    assert config.facilitator.startswith("https://")
    read_prices(config.prices)


def test_production_takes_real_money_only_and_the_others_none() -> None:
    assert config_of("production").networks == ("eip155:8453",)
    assert config_of("staging").networks == config_of("local").networks == ("eip155:84532",)


def test_every_priced_route_has_its_row_and_every_row_its_route() -> None:
    priced = {route.price for route in ROUTES if route.price is not None}
    assert priced | {OVER_QUOTA} == set(config_of("local").prices)
    assert all(route.method == "GET" for route in ROUTES if route.price is not None)


def test_who_pays_more_for_the_plan_pays_less_for_the_call() -> None:
    for name, row in config_of("local").prices.items():
        amounts = [row.get(plan, 0) for plan in PLANS if plan in row]
        assert amounts == sorted(amounts, reverse=True), name


def test_the_documents_table_is_the_configurations() -> None:
    told: dict[str, dict[str, int]] = {}
    for line in (PROJECT / "docs" / "payments.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and cells[0].startswith("`"):
            amounts = zip(PLANS, cells[2:], strict=True)
            told[cells[0].strip("`")] = {plan: int(one) for plan, one in amounts if one != "–"}
    assert told == config_of("local").prices


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({"a": {"gold": 1}}, "no plan"), ({"a": {"free": 0}}, "must cost"),
        ({"a": {"free": 1_000_001}}, "must cost"), ({"a": {"free": -5}}, "must cost"),
    ],
)  # fmt: skip
def test_a_wrong_price_is_named(table: Any, wrong: str) -> None:
    with pytest.raises(Fatal, match=wrong):
        read_prices(table)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"networks": []}, "no networks"), ({"networks": ["eip155:1"]}, "unknown networks"),
        ({"pay_to": "0x12"}, "no address"), ({"facilitator": "http://a"}, "https"),
        ({"max_timeout_seconds": 5}, "30 to 600"), ({"prices": {"a": {"free": 1.5}}}, "Expected"),
    ],
)  # fmt: skip
def test_wrong_terms_are_named(change: dict[str, Any], wrong: str) -> None:
    good = json.loads(ENVIRONMENTS["local"]["vars"]["X402"])
    with pytest.raises(Fatal, match=wrong):
        read_terms(json.dumps(good | change))


def test_amounts_are_told_in_dollars() -> None:
    told = [in_usd(amount) for amount in (1, 500, 10_000, 150_000, 1_000_000, 12_345_678)]
    assert told == ["0.000001", "0.0005", "0.01", "0.15", "1.00", "12.345678"]
