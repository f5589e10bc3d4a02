"""Coins that no list has, names that settle others, and what obscure coins need."""

import pytest

from collection.news.entities import Dictionary, Mention, Names, default_dictionary
from collection.news.gazetteer import Entity

# Far down a list there is a coin for every word and every acronym.
FILLING = [Names(f"id{rank}", f"Q{rank}Q", f"Nosuch{rank}") for rank in range(600)]
CROWDED = Dictionary(
    [
        *FILLING,
        Names("gold-coin", "GOLD", "Gold"),
        Names("brightmark", "BMRK", "Brightmark"),
        Names("fake-libra", "LIBRA", "Libra"),
        Names("bitcoin-silver", "BTCS", "Bitcoin Silver"),
        Names("finomial", "FINQ", "Finomial"),
    ]
)


def assets(text: str, dictionary: Dictionary | None = None) -> list[str]:
    found = (dictionary or default_dictionary()).find(text)
    return [mention.entity.name for mention in found if mention.entity.kind == "asset"]


@pytest.mark.parametrize(
    ("name", "with_evidence", "without"),
    [
        # capitals
        ("finq", "FINQ/BTC opens on a crypto market", "FINQ/Q3 opens on a crypto market"),
        ("finq", "Bitcoin rises with $FINQ", "Bitcoin rises with FINQ"),
        ("finq", "Crypto shill: BTC, FINQ or ETH", "Crypto shill: BTC at FINQ in ETH"),
        ("finomial", "Finomial (FIN) is a new crypto", "Finomial (SEQ) is a new crypto"),
        # made like a coin's name
        ("warthogcoin", "Buy bitcoin or Warthogcoin", "Buy stocks or Warthogcoin"),
        ("valuecash", "ValueCash is a crypto currency with wallet", "ValueCash pays a dividend"),
        # capitals and small letters
        ("finomiax", "Prices of Monero, FinoMiax and Dash", "Prices of Monero and FinoMiax"),
    ],
)
def test_a_coin_of_no_list_is_found_with_evidence_only(
    name: str, with_evidence: str, without: str
) -> None:
    assert f"unlisted:{name}" in assets(with_evidence)
    assert f"unlisted:{name}" not in assets(without)


@pytest.mark.parametrize(
    "text",
    [
        "SEC warns of ICO tokens, says a crypto CEO",
        "A crypto fund buys FINQ tokens",
        "Korean tokens and British coin plans shake crypto",
        "ERC20 tokens and NFT coins, a crypto guide",
        "Major Token Sales and Popular Coins Rise With Bitcoin",
        "FINQ TOKENS AND BITCOIN, IN CAPITALS THAT SAY NOTHING",
        "Bitcoin, $MSTR and $AAPL",
        "Bitcoin and $ACME shares fall",
        "A PhotoBitcoin, an Altcoin, a Stablecoin, a Shitcoin",
        "The BitVault exchange lists BitVault tokens, crypto funds say",
        "BTC/KRW and BTC and CPI",
        "CERNQ and IOTA are partners",
        "Dogecoin, Tesla and Bitcoin",
    ],
)
def test_what_is_written_like_a_coin_is_not_always_one(text: str) -> None:
    assert [name for name in assets(text) if name.startswith("unlisted:")] == []


def test_a_coin_of_no_list_counts_wherever_the_text_writes_it_so_again() -> None:
    text = "FINQ rose. The crypto pair FINQ/BTC, FINQs and a finq, Finq or FINQUE."
    unlisted = Entity("asset", "unlisted:finq")
    found = [one for one in default_dictionary().find(text) if one.entity == unlisted]
    assert found == [Mention(unlisted, *span) for span in ((0, 4), (27, 31), (37, 42))]


def test_a_symbol_in_brackets_and_the_name_before_it_are_one_coin() -> None:
    assert assets("Crypto news: Finomial (FIN) and its FIN") == ["unlisted:finomial"] * 3


def test_a_coin_of_no_list_is_the_collected_asset_if_one_has_its_name() -> None:
    assert assets("Bitcoin rises with $FINQ", CROWDED) == ["bitcoin", "finomial"]
    assert assets("Bitcoin and $BRAVOQ", CROWDED) == ["bitcoin", "unlisted:bravoq"]
    assert default_dictionary().symbol_of("unlisted:bravoq") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # an obscure coin that is called by a word needs its other name
        ("Gold price and gold token, crypto GOLD token", []),
        ("Crypto GOLD (Gold)", []),
        ("Bitcoin falls, Brightmark (BMRK) rises", ["bitcoin", "brightmark", "brightmark"]),
        # and takes no name away from one that people know
        ("Libra is a coin of Facebook, crypto says", ["diem"]),
        ("5 BTCs, crypto says", ["bitcoin"]),
    ],
)
def test_an_obscure_coin_needs_more_than_one_that_people_know(text: str, found: list[str]) -> None:
    assert assets(text, CROWDED) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$DDD and $STX rise with crypto", ["scry-info", "blockstack"]),
        ("$DDD and $STX rise", []),
        ("3D Systems (DDD) rises", []),
        ("Bitcoin and $FINQ", ["bitcoin", "unlisted:finq"]),
        ("$STX, $FINQ and $VET rise, he says", []),
    ],
)
def test_a_cashtag_may_be_that_of_a_share(text: str, found: list[str]) -> None:
    assert assets(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # what is evident once is so for the rest of the text
        ("LINK token rallies, so LINK is back", ["chainlink", "chainlink"]),
        ("A rally, so LINK is back", []),
        ("How UST and LUNA imploded", []),
        ("Terra: how UST/LUNA imploded", ["terra-luna-2", "terrausd", "terra-luna-2"]),
        # posts
        ("btc still cant break 12k. yet", ["bitcoin"]),
        ("a few billion usdt", ["tether"]),
        ("REQ and MOD explode, I feel it in my bones", ["request-network", "modum"]),
        ("REQ and MOD explode", []),
        ("RSR", ["reserve-rights-token"]),
        ("RSR reports results", []),
        ("I still call it BSoV, a coin", ["bitcoinsov"]),
        # the symbols of the first coins are other acronyms by now
        ("The PRA token of crypto", ["prochain"]),
        ("The PRA on crypto rules", []),
        # " to " makes lists of capitals only
        ("financial buy-ins to Bitcoin", ["bitcoin"]),
        # an acronym in brackets is none of the coins
        ("Bitcoin fell at 1:22 AM (GMT)", ["bitcoin"]),
        ("Bitcoin rose with STEPN (GMT)", ["bitcoin", "stepn", "stepn"]),
        # compounds and tags
        ("#bitcoin, ETH2.0, USDT-margined", ["bitcoin", "ethereum", "tether"]),
    ],
)  # fmt: skip
def test_the_rest_of_a_text_says_what_a_name_means(text: str, found: list[str]) -> None:
    assert assets(text) == found


def test_a_list_is_read_to_its_end_before_a_name_in_it_is_given_up() -> None:
    assert assets("Tezos, Icon, Celo gain") == ["tezos", "icon", "celo"]
    assert assets("Tezos, then Icon of style, gains") == ["tezos"]
