"""Trying an alert rule on the stored past, before it is saved: how often, and what followed.

Without params it is the stored signals that are looked at, as they were found and judged
at their time. With params the detector itself is run anew, by the signals Worker.
"""

from collections import Counter
from typing import Annotated

import msgspec

from api.objects import rules as table
from api.objects.rules import RuleFields
from api.objects.watchlists import encode
from api.routing import Reads, Result
from common.alerts import Match, fires
from common.database import Statement
from common.errors import Problem
from common.times import iso

DAY = 86_400
Param = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{1,60}$")]


class RulePreviewRequest(RuleFields, kw_only=True):
    """A rule, and how many days back it is tried on.

    With `params` (numbers of the detector's own) the detector is run anew:
    then it takes exactly one type and one symbol.
    """

    days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 7
    params: Annotated[dict[Param, float], msgspec.Meta(max_length=20)] | None = None


async def preview(request: RulePreviewRequest, reads: Reads) -> Result:
    """Return how often a rule would have fired and what followed; nothing is stored.

    Raises Problem 422 for a rule that cannot be, Retryable when the signals
    Worker does not answer.
    """
    owner = reads.principal.user_id
    matched_by = await table.matched_by(request, owner, reads.database)
    if request.params is not None:
        return Result(f'{{"stored":null,"detector":{await _rerun(request, reads)}}}')
    until = int(reads.now)
    since = until - request.days * DAY
    values = (owner, *matched_by, since, until, table.MOST_MATCHES)
    told = await reads.database.text(Statement(table.MATCHED, values)) or "[]"
    matches = msgspec.json.decode(told, type=list[Match])
    fired = fires(reversed(matches), request.cooldown_seconds)
    ids = encode([one.signal_id for one in fired])
    followed = await reads.database.text(Statement(table.FOLLOWED, (ids,))) or "{}"
    days = Counter(one.at // DAY for one in fired)
    counts = {
        "days": request.days, "matched": len(matches), "fired": len(fired),
        "per_day": round(len(fired) / request.days, 4),
        "complete": len(matches) < table.MOST_MATCHES,
        "by_day": [
            {"day": iso(day * DAY)[:10], "fired": days[day]}
            for day in range(since // DAY, until // DAY + 1)
        ],
    }  # fmt: skip
    return Result(f'{{"stored":{encode(counts)[:-1]},{followed[1:]},"detector":null}}')


async def _rerun(request: RulePreviewRequest, reads: Reads) -> str:
    one_type = request.types[0] if request.types != "all" and len(request.types) == 1 else None
    one_symbol = (
        request.symbols[0] if request.symbols != "any" and len(request.symbols) == 1 else None
    )
    if one_type is None or one_symbol is None:
        raise Problem(422, "rule-invalid", "With params, give exactly one type and one symbol.")
    if request.min_confidence is not None:
        raise Problem(
            422, "rule-invalid", "With params there is no confidence yet; leave min_confidence out."
        )
    rule = {
        "type": one_type, "symbol": one_symbol, "params": request.params,
        "least_score": request.least_score or 1.0, "direction": request.direction,
        "days": request.days,
    }  # fmt: skip
    told = await reads.outside.preview_rule(encode(rule))
    answer = msgspec.json.decode(told, type=dict[str, msgspec.Raw])
    if "error" in answer:
        raise Problem(422, "rule-invalid", msgspec.json.decode(answer["error"], type=str))
    return told
