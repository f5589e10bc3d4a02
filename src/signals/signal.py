"""A signal: what fired, on what evidence, in one sentence."""

from typing import Any

import msgspec

from common.times import iso
from signals.engine import Found, Observation

NOT_CALIBRATED = "Not enough judged signals of this kind yet to give a probability."


class Signal(msgspec.Struct, frozen=True, array_like=True):
    """A row of `signals`; times in epoch seconds, `metadata` as JSON text."""

    id: str
    type: str
    asset_id: str
    symbol: str
    confidence_score: float | None
    explanation: str
    metadata: str
    created_at: int


def build(found: Found) -> Signal:
    """Make the signal of a finding. The same finding always makes the same signal."""
    detector, series = found.detector, found.series
    sources = sorted({item.source for item in found.inputs})
    sentence = detector.explain(series.symbol, found.finding)
    agree = f"source: {sources[0]}" if len(sources) == 1 else f"{len(sources)} sources"
    metadata = {
        "direction": found.finding.direction,
        "measured": found.finding.measured,
        "window_seconds": found.finding.window_seconds,
        "statistic": found.finding.statistic,
        "context": found.finding.context,
        "inputs": [_evidence(item, found.tick) for item in found.inputs],
        "detector": {"name": detector.name, "version": detector.version},
        "calibration": {"n": 0, "base_rate": None, "interval": None, "note": NOT_CALIBRATED},
    }
    return Signal(
        id=f"{found.tick:010d}-{detector.name}-{series.asset_id}",
        type=detector.name,
        asset_id=series.asset_id,
        symbol=series.symbol,
        confidence_score=None,
        explanation=f"{sentence}; {agree}.",
        metadata=msgspec.json.encode(metadata).decode(),
        created_at=found.tick,
    )


def _evidence(item: Any, tick: int) -> dict[str, object]:
    seen = item.observed_at if isinstance(item, Observation) else item.time
    evidence: dict[str, object] = {
        "source": item.source,
        "observed_at": iso(seen),
        "age_seconds": max(0, tick - seen),
    }
    if isinstance(item, Observation):
        evidence |= {"price": item.price, "volume_24h": item.volume_24h}
    else:
        evidence |= {"news_id": item.news_id, "tone": item.tone}
    return evidence
