"""A signal: what fired, on what evidence, how often such signals were right, in one sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from common.times import iso
from signals import calibration, market
from signals.calibration import Calibration
from signals.claims import HEADLINE, HORIZONS, Terms
from signals.engine import Fired, signal_id
from signals.series import MARKET, Observation, Read, Told

Calibrations = Mapping[tuple[str, int], Calibration]  # by type and horizon


class Signal(msgspec.Struct, frozen=True, array_like=True):
    """A row of `signals`; times in epoch seconds, `metadata` as JSON text.

    `clause` is the first part of the explanation: what fired.
    """

    id: str
    type: str
    asset_id: str
    symbol: str
    confidence_score: float | None
    explanation: str
    metadata: str
    created_at: int
    direction: str
    score: float
    known_at: int
    clause: str
    event_id: str = ""


class Pending(msgspec.Struct, frozen=True, array_like=True):
    """A row of `outcomes` before it is judged: what was claimed, of which series, for when."""

    signal_id: str
    horizon: int
    type: str
    subject: str
    fired_at: int
    score: float
    terms: str
    issued: float | None
    due_at: int


class ConsensusInputs(msgspec.Struct, frozen=True):
    """What the price of record was made of: see collection.consensus."""

    used: dict[str, float] = {}
    rejected: dict[str, str] = {}
    spread: float = 0.0


def build(
    fired: Fired, agreed: ConsensusInputs | None, calibrations: Calibrations, tick: int
) -> Signal:
    """Make the signal of a finding. The same finding always makes the same signal.

    `agreed` is what the asset's price of record was made of at that tick; a finding in
    anything but prices does not rest on it.
    """
    detector, series, finding = fired.detector, fired.series, fired.finding
    if detector.input != "market":
        agreed = None
    told = {
        horizon: calibration.probability(calibrations.get((detector.name, horizon)), fired.score)
        for horizon in HORIZONS
    }
    metadata = {
        "direction": finding.direction,
        "measured": finding.measured,
        "window_seconds": finding.window_seconds,
        "statistic": finding.statistic,
        "score": round(fired.score, 4),
        "context": finding.context,
        "labels": finding.labels,
        "inputs": _inputs(fired, agreed),
        "detector": {"name": detector.name, "version": detector.version},
        "claim": {"name": detector.claim.name, "says": detector.claim.says, "horizon": HEADLINE},
        "calibration": told[HEADLINE],
        "horizons": {str(horizon): one for horizon, one in told.items()},
    }
    if agreed is not None:
        metadata["sources"] = {"rejected": agreed.rejected, "spread": agreed.spread}
    clauses = [
        detector.explain(series.name or series.symbol, finding),
        _sources(fired, agreed),
        _record(detector.claim.says, told[HEADLINE]),
    ]
    return Signal(
        id=signal_id(fired.tick, detector.name, series.key),
        type=detector.name,
        asset_id=series.asset_id,
        symbol=series.symbol,
        confidence_score=told[HEADLINE].p,
        explanation="; ".join(filter(None, clauses)) + ".",
        metadata=msgspec.json.encode(metadata).decode(),
        created_at=fired.tick,
        direction=finding.direction,
        score=fired.score,
        known_at=tick,
        clause=clauses[0],
    )


def pending(fired: Fired, signal: Signal) -> list[Pending]:
    """Return what is to be judged of a signal: a row per horizon."""
    finding = fired.finding
    terms: Terms = {name: finding.context[name] for name in fired.detector.claim.terms}
    encoded = msgspec.json.encode(terms, order="sorted").decode()
    issued = msgspec.json.decode(signal.metadata)["horizons"]
    return [
        Pending(
            signal.id, horizon, signal.type, fired.series.key, signal.created_at,
            signal.score, encoded, issued[str(horizon)]["p"], signal.created_at + horizon,
        )
        for horizon in HORIZONS
    ]  # fmt: skip


def record(signal: Signal) -> dict[str, Any]:
    """Return what the log says of a published signal."""
    return {
        "id": signal.id,
        "type": signal.type,
        "asset_id": signal.asset_id,
        "symbol": signal.symbol,
        "confidence_score": signal.confidence_score,
        "created_at": signal.created_at,
        "known_at": signal.known_at,
        "explanation": signal.explanation,
        "metadata": msgspec.Raw(signal.metadata.encode()),
    }


def _record(says: str, told: calibration.Confidence) -> str:
    if told.p is None or told.base_rate is None:
        return (
            f"no probability yet: {told.n_type} signals like this were judged, of {told.days} days"
        )
    hours = HEADLINE // 3600
    return (
        f"signals like this were followed by {says} within {hours} h in {told.hits} of {told.n}"
        f" cases, base rate {100 * told.base_rate:.0f} %"
        + ("" if told.edge else ", which is no edge")
    )


def _sources(fired: Fired, agreed: ConsensusInputs | None) -> str:
    if agreed is not None and agreed.used:  # none is left where no source may be named
        names = sorted(agreed.used)
        told = f"{len(names)} sources agree on the price within {100 * agreed.spread:.2f} %"
        if agreed.rejected:
            told += f", {len(agreed.rejected)} left out"
        return told if len(names) > 1 else f"source: {names[0]}"
    if fired.series.key == MARKET:
        return f"the median of {fired.item.inputs[0].assets} assets"
    names = sorted({item.source for item in fired.item.inputs if hasattr(item, "source")})
    return f"source: {names[0]}" if len(names) == 1 else f"{len(names)} sources"


def _inputs(fired: Fired, agreed: ConsensusInputs | None) -> Sequence[dict[str, object]]:
    evidence = [_evidence(item, fired.tick) for item in fired.item.inputs]
    if agreed is not None:
        evidence[0]["made_of"] = agreed.used
    return evidence


def _evidence(item: Any, tick: int) -> dict[str, object]:
    match item:
        case Observation():
            seen = item.observed_at
            about: dict[str, object] = {"price": item.price, "volume_24h": item.volume_24h}
        case Told():
            seen, about = item.time, {"news_id": item.news_id, "tone": item.tone}
        case Read():
            seen, about = item.time, {"value": item.value}
        case market.Level():
            seen, about = item.time, {"level": item.level, "assets": item.assets}
        case _:
            seen, about = item.observed_at, {"price": item.price}
    return {
        "source": getattr(item, "source", MARKET),
        "observed_at": iso(seen),
        "age_seconds": max(0, tick - seen),
        **about,
    }
