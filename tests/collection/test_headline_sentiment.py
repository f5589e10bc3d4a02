import pytest

from collection.news import sentiment
from collection.news.sentiment import tone

NEUTRAL = "Samplecoin {} on Tuesday"
UP = [word for word, weight in sentiment._LEXICON.items() if weight > 0]
DOWN = [word for word, weight in sentiment._LEXICON.items() if weight < 0]


@pytest.mark.parametrize("word", UP)
def test_a_word_of_the_trade_that_is_good_moves_a_headline_up(word: str) -> None:
    assert tone(NEUTRAL.format(word)) > 0


@pytest.mark.parametrize("word", DOWN)
def test_a_word_of_the_trade_that_is_bad_moves_a_headline_down(word: str) -> None:
    assert tone(NEUTRAL.format(word)) < 0


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Bitcoin soars to a record as inflows surge", "Bitcoin slides as outflows grow"),
        ("Regulators approve the fund", "Regulators reject the fund"),
        ("Exchange launches staking", "Exchange halts withdrawals after hack"),
        ("Ether rallies", "Ether did not rally"),
        ("Solana jumps", "Solana jumps, then crashes and collapses"),
    ],
)
def test_headlines_are_ordered_by_their_tone(better: str, worse: str) -> None:
    assert tone(better) > tone(worse)


@pytest.mark.parametrize(
    "headline",
    ["", " ", "?", "🚀" * 50, "hack crash scam ponzi " * 100, "soars rally bullish " * 100,
     "a" * 5000, "\u202eright to left", "比特币"],
)  # fmt: skip
def test_a_tone_is_always_between_minus_one_and_one(headline: str) -> None:
    assert -1 <= tone(headline) <= 1


@pytest.mark.parametrize(
    "headline", ["", "The week in tokenization: five charts", "Samplecoin trades sideways"]
)
def test_a_headline_without_a_tone_is_neutral(headline: str) -> None:
    assert tone(headline) == 0


def test_the_same_headline_has_the_same_tone_whatever_came_before() -> None:
    first = tone("Samplecoin plunges after exploit")
    tone("Samplecoin soars to record")
    assert tone("Samplecoin plunges after exploit") == first
