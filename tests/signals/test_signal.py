"""What a signal says of the finding it was built from."""

from typing import Any

import msgspec
import pytest

from signals import series
from signals.calibration import Band, Calibration, probability
from signals.claims import HEADLINE, HORIZONS
from signals.detectors import price_anomaly, sentiment_shift
from signals.detectors.base import (
    Detector,
    Finding,
    MarketPoint,
    Measured,
    NewsPoint,
    Statistic,
)
from signals.engine import Fired
from signals.market import Level
from signals.series import Item, Observation, Read, Series, Told
from signals.signal import Calibrations, ConsensusInputs, Signal, build, pending, record

TICK = 1_760_000_400
BITCOIN = Series(7, "bitcoin", "bitcoin", "BTC", [])
PRICE = Finding(
    "up",
    Measured("log_return", 0.0592, "1"),
    900,
    Statistic("robust z-score", 8.21, 6.0),
    {"market_log_return": 0.003, "own_sigma": 0.007, "steps_learned": 90.0},
    {"shape": "step"},
)
TONE = Finding(
    "down",
    Measured("mean_tone", -0.61, "tone, -1 to 1"),
    14400,
    Statistic("z-score", -4.4, 1.5),
    {
        "stories": 5.0, "independent_stories": 3.2, "sources": 4.0, "baseline_tone": 0.12,
        "baseline_stories": 40.0, "sigma": 0.5, "sign": -1.0,
    },
)  # fmt: skip
OBSERVED = Observation(TICK, 106.0, 5e6, 9e8, TICK - 45, "coingecko")
STORIES = (
    Told(TICK - 7200, TICK - 900, -0.5, "coindesk", "n1"),
    Told(TICK - 3600, TICK, -0.72, "decrypt", "n2"),
)
AGREED = ConsensusInputs({"kraken": 106.0, "coinbase": 106.1}, {"coingecko": "4 % below"}, 0.00094)


def fired(detector: Detector, finding: Finding, item: Item, score: float = 1.5) -> Fired:
    return Fired(detector, BITCOIN, finding, score, item)


FROM_PRICE = fired(
    price_anomaly.DETECTOR, PRICE, Item(MarketPoint(TICK, 106.0, 5e6), TICK, (OBSERVED,)), 1.36833
)
FROM_NEWS = fired(
    sentiment_shift.DETECTOR, TONE, Item(NewsPoint(TICK - 3600, -0.72, "x"), TICK, STORIES), -2.9
)


def calibration(**changes: Any) -> Calibration:
    bands = (Band(1.0, 0.4, 30, 12, 25.0, (0.24, 0.58)), Band(1.75, 0.62, 12, 8, 11.0, (0.4, 0.8)))
    told = Calibration(
        version=3, horizon=HEADLINE, fitted_at=TICK - 900, newest=TICK - 90000, n=42, hits=20,
        days=20, n_effective=36.0, rho=0.1, base_rate=0.31, control_n=500, rate=0.45,
        interval=(0.33, 0.6), bands=bands,
    )  # fmt: skip
    return msgspec.structs.replace(told, **changes)


def calibrated(name: str, **changes: Any) -> Calibrations:
    return {(name, horizon): calibration(horizon=horizon, **changes) for horizon in HORIZONS}


def built(one: Fired, agreed: ConsensusInputs | None = None, **changes: Any) -> Signal:
    known = calibrated(one.detector.name, **changes) if changes else {}
    return build(one, agreed, known, TICK + 900)


def metadata(signal: Signal) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(signal.metadata)
    return told


def test_a_row_says_what_fired_when_it_happened_and_when_it_was_known() -> None:
    signal = built(FROM_PRICE)
    assert signal.id == f"{TICK}-price_anomaly-bitcoin"
    assert (signal.type, signal.asset_id, signal.symbol) == ("price_anomaly", "bitcoin", "BTC")
    assert (signal.created_at, signal.known_at) == (TICK, TICK + 900)
    assert (signal.direction, signal.score, signal.confidence_score) == ("up", 1.36833, None)


def test_the_same_finding_makes_the_same_signal() -> None:
    assert built(FROM_PRICE) == built(FROM_PRICE)
    assert built(FROM_NEWS, n=50) == built(FROM_NEWS, n=50)


def test_metadata_has_the_members_that_the_design_names() -> None:
    none_yet = msgspec.to_builtins(probability(None, 1.36833))
    assert metadata(built(FROM_PRICE)) == {
        "direction": "up",
        "measured": {"name": "log_return", "value": 0.0592, "unit": "1"},
        "window_seconds": 900,
        "statistic": {"name": "robust z-score", "value": 8.21, "threshold": 6.0},
        "score": 1.3683,
        "context": {"market_log_return": 0.003, "own_sigma": 0.007, "steps_learned": 90.0},
        "labels": {"shape": "step"},
        "inputs": [
            {
                "source": "coingecko",
                "observed_at": "2025-10-09T08:59:15Z",
                "age_seconds": 45,
                "price": 106.0,
                "volume_24h": 5e6,
            }
        ],
        "detector": {"name": "price_anomaly", "version": price_anomaly.DETECTOR.version},
        "claim": {
            "name": price_anomaly.DETECTOR.claim.name,
            "says": price_anomaly.DETECTOR.claim.says,
            "horizon": HEADLINE,
        },
        "calibration": none_yet,
        "horizons": {str(horizon): none_yet for horizon in HORIZONS},
    }


def test_a_story_is_evidence_with_its_tone_and_its_age_at_the_tick() -> None:
    inputs = metadata(built(FROM_NEWS))["inputs"]
    assert [(i["news_id"], i["tone"], i["age_seconds"], i["source"]) for i in inputs] == [
        ("n1", -0.5, 7200, "coindesk"),
        ("n2", -0.72, 3600, "decrypt"),
    ]


def test_a_reading_and_a_level_are_evidence_with_their_values() -> None:
    reading = Item(None, TICK, (Read(TICK - 60, 5e8, "defillama"),))
    level = Item(None, TICK, (Level(TICK, -0.25, 0.01, 180),))
    (of_reading,) = metadata(built(FROM_PRICE._replace(item=reading)))["inputs"]
    assert of_reading == {
        "source": "defillama", "observed_at": "2025-10-09T08:59:00Z", "age_seconds": 60,
        "value": 5e8,
    }  # fmt: skip
    whole = FROM_PRICE._replace(item=level, series=series.whole_market([]))
    (of_level,) = metadata(built(whole))["inputs"]
    assert (of_level["source"], of_level["level"], of_level["assets"]) == ("market", -0.25, 180)
    assert "; the median of 180 assets; " in built(whole).explanation


def test_an_observation_stamped_after_the_tick_has_no_negative_age() -> None:
    ahead = msgspec.structs.replace(OBSERVED, observed_at=TICK + 30)
    item = FROM_PRICE.item._replace(inputs=(ahead,))
    assert metadata(built(FROM_PRICE._replace(item=item)))["inputs"][0]["age_seconds"] == 0


def test_a_price_of_record_says_what_it_was_made_of_and_who_was_left_out() -> None:
    signal = built(FROM_PRICE, AGREED)
    told = metadata(signal)
    assert told["inputs"][0]["made_of"] == {"kraken": 106.0, "coinbase": 106.1}
    assert told["sources"] == {"rejected": {"coingecko": "4 % below"}, "spread": 0.00094}
    assert "; 2 sources agree on the price within 0.09 %, 1 left out; " in signal.explanation


@pytest.mark.parametrize("name", ["sentiment_shift", "source_trouble"])
def test_what_was_not_found_in_the_price_of_record_does_not_name_its_sources(name: str) -> None:
    """A story and a price of the same asset may be found at the same tick."""
    detector = sentiment_shift.DETECTOR
    one = FROM_NEWS._replace(detector=msgspec.structs.replace(detector, name=name))
    signal = built(one, AGREED)
    assert "made_of" not in metadata(signal)["inputs"][0]
    assert "agree" not in signal.explanation


def test_a_probability_is_said_with_what_it_rests_on() -> None:
    signal = built(FROM_PRICE, n=42)
    told = metadata(signal)
    assert signal.confidence_score == told["calibration"]["p"] == 0.4
    assert told["calibration"] == told["horizons"][str(HEADLINE)]
    assert signal.explanation.endswith(
        f"; signals like this were followed by {FROM_PRICE.detector.claim.says} within 4 h"
        " in 12 of 30 cases, base rate 31 %."
    )
    assert "which is no edge" in built(FROM_PRICE, interval=(0.2, 0.6)).explanation


def test_without_enough_judged_signals_no_probability_is_given() -> None:
    signal = built(FROM_PRICE, n=12)
    assert signal.confidence_score is None
    days = metadata(signal)["calibration"]["days"]
    assert signal.explanation.endswith(
        f"; no probability yet: 12 signals like this were judged, of {days} days."
    )


def test_the_explanation_begins_with_the_detectors_clause_and_its_source() -> None:
    clause = price_anomaly.explain("BTC", PRICE)
    signal = built(FROM_PRICE)
    assert signal.clause == clause
    assert signal.explanation.startswith(f"{clause}; source: coingecko; ")
    assert "; 2 sources; " in built(FROM_NEWS).explanation


def test_every_horizon_is_to_be_judged_with_the_numbers_its_claim_rests_on() -> None:
    signal = built(FROM_NEWS, n=42)
    rows = pending(FROM_NEWS, signal)
    assert [(one.horizon, one.due_at) for one in rows] == [
        (horizon, TICK + horizon) for horizon in HORIZONS
    ]
    for one in rows:
        assert (one.signal_id, one.type, one.subject) == (signal.id, signal.type, "bitcoin")
        assert (one.fired_at, one.score, one.issued) == (TICK, -2.9, 0.62)
        assert msgspec.json.decode(one.terms) == {"sign": -1.0}


def test_the_log_says_all_of_a_signal() -> None:
    signal = built(FROM_PRICE, n=42)
    told = msgspec.json.decode(msgspec.json.encode(record(signal)))
    assert told["metadata"] == metadata(signal)
    for name in (
        "id", "type", "asset_id", "symbol", "confidence_score", "created_at", "known_at",
        "explanation",
    ):  # fmt: skip
        assert told[name] == getattr(signal, name)


def test_a_price_of_sources_that_may_not_be_named_still_makes_a_signal() -> None:
    signal = built(FROM_PRICE, msgspec.structs.replace(AGREED, used={}))
    assert metadata(signal)["inputs"][0]["made_of"] == {}
    assert "; source: " in signal.explanation
