"""Stock clients buy from a stand-in for the gateway: what they need, and that none cheats."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.runtime.buying.buyers import BUYERS, HERE, Bought, Order, httpx_v2
from tests.support.facilitator import running_facilitator
from tests.support.shop import GOODS, PRICE, running_shop
from tests.support.wallets import Account

ADDRESS, KEY = (lambda made: (made.address, made.key.hex()))(Account.create())
KEY = f"0x{KEY.removeprefix('0x')}"
under_node = pytest.mark.runtime  # `make test` sets up what it needs
every_buyer = pytest.mark.parametrize(
    "name",
    [name if name == "httpx" else pytest.param(name, marks=under_node) for name in BUYERS],
)


@pytest.fixture(scope="module")
def facilitator() -> Iterator[str]:
    with running_facilitator() as address:
        yield address


@pytest.fixture
def money(facilitator: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{facilitator}/control/") as client:
        client.delete("ledger")
        client.delete("faults")
        yield client


def buy(name: str, facilitator: str, versions: tuple[int, ...], **more: Any) -> Bought:
    with running_shop(facilitator, versions) as shop:
        return BUYERS[name](Order(f"{shop.address}/goods?of=BTC", KEY, **more))


def moved(money: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = money.get("transfers").json()["transfers"]
    return found


@every_buyer
def test_it_buys_where_both_versions_are_offered(
    name: str, facilitator: str, money: httpx.Client
) -> None:
    bought = buy(name, facilitator, (1, 2))
    assert (bought.status, bought.text, bought.error) == (200, GOODS.decode(), "")
    assert bought.length == len(GOODS)
    (transfer,) = moved(money)
    assert transfer["payer"] == ADDRESS.lower()
    network = "base-sepolia" if name == "fetch-v1" else "eip155:84532"
    assert bought.receipt == {
        "success": True, "transaction": transfer["transaction"], "network": network,
        "payer": ADDRESS, "amount": PRICE,
    }  # fmt: skip


@every_buyer
def test_it_buys_by_posting_a_body_twice(name: str, facilitator: str, money: httpx.Client) -> None:
    headers = {"content-type": "application/json", "x-own": "kept"}
    bought = buy(name, facilitator, (1, 2), method="POST", body='{"a": 1}', headers=headers)
    assert bought.status == 200
    assert len(moved(money)) == 1


@every_buyer
def test_it_buys_where_version_1_alone_is_offered(
    name: str, facilitator: str, money: httpx.Client
) -> None:
    bought = buy(name, facilitator, (1,))
    assert bought.receipt is not None
    assert (bought.status, bought.receipt["network"]) == (200, "base-sepolia")
    assert len(moved(money)) == 1


@pytest.mark.parametrize(
    ("name", "buys"),
    [("httpx", True), pytest.param("fetch", True, marks=under_node),
     pytest.param("fetch-v1", False, marks=under_node)],
)  # fmt: skip
def test_where_version_2_alone_is_offered_the_legacy_client_cannot_buy(
    name: str, buys: bool, facilitator: str, money: httpx.Client
) -> None:
    bought = buy(name, facilitator, (2,))
    assert (bought.status == 200, bool(bought.error)) == (buys, not buys)
    assert len(moved(money)) == int(buys)


@every_buyer
def test_a_payment_that_is_refused_is_tried_once_and_hands_back_the_402(
    name: str, facilitator: str, money: httpx.Client
) -> None:
    money.post("faults", json={"fault": "refuse", "call": "settle", "reason": "no luck"})
    with running_shop(facilitator) as shop:
        bought = BUYERS[name](Order(shop.address, KEY))
        assert shop.requests == 2
    assert (bought.status, bought.receipt, bought.error) == (402, None, "")
    assert moved(money) == []


def test_one_that_has_no_money_hands_back_the_402(facilitator: str, money: httpx.Client) -> None:
    purse = {"network": "eip155:84532", "holder": ADDRESS, "amount": 1}
    assert money.post("balances", json=purse).status_code == 200
    with running_shop(facilitator) as shop:
        bought = httpx_v2(Order(shop.address, KEY))
    assert bought.status == 402
    assert "invalid_exact_evm_insufficient_balance" in bought.text


def test_documents_of_great_depth_are_still_refused_and_not_followed() -> None:
    with pytest.raises(RecursionError):  # importing what the buyers need raises the limit
        json.loads("[" * 5_000)


def lock(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())["packages"]
    return found


def test_every_package_is_pinned_exactly_with_a_hash_and_without_an_address() -> None:
    wanted = json.loads((HERE / "package.json").read_text())["devDependencies"]
    locked = lock(HERE / "package-lock.json")
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    packages = [entry for name, entry in locked.items() if name]
    assert [entry for entry in packages if "integrity" not in entry or "resolved" in entry] == []
