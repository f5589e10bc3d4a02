"""What a signal says of the finding it was built from."""

import msgspec

from signals.detectors import price_anomaly, sentiment_shift
from signals.detectors.base import Finding, Measured, Statistic
from signals.engine import Found, Observation, Series, Told
from signals.signal import NOT_CALIBRATED, build

TICK = 1_760_000_400
SERIES = Series(7, "bitcoin", "BTC", [], [])
PRICE = Finding(
    "up",
    Measured("log_return", 0.0592, "1"),
    900,
    Statistic("robust z-score", 8.21, 6.0),
    {"market_log_return": 0.003, "own_sigma": 0.007, "steps_learned": 90.0},
)
TONE = Finding(
    "down",
    Measured("mean_tone", -0.61, "tone, -1 to 1"),
    21600,
    Statistic("robust z-score", -4.4, 3.0),
    {"stories": 5.0, "baseline_tone": 0.12, "baseline_stories": 40.0},
)
OBSERVED = Observation(TICK, 106.0, 5e6, TICK - 45, "coingecko")
STORIES = [
    Told(TICK - 7200, TICK - 900, -0.5, "coindesk", "n1"),
    Told(TICK - 3600, TICK, -0.72, "decrypt", "n2"),
]
FROM_PRICE = Found(SERIES, price_anomaly.DETECTOR, PRICE, TICK, [OBSERVED])
FROM_NEWS = Found(SERIES, sentiment_shift.DETECTOR, TONE, TICK, STORIES)


def test_an_id_begins_with_the_tick_and_names_detector_and_asset() -> None:
    assert build(FROM_PRICE).id == f"{TICK}-price_anomaly-bitcoin"
    assert build(FROM_NEWS).id == f"{TICK}-sentiment_shift-bitcoin"


def test_ids_sort_by_time_whatever_the_number_of_digits() -> None:
    early = FROM_PRICE._replace(tick=900_000_000)
    assert build(early).id < build(FROM_PRICE).id


def test_the_same_finding_makes_the_same_signal() -> None:
    assert build(FROM_PRICE) == build(FROM_PRICE)
    assert build(FROM_NEWS) == build(FROM_NEWS)


def test_a_row_carries_type_asset_symbol_and_the_tick_it_was_known_at() -> None:
    signal = build(FROM_PRICE)
    assert (signal.type, signal.asset_id, signal.symbol) == ("price_anomaly", "bitcoin", "BTC")
    assert signal.created_at == TICK


def test_metadata_has_the_members_that_the_design_names() -> None:
    metadata = msgspec.json.decode(build(FROM_PRICE).metadata)
    assert metadata == {
        "direction": "up",
        "measured": {"name": "log_return", "value": 0.0592, "unit": "1"},
        "window_seconds": 900,
        "statistic": {"name": "robust z-score", "value": 8.21, "threshold": 6.0},
        "context": {"market_log_return": 0.003, "own_sigma": 0.007, "steps_learned": 90.0},
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
        "calibration": {"n": 0, "base_rate": None, "interval": None, "note": NOT_CALIBRATED},
    }


def test_a_story_is_evidence_with_its_tone_and_its_age_at_the_tick() -> None:
    inputs = msgspec.json.decode(build(FROM_NEWS).metadata)["inputs"]
    assert [(i["news_id"], i["tone"], i["age_seconds"], i["source"]) for i in inputs] == [
        ("n1", -0.5, 7200, "coindesk"),
        ("n2", -0.72, 3600, "decrypt"),
    ]


def test_an_observation_stamped_after_the_tick_has_no_negative_age() -> None:
    ahead = msgspec.structs.replace(OBSERVED, observed_at=TICK + 30)
    metadata = msgspec.json.decode(build(FROM_PRICE._replace(inputs=[ahead])).metadata)
    assert metadata["inputs"][0]["age_seconds"] == 0


def test_without_calibration_there_is_no_confidence() -> None:
    assert build(FROM_PRICE).confidence_score is None


def test_the_explanation_is_the_detectors_sentence_with_its_source() -> None:
    sentence = price_anomaly.explain("BTC", PRICE)
    assert build(FROM_PRICE).explanation == f"{sentence}; source: coingecko."
    assert sentence == (
        "BTC +6.1 % in 15 min, 8.2 σ of its own noise after removing the market's +0.3 %"
    )


def test_several_sources_are_counted() -> None:
    assert build(FROM_NEWS).explanation == (
        "BTC news tone -0.61 over 5 stories in 6 h, 4.4 σ below its baseline of +0.12; 2 sources."
    )
