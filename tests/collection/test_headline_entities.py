import pytest

from collection.news.entities import Dictionary, Names

ASSETS = [
    Names("bitcoin", "BTC", "Bitcoin"),
    Names("ethereum", "ETH", "Ethereum"),
    Names("solana", "SOL", "Solana"),
    Names("near", "NEAR", "NEAR Protocol"),
    Names("chainlink", "LINK", "Chainlink"),
    Names("harmony", "ONE", "Harmony"),
    Names("the-sandbox", "SAND", "The Sandbox"),
    Names("polkadot", "DOT", "Polkadot"),
    Names("bitcoin-cash", "BCH", "Bitcoin Cash"),
    Names("shiba-inu", "SHIB", "Shiba Inu"),
    Names("artificial", "FET", "Artificial Superintelligence Alliance"),
    Names("first-twin", "TWIN", "First Twin"),
    Names("second-twin", "TWIN", "Second Twin"),
    Names("short", "X", "Ex"),
    Names("long-name", "LONG", "One Two Three Four"),
    Names("maple", "SYRUP", "Maple-Finance"),
]
DICTIONARY = Dictionary(ASSETS)


@pytest.mark.parametrize(
    ("headline", "assets"),
    [
        # names and symbols as they are written
        ("Bitcoin hits a record", ["bitcoin"]),
        ("BTC hits a record", ["bitcoin"]),
        ("Bitcoin (BTC) hits a record", ["bitcoin"]),
        ("bitcoin and btc in lower case are not counted", []),
        ("BTC/ETH pair, BTC-margined", ["bitcoin", "ethereum"]),
        ("“Solana” wins, says ‘Ethereum’ fan", ["solana", "ethereum"]),
        ("Ethereum, Bitcoin; Solana: a comparison.", ["ethereum", "bitcoin", "solana"]),
        ("Bitcoin Bitcoin BTC", ["bitcoin"]),
        # possessives
        ("Bitcoin's year", ["bitcoin"]),
        ("Solana’s year", ["solana"]),
        ("BTC's fall", ["bitcoin"]),
        # words that are also coins
        ("Traders near the exit", []),
        ("NEAR the exit, shouted in capitals", []),
        ("NEAR price doubles", ["near"]),
        ("NEAR Protocol upgrades", ["near"]),
        ("Is the end near? $NEAR holders say no", ["near"]),
        ("A link in the description", []),
        ("Link to the report", []),
        ("LINK rallies", []),
        ("LINK token rallies", ["chainlink"]),
        ("Chainlink rallies", ["chainlink"]),
        ("Chainlink (LINK) rallies", ["chainlink"]),
        ("One exchange, one coin", []),
        ("ONE exchange to rule them", []),
        ("Harmony at last between regulators", []),
        ("Harmony (ONE) bridge drained", ["harmony"]),
        ("Harmony blockchain halts", ["harmony"]),
        ("$ONE doubles", ["harmony"]),
        ("Lines in the sand", []),
        ("SAND castles", []),
        ("The Sandbox sells land", ["the-sandbox"]),
        ("SAND token sells off", ["the-sandbox"]),
        ("DOT the i", []),
        ("Polkadot (DOT) rises", ["polkadot"]),
        ("Rising: (DOT)", ["polkadot"]),
        # evidence
        ("$SOL up", ["solana"]),
        ("SOL up", ["solana"]),
        ("$sol up", []),
        ("$UNKNOWN up", []),
        # names of several words
        ("Bitcoin Cash forks", ["bitcoin-cash"]),
        ("Bitcoin Cash and Bitcoin part", ["bitcoin-cash", "bitcoin"]),
        ("Shiba Inu's army", ["shiba-inu"]),
        ("Shiba, a dog", []),
        ("Artificial Superintelligence Alliance votes", ["artificial"]),
        ("One Two Three Four is too long a name", []),
        # shared and short keys
        ("TWIN rises", ["first-twin"]),
        ("Second Twin rises", ["second-twin"]),
        ("X marks the spot", []),
        ("Maple-Finance lends", ["maple"]),
        # nothing to find
        ("", []),
        ("...", []),
        ("$", []),
        ("(", []),
    ],
)
def test_a_headline_mentions_these_assets(headline: str, assets: list[str]) -> None:
    assert DICTIONARY.find(headline) == assets


def test_mentions_come_in_the_order_of_the_headline() -> None:
    assert DICTIONARY.find("$SOL beats Ethereum (ETH) and BTC") == ["solana", "ethereum", "bitcoin"]


def test_a_dictionary_of_nothing_finds_nothing() -> None:
    assert Dictionary([]).find("Bitcoin hits a record") == []


def test_the_first_asset_of_the_list_owns_a_shared_symbol() -> None:
    twins = [asset for asset in ASSETS if asset.symbol == "TWIN"]
    assert Dictionary(twins).find("TWIN and $TWIN") == ["first-twin"]
    assert Dictionary(reversed(twins)).find("TWIN and $TWIN") == ["second-twin"]
