"""Which asset a source means: Kraken's codes, wrapped tokens, symbols that several coins share."""

from typing import Any

import pytest

from collection.chains import canonical_chain, token_address
from collection.symbols import Known, SymbolSpace, addresses_of
from common.errors import Skippable
from common.models import Address, Listing, Quote
from tests.contract.offers import TICK

CONTRACT = "ethereum:0x00000000000000000000000000000000000000aa"
# Largest first, as the pipeline gives them.
SPACE = SymbolSpace(
    [
        Known("bitcoin", "BTC", "Bitcoin", 80_000.0),
        Known("wrapped-bitcoin", "WBTC", "Wrapped Bitcoin", 79_900.0),
        Known("dogecoin", "DOGE", "Dogecoin", 0.4),
        Known("usd-coin", "USDC", "USDC", 1.0),
        Known("big-pepe", "PEPE", "Pepe", 0.00001),
        Known("small-pepe", "PEPE", "Pepecoin", 0.00002),
        Known("terra-luna", "LUNC", "Terra Luna Classic", 0.00006),
        Known("terra-luna-2", "LUNA", "Terra", 0.1),
        Known("brand-new", "NEW", "Brand New", None),
        Known("dragon", "龙", "龙币", 0.5),
        Known("phoenix", "龙", "凤币", 0.5),
    ],
    {
        CONTRACT: "usd-coin",
        "polygon-pos:0x00000000000000000000000000000000000000bb": "bridged-usdc",
        "solana:PepeMint": "small-pepe",
    },
)


def listing(symbol: str, price: float, **more: Any) -> Listing:
    fields = {
        "key": symbol, "symbol": symbol, "name": None, "address": None, "price": price,
        "volume_24h": 7.0, "market_cap": None, "observed_at": TICK, **more,
    }  # fmt: skip
    return Listing(**fields)


def found(source: str, one: Listing) -> str:
    """Return the asset id that a listing is resolved to, or why it is none."""
    try:
        return SPACE.quote(source, one).asset_id
    except Skippable as skip:
        return f"not: {skip.reason}"


def test_a_quote_keeps_the_numbers_of_the_listing_and_takes_the_names_of_the_asset() -> None:
    one = listing("xbt", 81_000.0, key="XBT", market_cap=5.0)
    assert SPACE.quote("kraken", one) == Quote(
        "bitcoin", "BTC", "Bitcoin", 81_000.0, 7.0, 5.0, TICK
    )


@pytest.mark.parametrize(
    ("code", "price", "asset"),
    [("XBT", 81_000, "bitcoin"), ("XDG", 0.41, "dogecoin"), ("BTC", 81_000, "bitcoin"),
     ("LUNA", 0.00006, "terra-luna"), ("LUNA2", 0.1, "terra-luna-2")],
)  # fmt: skip
def test_the_codes_of_kraken_are_understood(code: str, price: float, asset: str) -> None:
    assert found("kraken", listing(code, price)) == asset


def test_an_alias_is_of_one_source_only() -> None:
    assert found("coinbase", listing("XBT", 81_000)) == "not: unknown_asset"
    assert found("coinbase", listing("LUNA", 0.1)) == "terra-luna-2"


def test_a_symbol_is_no_key_so_that_a_pretender_gets_no_alias() -> None:
    real = listing("AVAX", 20, key="avalanche")
    assert found("coinmarketcap", real) == "not: unknown_asset"  # not collected here
    pretender = listing("XDG", 0.4, key="some-other-coin")
    assert found("kraken", pretender) == "not: unknown_asset"


def test_an_alias_of_an_asset_that_is_not_collected_is_unknown() -> None:
    assert found("coinmarketcap", listing("XRP", 2.0, key="xrp")) == "not: unknown_asset"


def test_a_contract_decides_whatever_the_symbol_says() -> None:
    assert found("coinmarketcap", listing("XYZ", 1.0, address=CONTRACT)) == "usd-coin"
    assert found("coinmarketcap", listing("PEPE", 9.0, address="solana:PepeMint")) == "small-pepe"


def test_a_contract_that_nobody_knows_is_another_token() -> None:
    fake = listing("BTC", 80_000, name="Bitcoin", address="base:0x0000000000000000000000000000dead")
    assert found("coinmarketcap", fake) == "not: unknown_asset"


def test_a_bridged_token_is_not_its_original() -> None:
    bridged = listing("USDC", 1.0, address="polygon-pos:0x00000000000000000000000000000000000000bb")
    assert found("coinmarketcap", bridged) == "not: unknown_asset"  # known, and not collected


@pytest.mark.parametrize("name", ["Wrapped Bitcoin", "Bitcoin (Bridged)", "Binance-Peg Bitcoin"])
def test_a_wrapped_token_under_the_symbol_of_its_original_is_not_the_original(name: str) -> None:
    assert found("coinmarketcap", listing("BTC", 80_000, name=name)) == "not: unknown_asset"


def test_a_wrapped_token_of_its_own_symbol_is_itself() -> None:
    assert found("kraken", listing("WBTC", 79_950)) == "wrapped-bitcoin"
    assert found("coinbase", listing("WBTC", 79_950, name="Wrapped BTC")) == "wrapped-bitcoin"
    assert found("coinbase", listing("WBTC", 79_950, name="Not Derived")) == "not: unknown_asset"


def test_of_coins_that_share_a_symbol_the_one_of_that_name_is_meant() -> None:
    assert found("coinbase", listing("PEPE", 0.00001, name="PEPE")) == "big-pepe"
    assert found("coinbase", listing("PEPE", 0.00002, name="Pepe-Coin")) == "small-pepe"
    assert found("coinbase", listing("PEPE", 0.00001, name="Pepe Two")) == "not: ambiguous_symbol"


def test_names_without_a_latin_letter_are_told_apart() -> None:
    assert found("coinbase", listing("龙", 0.5, name="凤币")) == "phoenix"
    assert found("coinbase", listing("龙", 0.5, name="虎币")) == "not: ambiguous_symbol"


def test_without_a_name_the_largest_is_meant_and_must_cost_about_as_much() -> None:
    assert found("kraken", listing("PEPE", 0.000011)) == "big-pepe"
    assert found("kraken", listing("PEPE", 0.00002)) == "not: implausible_price"


def test_the_only_coin_of_a_symbol_may_have_another_name() -> None:
    assert found("coinbase", listing("DOGE", 0.41, name="The Doge")) == "dogecoin"


@pytest.mark.parametrize(
    ("price", "expected"),
    [(119_999, "bitcoin"), (120_001, "not: implausible_price"),
     (53_334, "bitcoin"), (53_333, "not: implausible_price")],
)  # fmt: skip
def test_a_price_may_be_half_as_high_again_or_two_thirds(price: float, expected: str) -> None:
    assert found("kraken", listing("BTC", price)) == expected


def test_a_price_in_another_unit_is_implausible() -> None:
    assert found("kraken", listing("DOGE", 40.0)) == "not: implausible_price"  # in cents


def test_an_asset_without_a_price_so_far_cannot_be_checked() -> None:
    assert found("kraken", listing("NEW", 123.0)) == "brand-new"


def test_a_symbol_counts_in_any_case() -> None:
    assert found("coinbase", listing("doge", 0.4)) == "dogecoin"


def test_a_coin_that_is_not_collected_is_unknown() -> None:
    assert found("kraken", listing("NOPE", 1.0)) == "not: unknown_asset"


def test_of_all_contracts_those_of_collected_assets_are_kept() -> None:
    rows = [
        Address(CONTRACT, "usd-coin"),
        Address("base:0x1", "tiny"),
        Address("sui:0x2::a", "sui"),
    ]
    assert addresses_of(rows, ["sui", "usd-coin"]) == [rows[0], rows[2]]


@pytest.mark.parametrize(
    ("name", "canonical"),
    [("Ethereum", "ethereum"), ("eth", "ethereum"), (" BSC ", "binance-smart-chain"),
     ("BNB Smart Chain (BEP20)", "binance-smart-chain"), ("polygon", "polygon-pos"),
     ("polygon_pos", "polygon-pos"), ("Arbitrum", "arbitrum-one"), ("Tron20", "tron"),
     ("solana", "solana"), ("Some New Chain", "some new chain")],
)  # fmt: skip
def test_a_chain_has_one_name(name: str, canonical: str) -> None:
    assert canonical_chain(name) == canonical
    assert canonical_chain(canonical) == canonical


def test_contracts_of_evm_chains_do_not_depend_on_case_and_others_do() -> None:
    assert token_address("eth", " 0x00000000000000000000000000000000000000AA ") == CONTRACT
    assert token_address("Solana", "PepeMint") == "solana:PepeMint"
    assert token_address("solana", "pepemint") != token_address("solana", "PepeMint")
