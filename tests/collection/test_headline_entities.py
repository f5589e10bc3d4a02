import gc
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection.news.entities import Dictionary, Entity, Names, default_dictionary
from collection.news.gazetteer import coins

ASSETS = [
    Names("bitcoin", "BTC", "Bitcoin"),
    Names("near", "NEAR", "NEAR Protocol"),
    Names("first-twin", "TWIN", "First Twin"),
    Names("second-twin", "TWIN", "Second Twin"),
    Names("zorblax", "ZRBX", "Zorblax"),
    Names("the-bread", "CRUMB", "Bread"),
    Names("metadium", "META", "Metadium"),
    Names("maple", "SYRUP", "Maple-Finance"),
]
COLLECTED = Dictionary(ASSETS)


def assets(text: str, dictionary: Dictionary | None = None) -> list[str]:
    found = (dictionary or default_dictionary()).find(text)
    return [mention.entity.name for mention in found if mention.entity.kind == "asset"]


def others(text: str) -> list[Entity]:
    found = default_dictionary().find(text)
    return [mention.entity for mention in found if mention.entity.kind != "asset"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # names and symbols as they are written
        ("Bitcoin hits a record", ["bitcoin"]),
        ("BTC hits a record", ["bitcoin"]),
        ("Bitcoin (BTC) hits a record", ["bitcoin", "bitcoin"]),
        ("BTC/ETH pair, BTC-margined", ["bitcoin", "ethereum", "bitcoin"]),
        ("“Solana” wins, says ‘Ethereum’ fan", ["solana", "ethereum"]),
        ("BITCOIN AND ETHEREUM FALL HARD", ["bitcoin", "ethereum"]),
        ("Ether slides, XBT too", ["ethereum", "bitcoin"]),
        ("$sol up, $SOL up, $UNKNOWN up, $42 up", ["solana", "solana"]),
        # possessives and plurals
        ("Bitcoin's year, Solana’s year", ["bitcoin", "solana"]),
        ("Two bitcoins and 3 BTCs", ["bitcoin", "bitcoin"]),
        # names of several words
        ("Bitcoin Cash and Bitcoin part", ["bitcoin-cash", "bitcoin"]),
        ("Bitcoin. Cash is king", ["bitcoin"]),
        ("Shiba Inu's army", ["shiba-inu"]),
        # lower case counts in a text on crypto only
        ("bitcoin falls as dogecoin jumps", ["bitcoin", "dogecoin"]),
        ("my wallet is all btc, nano and monero", ["bitcoin", "nano", "monero"]),
        ("I'll take btc or eth", ["bitcoin", "ethereum"]),
        ("he sent 2 btc", ["bitcoin"]),
        ("tezos is a word of Esperanto", []),
        ("A nano coating for ships", []),
        ("the atom and the dot near one link of sand", []),
        # a company is not its coin
        ("Ripple wins in court", []),
        ("Ripple (XRP) drops", ["ripple", "ripple"]),
        ("Bitcoin, Ripple, Ethereum fall", ["bitcoin", "ripple", "ethereum"]),
        ("Ripple price doubles", ["ripple"]),
        ("Tether slips below a dollar", ["tether"]),
        ("Tether CEO speaks on USDT", ["tether"]),
        # addresses and accounts are no mentions
        ("See https://example.com/bitcoin or r/bitcoin or @bitcoin or bitcoin.org", []),
        # nothing to find
        ("", []),
        ("...$(", []),
    ],
)
def test_a_text_mentions_these_coins(text: str, found: list[str]) -> None:
    assert assets(text) == found


@pytest.mark.parametrize(
    ("asset", "with_evidence", "without"),
    [
        ("chainlink", "LINK token rallies", "Link to the report"),
        ("harmony", "Harmony (ONE) bridge drained", "ONE exchange to rule them"),
        ("near", "NEAR price doubles", "NEAR the exit, shouted in capitals"),
        ("the-sandbox", "SAND token sells off", "SAND castles on the beach"),
        ("cosmos", "$ATOM gains", "ATOM physics, atom by Atom"),
        ("compound-governance-token", "COMP/USD falls", "COMP sales at retailers rise"),
        ("mask-network", "Bitcoin, ETH and MASK rally", "MASK mandate returns"),
        ("polkadot", "Rising: (DOT)", "DOT the i, says the DOT"),
        ("optimism", "Optimism proposes OP token buybacks", "OP profit rises 12%"),
        ("apecoin", "500 APE of the crypto fund sold", "APE escapes from zoo"),
        ("gas", "NEO and GAS token holders vote", "Gas price rises, GAS utility gains"),
        ("flow", "FLOW blockchain halts", "Cash Flow improves, FLOW meters sell"),
        ("sui", "SUI-USDT volume doubles", "A case sui generis, Sui generis"),
        ("maker", "MKR holders vote", "Market maker and policy Maker retreat"),
        ("official-trump", "TRUMP token plunges", "Trump wins, TRUMP rallies crowds"),
        ("story-2", "$IP of Story jumps with crypto", "IP lawsuit settled"),
        ("pancakeswap-token", "CAKE token burns", "CAKE sales help bakery"),
        ("icon", "ICON (ICX) upgrades", "ICON of style dies"),
        ("waves", "Waves (WAVES) jumps", "Waves hit the coast"),
        ("dash", "Monero, Dash and Zcash delisted", "Dash for cash in gilts"),
        ("gamecredits", "GAME token of GameCredits", "GAME maker profits"),
        ("holotoken", "Holo (HOT) jumps", "HOT summer for airlines"),
        ("compound-governance-token", "Compound (COMP) pays", "Compound interest explained"),
    ],
)
def test_an_ambiguous_name_counts_with_evidence_only(
    asset: str, with_evidence: str, without: str
) -> None:
    assert asset in assets(with_evidence)
    assert asset not in assets(without)


@pytest.mark.parametrize(
    "headline",
    [
        "META shares fall after results",
        "$META and $CAKE beat expectations",
        "Venice mayor: DOGE department of efficiency cuts jobs",
        "NFT marketplace sells DAO tokens on a DEX",
        "Stocks on the Verge of a record",
        "Tata Nano sales fall, Ledger Nano reviewed",
        "Apple taps Google's Gemini for Siri",
        "October's crash left market makers stuffed with coins",
    ],
)
def test_other_meanings_are_not_coins(headline: str) -> None:
    assert assets(headline) == []
    assert [entity for entity in others(headline) if entity.name == "Gemini"] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SEC sues Ripple", [Entity("regulator", "SEC"), Entity("protocol", "Ripple")]),
        ("OKEx and Mt. Gox", [Entity("exchange", "OKX"), Entity("exchange", "Mt. Gox")]),
        ("Gemini wallet of a crypto fund", [Entity("exchange", "Gemini")]),
        ("Trump and Buterin meet CZ", [
            Entity("person", "Donald Trump"),
            Entity("person", "Vitalik Buterin"),
            Entity("person", "Changpeng Zhao"),
        ]),
        ("Base network grows", [Entity("chain", "Base")]),
        ("Base rates rise, the base is wide", []),
        ("Uniswap v4 is live", [Entity("protocol", "Uniswap")]),
        ("Tether CEO speaks", [Entity("protocol", "Tether")]),
        ("bitcoin left on binance", [Entity("exchange", "Binance")]),
    ],
)  # fmt: skip
def test_a_text_mentions_these_others(text: str, found: list[Entity]) -> None:
    assert others(text) == found


@pytest.mark.parametrize(
    ("headline", "found"),
    [
        ("TWIN token and $TWIN", ["first-twin", "first-twin"]),
        ("A crypto fund buys Second Twin token", ["second-twin"]),
        ("Zorblax rises", ["zorblax"]),
        ("Metadium (META) rises", ["metadium", "metadium"]),
        ("META shares fall after results", []),
        ("Bread prices rise", []),
        ("Bread blockchain halts", ["the-bread"]),
        ("Bitcoin fund Maple-Finance lends", ["bitcoin", "maple"]),
    ],
)
def test_a_collected_asset_that_is_not_curated_is_judged_by_its_form(
    headline: str, found: list[str]
) -> None:
    assert assets(headline, COLLECTED) == found


def test_the_first_asset_of_the_list_owns_a_shared_symbol() -> None:
    twins = [asset for asset in ASSETS if asset.symbol == "TWIN"]
    assert assets("$TWIN", Dictionary(twins)) == ["first-twin"]
    assert assets("$TWIN", Dictionary(reversed(twins))) == ["second-twin"]


def test_an_asset_far_down_the_list_needs_evidence_beside_it() -> None:
    many = [Names(f"id{rank}", f"Q{rank}Q", f"Nosuch{rank}") for rank in range(1000)]
    dictionary = Dictionary([*many, Names("atari", "ATRI", "Atari")])
    assert assets("Atari sells consoles for bitcoin", dictionary) == ["bitcoin"]
    assert assets("Atari token rises with bitcoin", dictionary) == ["atari", "bitcoin"]


def test_symbols_come_from_the_collected_list_first() -> None:
    dictionary = Dictionary([Names("nano", "XNO2", "Nano")])
    assert dictionary.symbol_of("nano") == "XNO2"
    assert dictionary.symbol_of("monero") == "XMR"
    assert dictionary.symbol_of("no-such-coin") is None


def test_the_curated_list_holds_each_coin_once() -> None:
    ids = [coin.asset_id for coin in coins()]
    assert len(ids) == len(set(ids)) >= 800
    assert all(coin.symbol and coin.names and " " not in coin.asset_id for coin in coins())


@pytest.mark.parametrize(
    ("headline", "asset"),
    [
        ("Avalanche inflows soar to $465 million", "avalanche-2"),
        ("Hedera names a new council member", "hedera-hashgraph"),
        ("LINK breaks out", "chainlink"),
    ],
)
def test_a_publisher_of_crypto_news_means_the_coin_by_an_ambiguous_name(
    headline: str, asset: str
) -> None:
    find = default_dictionary().find
    assert find(headline) == []
    assert [one.entity.name for one in find(headline, from_crypto=True)] == [asset]


def test_an_ordinary_word_is_no_coin_even_in_crypto_news() -> None:
    headline = "Traders near the link between one compound and gas flow"
    assert default_dictionary().find(headline, from_crypto=True) == []


@given(st.text(st.sampled_from("BTC ETH$()/,. bitcoinNEAR'’é①\n") | st.characters(), max_size=80))
def test_mentions_lie_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for mention in default_dictionary().find(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


@pytest.mark.parametrize(
    "unit",
    ["BTC and LINK or gemini price ", "a", "$", "a.b-", "-a", "bitcoin cash ", "Google Gemini "],
)
def test_time_grows_with_the_length_of_the_text_and_not_faster(unit: str) -> None:
    def once(text: str) -> float:
        gc.disable()  # a collection walks over everything the session holds
        began = time.process_time()
        default_dictionary().find(text)
        gc.enable()
        return time.process_time() - began

    def seconds(length: int) -> float:
        return min(once((unit * length)[:length]) for _ in range(3))

    seconds(1_000)
    assert seconds(100_000) < 12 * seconds(25_000) + 0.05
