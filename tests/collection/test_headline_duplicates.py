import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection.news.duplicates import Known, Recent, canonical_url

HOUR = 3600
NOON = 1_700_000_000


def repeats(first: str, second: str, hours: float = 2, *, same_host: bool = False) -> bool:
    recent = Recent([Known("a", first, "https://one.example/a", NOON)])
    url = "https://one.example/b" if same_host else "https://two.example/b"
    return recent.original_of(Known("b", second, url, NOON + int(hours * HOUR))) == "a"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Florida revives push for bitcoin reserve with new 2026 bill",
            "Florida Revives Bitcoin Reserve Push With New 2026 Bill",
        ),
        (
            "German real estate group issues $24M bond using Stellar blockchain",
            "Stellar blockchain selected by German real estate group to issue $24 million bond",
        ),
        (
            "Coinbase to list Shiba Inu and two other tokens on Thursday",
            "Coinbase To List Shiba Inu, Two Other Tokens on Thursday: Report",
        ),
        (
            "Dubai Fund Sells $750 Million of Bitcoin to Buy Cardano, Polkadot",
            "Dubai Crypto Fund Sells $750 Million BTC to Buy More ADA, DOT",
        ),
        (
            "Crypto Firm BitGo Eyes Near $2 Billion Valuation in US IPO",
            "Crypto Firm BitGo Targets Nearly $2 Billion Valuation in US IPO Filing",
        ),
        (
            "Miner &#39;Hut&#39; raises $1.25 billion for a new bitcoin farm in Texas",
            "Miner ‘Hut’ Raises $1.2B for New Bitcoin Farm in Texas",
        ),
    ],
)
def test_the_same_story_of_two_publishers_is_a_duplicate(first: str, second: str) -> None:
    assert repeats(first, second)
    assert repeats(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bitcoin hits $60,000 for the first time", "Bitcoin hits $70,000 for the first time"),
        ("Bitcoin ETF inflows reach 4.5% of supply", "Bitcoin ETF inflows reach 4.6% of supply"),
        ("Solana price rises after ETF decision", "Solana price falls after ETF decision"),
        ("SEC approves spot Solana ETF of VanEck", "SEC rejects spot Solana ETF of VanEck"),
        ("Musk will sell his dogecoin holdings", "Musk won’t sell his dogecoin holdings"),
        ("Binance lists Pepe and Floki tokens", "Binance delists Pepe and Floki tokens"),
        ("Bitcoin price analysis", "Bitcoin price analysis"),
        ("Here’s what happened in crypto today", "Here’s what happened in crypto today"),
        ("Ethereum climbs", "Ethereum ETF climbs"),
        ("Coinbase sued in New York", "Coinbase opens an office in New York"),
        ("", ""),
        ("...", "!!!"),
    ],
)
def test_these_are_different_stories(first: str, second: str) -> None:
    assert not repeats(first, second)
    assert not repeats(second, first)


LONG = "Harmony bridge drained of $100 million in overnight exploit"


def test_a_story_is_repeated_within_two_days_only() -> None:
    assert repeats(LONG, LONG, 47)
    assert repeats(LONG, LONG, -47)
    assert not repeats(LONG, LONG, 49)


def test_a_publisher_repeats_itself_within_hours_a_column_comes_back_later() -> None:
    assert repeats(LONG, LONG, 3, same_host=True)
    assert not repeats(LONG, LONG, 24, same_host=True)
    assert repeats("Crypto daily digest", "Crypto daily digest", 1, same_host=True)
    assert not repeats("Crypto daily digest", "Crypto daily digest", 24, same_host=True)


def test_the_same_address_is_the_same_story_whatever_the_title() -> None:
    recent = Recent([Known("a", "First title", "https://www.one.example/story?utm_source=x", NOON)])
    assert recent.original_of(Known("b", "Another", "http://m.one.example/story/#top", NOON)) == "a"
    # A front page says nothing.
    front = Recent([Known("a", "First title", "https://one.example/", NOON)])
    assert front.original_of(Known("b", "Another", "https://one.example", NOON)) is None


def test_a_repetition_of_a_repetition_leads_to_the_original() -> None:
    recent = Recent([])
    titles = [
        "Enjin raises $18.9M to launch a dedicated NFT blockchain on Polkadot",
        "Enjin raises $18.9 million for launch of dedicated NFT blockchain on Polkadot network",
        "Enjin raises millions for launch of its dedicated NFT blockchain on Polkadot network",
    ]
    for index, title in enumerate(titles):
        url = f"https://host{index}.example/{index}"
        original = recent.original_of(Known(str(index), title, url, NOON + index * HOUR))
        assert original == ("0" if index else None)
        recent.add(Known(str(index), title, url, NOON + index * HOUR))


def test_a_story_does_not_repeat_itself_nor_a_later_one() -> None:
    known = [
        Known("late", LONG, "https://two.example/b", NOON + HOUR),
        Known("early", LONG, "https://one.example/a", NOON),
    ]
    recent = Recent(known)
    assert recent.original_of(known[1]) is None
    assert recent.original_of(known[0]) == "early"


def test_the_answer_does_not_hang_on_the_order_of_the_known_stories() -> None:
    known = [
        Known(f"n{index}", f"{LONG} {word}", f"https://h{index}.example/x", NOON + index)
        for index, word in enumerate("report analysts company statement".split())
    ]
    new = Known("new", LONG, "https://new.example/x", NOON + HOUR)
    assert Recent(known).original_of(new) == Recent(reversed(known)).original_of(new) == "n0"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://www.Example.com/a/b/", "example.com/a/b"),
        ("http://example.com:80/a", "example.com/a"),
        ("https://example.com:443/a", "example.com/a"),
        ("https://example.com:8443/a", "example.com:8443/a"),
        ("//m.example.com/a", "example.com/a"),
        ("https://amp.example.com/a", "example.com/a"),
        ("https://example.com/a/amp/", "example.com/a"),
        ("https://example.com/amp/a", "example.com/a"),
        ("https://example.com/a.amp.html", "example.com/a"),
        ("https://example.com/amplify", "example.com/amplify"),
        ("https://example.com/a?utm_source=x&b=2&a=1&fbclid=q&ref=z", "example.com/a?a=1&b=2"),
        ("https://example.com/a?gclid=1#part", "example.com/a"),
        ("https://reader@example.com/a", "example.com/a"),
        ("https://bücher.example/ä", "xn--bcher-kva.example/ä"),
        ("https://m.com/a", "m.com/a"),
        ("", ""),
    ],
)
def test_addresses_have_one_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@given(
    st.text(max_size=60)
    | st.text(st.sampled_from("htps:/w.m@amp?&=#utm_ref.comé[]%0 "), max_size=40)
)
def test_any_text_has_one_form_and_keeps_it(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_titles_can_be_compared(titles: list[str]) -> None:
    recent = Recent([])
    for index, title in enumerate(titles):
        original = recent.original_of(Known(str(index), title, title, NOON))
        assert original is None or int(original) < index
        recent.add(Known(str(index), title, title, NOON))


def test_the_same_sentence_about_another_coin_is_another_story() -> None:
    title = "{} network outage leaves angry users unable to trade"
    first = Known("a", title.format("Stellar"), "https://one.example/a", NOON, frozenset({"xlm"}))
    other = Known("b", title.format("Solana"), "https://two.example/b", NOON, frozenset({"sol"}))
    nobody = Known("c", title.format("Stellar"), "https://two.example/c", NOON)
    both = Known("d", title.format("Stellar"), "https://x.example/d", NOON, frozenset({"xlm", "b"}))
    recent = Recent([first])
    assert recent.original_of(other) is None
    assert recent.original_of(nobody) == recent.original_of(both) == "a"
