"""The tone of a headline, in [-1, 1].

VADER (Hutto and Gilbert, ICWSM 2014) with a small lexicon for the words of
this trade, which VADER reads as neutral or wrongly ("bull", "hack"). It is
fast (about 0.1 ms) and explainable, and wrong on irony, on negation far from
its word and on who gains from what.
"""

from functools import lru_cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

MODEL = "vader-3.3.2+crypto-1"

# On VADER's scale of -4 to 4.
_LEXICON = {
    "adoption": 1.6, "all-time": 1.4, "approval": 1.8, "approves": 1.8, "approved": 1.8,
    "ath": 1.8, "bull": 1.8, "bullish": 2.4, "bulls": 1.6, "buyback": 1.4, "climbs": 1.5,
    "inflows": 1.6, "integrates": 1.2, "jumps": 1.8, "launches": 1.0, "milestone": 1.5,
    "outperforms": 1.8, "partners": 1.3, "partnership": 1.6, "rallies": 2.0, "rally": 2.0,
    "rebound": 1.5, "rebounds": 1.5, "recovers": 1.4, "record": 1.2, "skyrockets": 2.4,
    "soars": 2.4, "soar": 2.2, "surge": 2.0, "surges": 2.2, "surged": 2.0, "upgrade": 1.3,
    "ban": -1.8, "bans": -1.8, "bankrupt": -2.8, "bankruptcy": -2.8, "bear": -1.4,
    "bearish": -2.4, "bears": -1.4, "breach": -2.2, "collapse": -2.6, "collapses": -2.6,
    "crackdown": -1.8, "crash": -2.6, "crashes": -2.6, "delist": -2.0, "delists": -2.0,
    "dip": -1.2, "drained": -2.4, "drops": -1.4, "dump": -2.0, "dumps": -2.0, "exploit": -2.4,
    "exploited": -2.4, "falls": -1.4, "fine": -1.2, "fined": -1.8, "freefall": -2.6,
    "hack": -2.6, "hacked": -2.6, "hackers": -2.2, "halts": -1.6, "insolvent": -2.6,
    "investigation": -1.6, "lawsuit": -1.9, "liquidated": -1.8, "liquidations": -1.8,
    "outage": -1.8, "outflows": -1.6, "plummets": -2.4, "plunge": -2.2, "plunges": -2.4,
    "ponzi": -2.8, "probe": -1.4, "rug": -2.4, "scam": -2.6, "selloff": -2.0, "sell-off": -2.0,
    "sinks": -1.8, "slides": -1.5, "slump": -2.0, "slumps": -2.0, "stolen": -2.2, "sues": -1.8,
    "tumbles": -2.0, "vulnerability": -1.8, "wipeout": -2.2,
}  # fmt: skip


@lru_cache(maxsize=1)
def _analyzer() -> SentimentIntensityAnalyzer:
    analyzer = SentimentIntensityAnalyzer()
    analyzer.lexicon.update(_LEXICON)
    return analyzer


def tone(headline: str) -> float:
    """Return the compound score of `headline`: -1 is as bad as it gets, 1 as good."""
    return float(_analyzer().polarity_scores(headline)["compound"])
