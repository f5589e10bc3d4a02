"""Every number that a signal's sentence tells is one of its own row, whatever fired."""

import itertools
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from signals.calibration import Band, Calibration
from signals.claims import HEADLINE
from signals.detectors import DETECTORS
from signals.detectors.base import Detector, NewsPoint, ReadingPoint, SourcesPoint
from signals.engine import Fired
from signals.series import Item, Observation, Read, Series, Told
from signals.signal import ConsensusInputs, Signal, build
from signals.trigger import Status
from tests.contract.series.generator import case_of, generate

NUMBER = re.compile(r"(?<![\w.])[+-]?\d+(?:\.\d+)?")
COIN = Series(7, "bitcoin", "bitcoin", "WXYZ", [])
SEEDS = range(5)

LEARNED = Calibration(
    version=3, horizon=HEADLINE, fitted_at=0, newest=0, n=142, hits=61, days=31, n_effective=99.0,
    rho=0.1, base_rate=0.314159, control_n=900, rate=0.43, interval=(0.34, 0.52),
    bands=(
        Band(1.0, 0.4, 91, 36, 60.0, (0.29, 0.52)), Band(1.75, 0.49, 51, 25, 39.0, (0.34, 0.64)),
    ),
)  # fmt: skip
CALIBRATIONS = {
    "none": None,
    "few": msgspec.structs.replace(LEARNED, n=17, hits=9),
    "edge": LEARNED,
    "no edge": msgspec.structs.replace(LEARNED, interval=(0.25, 0.5)),
    "flat": msgspec.structs.replace(LEARNED, flat=True),
}
AGREED = {
    "none": None,
    "alone": ConsensusInputs({"kraken": 101.25}, {}, 0.0),
    "several": ConsensusInputs({"kraken": 101.25, "coinbase": 101.5, "x": 101.0}, {}, 0.004951),
    "left out": ConsensusInputs({"a": 1.0, "b": 1.01}, {"c": "7 % above", "d": "old"}, 0.01),
}


def item_of(point: Any) -> Item:
    match point:
        case NewsPoint():
            tones = enumerate((0.25, -0.5, point.tone))
            return Item(point, point.time, [
                Told(point.time - 60 * n, point.time, tone, f"feed-{n}", f"n{n}")
                for n, tone in tones
            ])  # fmt: skip
        case SourcesPoint():
            return Item(point, point.time, point.quotes)
        case ReadingPoint():
            return Item(point, point.time, (Read(point.time, point.value, "defillama"),))
    row = Observation(point.time, point.price, point.volume_24h, None, point.time - 30, "kraken")
    return Item(point, point.time, (row,))


def found(detector: Detector) -> Iterator[Fired]:
    """What it finds in its own seeded series, with other seeds too."""
    series = case_of(detector).series
    for seed in SEEDS:
        state, status = detector.state(), Status()
        for point in generate(detector, msgspec.structs.replace(series, seed=series.seed + seed)):
            before = state
            state, score = detector.step(state, point)
            status, change = detector.trigger.pull(status, point.time, score)
            if change in ("fired", "turned"):
                finding = detector.find(before, point)
                yield Fired(detector, COIN, finding, score, item_of(point))


def signals(detector: Detector) -> Iterator[Signal]:
    of_prices = detector.input == "market"
    agreed = list(AGREED.values()) if of_prices else [None]
    for one in found(detector):
        for calibration, inputs in itertools.product(CALIBRATIONS.values(), agreed):
            known = {(detector.name, HEADLINE): calibration} if calibration else {}
            yield build(one, inputs, known, one.tick)


def plain(value: Any) -> Iterator[float]:
    """The numbers of a member of the metadata."""
    match value:
        case bool() | str() | None:
            return
        case int() | float():
            yield float(value)
        case dict():
            for each in value.values():
                yield from plain(each)
        case list():
            for each in value:
                yield from plain(each)


def forms(value: float) -> Iterator[float]:
    """A number as itself, as a percentage, and the percentage of a log return."""
    yield from (value, 100 * value)
    if abs(value) < 50:
        yield 100 * math.expm1(value)


def says(text: str, value: float) -> bool:
    digits = len(text.partition(".")[2])
    told = float(text) if text[0] in "+-" else abs(float(text))
    value = value if text[0] in "+-" else abs(value)
    return bool(abs(told - value) <= 0.5 * 10**-digits * (1 + 1e-9) + 1e-9 * abs(value))


def check_clause(signal: Signal, row: dict[str, Any]) -> int:
    """What fired: numbers of the finding, and words that are its labels."""
    clause = signal.clause.replace("WXYZ", "")
    for label in sorted(row["labels"].values(), key=len, reverse=True):
        clause = clause.replace(label, "")
    members = ("measured", "statistic", "context")
    known = [form for name in members for one in plain(row[name]) for form in forms(one)]
    known += [row["window_seconds"] / 60, row["window_seconds"] / 3600]
    told = NUMBER.findall(clause)
    for text in told:
        assert any(says(text, value) for value in known), (text, signal.clause)
    return len(told)


def check_sources(clause: str, row: dict[str, Any]) -> None:
    """Where it is from: what the price was made of, or the rows that are its evidence."""
    names = {one["source"] for one in row["inputs"]}
    if "sources" in row:
        names, rejected = set(row["inputs"][0]["made_of"]), row["sources"]["rejected"]
        spread = f"{100 * row['sources']['spread']:.2f}"
        expected = f"{len(names)} sources agree on the price within {spread} %"
        expected += f", {len(rejected)} left out" if rejected else ""
    else:
        expected = f"{len(names)} sources"
    assert clause == (expected if len(names) > 1 else f"source: {names.pop()}")


def check_record(clause: str, row: dict[str, Any], p: float | None) -> None:
    """How often it came true: the calibration beside it."""
    told = row["calibration"]
    assert told["p"] == p
    if p is None:
        assert clause == (
            f"no probability yet: {told['n_type']} signals like this were judged,"
            f" of {told['days']} days"
        )
        return
    said = re.fullmatch(
        re.escape(f"signals like this were followed by {row['claim']['says']} within ")
        + r"(\d+) h in (\d+) of (\d+) cases, base rate (\d+) %(, which is no edge)?",
        clause,
    )
    assert said, clause
    hours, hits, n, base = map(int, said.groups()[:4])
    assert (hours * 3600, hits, n) == (row["claim"]["horizon"], told["hits"], told["n"])
    assert says(str(base), 100 * told["base_rate"])
    assert bool(said[5]) is not told["edge"]


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.name)
def test_every_number_of_the_sentence_is_one_of_the_row(detector: Detector) -> None:
    count = 0
    for signal in signals(detector):
        row = msgspec.json.decode(signal.metadata)
        assert signal.explanation.startswith(f"{signal.clause}; ")
        assert signal.explanation.endswith(".")
        rest = signal.explanation.removeprefix(f"{signal.clause}; ").removesuffix(".")
        sources, _, record = rest.partition("; ")
        assert check_clause(signal, row) >= 3
        check_sources(sources, row)
        check_record(record, row, signal.confidence_score)
        count += 1
    assert count >= 5 * len(SEEDS)


def test_a_number_that_is_not_of_the_row_is_seen() -> None:
    """Else the test above could not fail."""
    (detector,) = (one for one in DETECTORS if one.name == "price_anomaly")
    signal = next(iter(signals(detector)))
    row = msgspec.json.decode(signal.metadata)
    forged = msgspec.structs.replace(signal, clause=signal.clause.replace("σ", "of 77.31 σ"))
    with pytest.raises(AssertionError, match=r"77\.31"):
        check_clause(forged, row)
