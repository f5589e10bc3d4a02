"""Signals are judged when their horizon has passed, and once a day it is learned from that.

Both jobs only look at what was stored, take the same answer whenever they run,
and write an answer once: a tick that comes twice judges nothing twice. What
came out is said in the log, so a track record cannot be improved afterwards.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from common.database import Database
from common.log import Logger
from signals import ledger
from signals.calibration_gate import gate
from signals.calibration_report import report
from signals.claims import HORIZONS, Claim, Path, Terms
from signals.detectors.base import Detector
from signals.outcomes import Outcome
from signals.outcomes import judge as judge_claim
from signals.signal import Pending
from signals.store import judging, results
from signals.store.judging import BEFORE_SECONDS, Due, Made
from signals.store.results import Run

MOST_A_TICK = 120  # judgements; more are due only while history is being loaded
DAY = 86400


class Verdict(NamedTuple):
    """A claim and what came of it."""

    due: Due
    outcome: Outcome


async def judge(
    tick: int, last: Run, detectors: Sequence[Detector], database: Database, log: Logger
) -> int:
    """Judge what is due at `tick`; return how many claims were judged."""
    due = await judging.load_due(database, tick, MOST_A_TICK)
    if not due:
        return 0
    claims = {one.name: one.claim for one in detectors}
    verdicts: list[Verdict] = []
    for subject, some in groupby(sorted(due, key=_by_subject), key=lambda one: one.subject):
        mine = list(some)
        since = min(one.fired_at for one in mine) - BEFORE_SECONDS
        until = max(one.fired_at + one.horizon for one in mine)
        path = await judging.load_path(database, subject, since, until)
        verdicts += [Verdict(one, outcome_of(one, claims.get(one.type), path)) for one in mine]
    verdicts.sort(key=lambda one: (one.due.signal_id, one.due.horizon))
    bodies = [ledger.body("judged", _told(tick, one)) for one in verdicts]
    entries = ledger.chain(last.head, bodies)
    rows = [(one.due.signal_id, one.due.horizon, *_row(one.outcome)) for one in verdicts]
    summary = {"judged": len(verdicts)}
    await database.batch(
        [*judging.save_judged(tick, rows), *results.save_run(last, tick, entries, summary)]
    )
    log("info", "judged", claims=len(verdicts), held=sum(bool(v.outcome.hit) for v in verdicts))
    return len(verdicts)


async def calibrate(
    tick: int, last: Run, detectors: Sequence[Detector], database: Database, log: Logger
) -> int:
    """Once a day, learn from what was judged; return how many calibrations came into use."""
    in_use = await judging.load_calibrations(database, [one.name for one in detectors])
    if not is_new_day(tick, in_use.made_at) or not await judging.is_judged(database):
        return 0
    current, version = in_use.calibrations, in_use.version
    made: list[Made] = []
    for one in detectors:
        for horizon in HORIZONS:
            known = await judging.load_judged(database, one.name, horizon)
            if not known:
                continue
            decision = gate(current.get((one.name, horizon)), known, horizon, tick, version + 1)
            told = report(known, decision.calibration)
            why = {key: value for key, value in msgspec.structs.asdict(decision).items()
                   if key != "calibration"}  # fmt: skip
            made.append(Made(
                one.name, horizon, version + 1, tick, int(decision.accepted),
                *map(_json, (decision.calibration, why, told)),
            ))  # fmt: skip
    if not made:
        return 0
    bodies = [ledger.body("calibrated", _of(one)) for one in made]
    entries = ledger.chain(last.head, bodies)
    accepted = sum(one.accepted for one in made)
    summary = {"calibrated": len(made), "accepted": accepted}
    await database.batch(
        [*judging.save_calibrations(made), *results.save_run(last, tick, entries, summary)]
    )
    log("info", "calibrated", version=version + 1, tried=len(made), accepted=accepted)
    return accepted


def due_of(claim: Pending) -> Due:
    """Return a claim as it is when its horizon has passed."""
    terms = msgspec.json.decode(claim.terms, type=Terms)
    return Due(claim.signal_id, claim.horizon, claim.type, claim.subject, claim.fired_at, terms)


def outcome_of(due: Due, claim: Claim | None, path: Path) -> Outcome:
    """Judge a claim on its own part of a path: what came after its horizon is never looked at."""
    if claim is None:
        return Outcome(None, reason="its detector is gone")
    until = due.fired_at + due.horizon
    steps = [one for one in path if due.fired_at - BEFORE_SECONDS <= one.time <= until]
    return judge_claim(claim, steps, due.fired_at, due.horizon, due.terms)


def is_new_day(tick: int, made_at: int) -> bool:
    """Tell whether `tick` is on a later UTC day than when calibrations were last made."""
    return tick // DAY > made_at // DAY


def _by_subject(one: Due) -> tuple[str, str, int]:
    return one.subject, one.signal_id, one.horizon


def _row(outcome: Outcome) -> tuple[Any, ...]:
    hit = None if outcome.hit is None else int(outcome.hit)
    return (hit, outcome.value, outcome.threshold, outcome.control_n, outcome.control_hits,
            outcome.reason)  # fmt: skip


def _told(tick: int, one: Verdict) -> dict[str, Any]:
    return {"id": one.due.signal_id, "horizon": one.due.horizon, "judged_at": tick,
            **msgspec.structs.asdict(one.outcome)}  # fmt: skip


def _of(made: Made) -> dict[str, Any]:
    raw = {name: msgspec.Raw(getattr(made, name).encode()) for name in ("calibration", "decision")}
    return {"type": made.type, "horizon": made.horizon, "version": made.version,
            "made_at": made.made_at, "accepted": bool(made.accepted), **raw}  # fmt: skip


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
