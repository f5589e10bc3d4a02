import random
import string
import subprocess
import sys
from pathlib import Path

import pytest

from collection.news import sentiment, sentiment_weights
from collection.news.sentiment import chances, label, tone
from collection.news.sentiment_features import words_of

SRC = Path(sentiment.__file__).resolve().parents[2]
GOOD = [
    "Bitcoin soars past $60,000 as institutional inflows surge",
    "Coinbase wins regulatory approval to expand in Europe",
    "Wallet startup raises $25 million in Series A funding",
    "Bitcoin miners post record revenue in March",
]
BAD = [
    "Bitcoin plunges below $30,000 as liquidations mount",
    "Exchange halts withdrawals after $40 million hack",
    "SEC sues lender over unregistered securities",
    "DeFi protocol exploited, attackers steal $10 million",
    "Police arrest four over crypto Ponzi scheme",
]
NEUTRAL = [
    "What is a validator?",
    "How to choose a crypto wallet: a guide for beginners",
    "Is It Worth Buying Bitcoin?",
    "Bitcoin vs Ethereum: differences explained",
]


@pytest.mark.parametrize("headline", GOOD)
def test_good_news_is_good(headline: str) -> None:
    assert label(headline) == 1
    assert tone(headline) > 0.2


@pytest.mark.parametrize("headline", BAD)
def test_bad_news_is_bad(headline: str) -> None:
    assert label(headline) == -1
    assert tone(headline) < -0.2


@pytest.mark.parametrize("headline", NEUTRAL)
def test_questions_and_guides_are_neutral(headline: str) -> None:
    assert label(headline) == 0


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Bitcoin soars to a record as inflows surge", "Bitcoin slides as outflows grow"),
        ("Regulators approve the fund", "Regulators reject the fund"),
        ("Exchange launches staking", "Exchange halts withdrawals after hack"),
        ("Ether rallies", "Ether fails to rally"),
        ("Solana jumps", "Solana jumps, then crashes and collapses"),
        ("Lawmakers lift ban on mining", "Lawmakers ban mining"),
        ("Court dismisses lawsuit against issuer", "Court allows lawsuit against issuer"),
        ("Court dismisses lawsuit against issuer", "Court refuses to dismiss lawsuit"),
        ("SEC drops investigation into issuer", "SEC opens investigation into issuer"),
        ("Senate rejects mining ban", "Senate passes mining ban"),
        ("Founder acquitted of fraud", "Founder convicted of fraud"),
        ("Hacker returns stolen funds", "Hacker keeps stolen funds"),
        ("Bitcoin rises despite crackdown", "Bitcoin falls amid crackdown"),
        ("Network fees fall", "Network fees surge"),
    ],
)
def test_headlines_are_ordered_by_their_tone(better: str, worse: str) -> None:
    assert tone(better) > tone(worse)


@pytest.mark.parametrize(
    "headline",
    [
        "Lawmakers lift ban on mining",
        "Central bank eases crypto restrictions",
        "Hacker returns stolen funds",
        "Exchange recovers $5 million of stolen funds",
        "SEC drops investigation into issuer",
        "Court dismisses lawsuit against issuer",
    ],
)
def test_bad_news_that_is_called_off_is_not_bad(headline: str) -> None:
    assert label(headline) >= 0
    assert tone(headline) >= 0


@pytest.mark.parametrize(
    ("headline", "words"),
    [
        ("Lawmakers lift mining ban", "lawmakers xlifts mining xlifted"),
        ("Mining ban lifted", "mining xlifted xlifts"),
        ("SEC drops case against issuer", "sec xlifts xlifted xlifted issuer"),
        ("Coin drops after ban", "coin drops after ban"),
        ("Coin drops on hack fears", "coin drops on hack fears"),
        ("Court refuses to dismiss lawsuit", "court refuses to dismiss lawsuit"),
        ("SEC sues, cites ban", "sec sues cites ban"),
    ],
)
def test_what_is_called_off_is_masked_and_what_is_not_stays(headline: str, words: str) -> None:
    assert " ".join(words_of(headline)) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bitcoin rises 5% to $61,200", "Bitcoin rises 12% to $7,300.50"),
        ("Solana jumps after listing", "Dogecoin jumps after listing"),
        ("BTC jumps after listing", "btc jumps after listing"),
        ("Binance sued over listings", "Kraken sued over listings"),
        ("Miners’ profits won’t recover in April", "Miners' profits won't recover in June"),
    ],
)
def test_who_and_how_much_and_spelling_do_not_matter(one: str, other: str) -> None:
    assert tone(one) == tone(other)


@pytest.mark.parametrize(
    "headline",
    ["", " ", "?", "🚀" * 50, "hack crash scam ponzi " * 100, "soars rally bullish " * 100,
     "a" * 100_000, "\u202eright to left", "比特币", "\x00\ud800", "$", "%" * 999, "İ" * 500,
     "'s 's 's", "-" * 300, "1" * 500],
)  # fmt: skip
def test_a_tone_is_always_between_minus_one_and_one(headline: str) -> None:
    assert -1 <= tone(headline) <= 1
    assert label(headline) in (-1, 0, 1)


def test_any_text_has_a_tone() -> None:
    rng = random.Random(5)
    letters = string.printable + "’€£é🚀\ud800"
    for _ in range(500):
        text = "".join(rng.choices(letters, k=rng.randrange(80)))
        assert -1 <= tone(text) <= 1


@pytest.mark.parametrize("headline", ["", " ", "🚀", "比特币", "What is a validator?"])
def test_an_empty_or_clearly_neutral_headline_has_no_tone(headline: str) -> None:
    assert tone(headline) == 0


def test_the_chances_of_the_labels_add_up_to_one() -> None:
    for headline in [*GOOD, *BAD, *NEUTRAL]:
        found = chances(headline)
        assert found is not None
        assert sum(found) == pytest.approx(1)
        assert min(found) > 0


def test_the_same_headline_has_the_same_tone_whatever_came_before() -> None:
    first = tone("Samplecoin plunges after exploit")
    tone("Samplecoin soars to record")
    assert tone("Samplecoin plunges after exploit") == first


def test_another_process_with_other_hash_seeds_finds_the_same_tone() -> None:
    code = "import sys; from collection.news.sentiment import tone; print(repr(tone(sys.argv[1])))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code, GOOD[0]],
            env={"PYTHONPATH": str(SRC), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {repr(tone(GOOD[0]))}


def test_words_met_before_are_forgotten_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sentiment, "_KNOWN", 10)
    sentiment._model.cache_clear()
    before = [tone(headline) for headline in GOOD + BAD]
    assert [tone(headline) for headline in GOOD + BAD] == before
    assert len(sentiment._model()._words) <= 10


def test_the_name_of_the_model_tells_its_weights() -> None:
    assert sentiment.MODEL.endswith(sentiment_weights.VERSION)
