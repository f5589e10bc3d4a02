"""/alert-rules: what the caller wants to be told of, and how often that would have been."""

import secrets
from typing import Annotated

import msgspec

from api.objects import rules as table
from api.objects.fields import EXAMPLE_ID, Id, NothingRequest
from api.objects.rule_preview import RulePreviewRequest, preview
from api.objects.rules import EXAMPLE_PATH, EXAMPLE_RULE, MOST_RULES, NewRule
from api.objects.watchlists import encode
from api.reads.asking import Cursor, seal, unseal
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.rules import Alert, AlertRule, RemovedRule, RulePreview
from common.database import Statement, keyset_page
from common.errors import Conflict, Problem

LAST_ID = "~"  # sorts behind every id


class RuleRequest(msgspec.Struct):
    """`rule_id`: as given when the rule was made."""

    rule_id: Id


class ChangedRule(NewRule, kw_only=True):
    """All of a rule anew; what is left out is what it is by default."""

    rule_id: Id


class AlertsRequest(msgspec.Struct):
    """`rule_id`, limit, cursor (meta.next of the page before)."""

    rule_id: Id
    limit: Annotated[int, msgspec.Meta(ge=1, le=250)] = 50
    cursor: Cursor | None = None


async def listed(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the caller's rules, by name."""
    owner = reads.principal.user_id
    return Result(await reads.database.text(Statement(table.LIST, (owner,))) or "[]")


async def shown(request: RuleRequest, reads: Reads) -> Result:
    """Return a rule. Raises Problem 404."""
    return Result(await _shown(request.rule_id, reads))


async def create(request: NewRule, reads: Reads) -> Result:
    """Store a rule.

    Raises Problem 422 for one that cannot be, 409 when the caller has a rule
    of that name, or as many as one may have.
    """
    rule_id, owner = secrets.token_hex(8), reads.principal.user_id
    values = await _columns(request, reads)
    await reads.database.batch([Statement(table.INSERT, (rule_id, owner, *values, MOST_RULES))])
    # Asked, not counted: a write that was sent twice wrote nothing the second time.
    found = await reads.database.text(Statement(table.BY_NAME, (owner, values[0])))
    if found is None:
        raise Problem(
            409, "rule-limit", f"You have {MOST_RULES} rules, as many as one may; remove one first."
        )
    stored, item = msgspec.json.decode(found, type=tuple[str, msgspec.Raw])
    if stored != rule_id:
        raise _exists(request.name)
    return Result(bytes(item).decode(), status=201)


async def replace(request: ChangedRule, reads: Reads) -> Result:
    """Replace a rule of the caller's and return it. Raises Problem 404, and as create."""
    await _shown(request.rule_id, reads)
    values = (request.rule_id, reads.principal.user_id, *await _columns(request, reads))
    try:
        await reads.database.batch([Statement(table.UPDATE, values)])
    except Conflict:
        raise _exists(request.name) from None
    return Result(await _shown(request.rule_id, reads))


async def remove(request: RuleRequest, reads: Reads) -> Result:
    """Remove a rule of the caller's and what it fired. Raises Problem 404."""
    await _shown(request.rule_id, reads)
    values = (request.rule_id, reads.principal.user_id)
    await reads.database.batch(
        [Statement(table.DELETE, values), Statement(table.DELETE_ALERTS, values)]
    )
    return Result(encode({"rule_id": request.rule_id}))


async def alerts(request: AlertsRequest, reads: Reads) -> Result:
    """Return when a rule of the caller's fired, and on what. Raises Problem 404."""
    behind = unseal(request, request.cursor)[0] if request.cursor else LAST_ID
    values = (request.limit, request.rule_id, reads.principal.user_id, behind)
    found = await keyset_page(reads.database, Statement(table.ALERTS, values), request.limit)
    if not found.items:
        await _shown(request.rule_id, reads)
    following = None if found.next is None else seal(request, found.next)
    return Result(f"[{','.join(found.items)}]", {"next": following})


async def _columns(request: NewRule, reads: Reads) -> list[str | int | float | None]:
    return await table.columns(request, reads.principal.user_id, int(reads.now), reads.database)


async def _shown(rule_id: str, reads: Reads) -> str:
    values = (rule_id, reads.principal.user_id)
    found = await reads.database.text(Statement(table.GET, values))
    if found is None:
        raise Problem(
            404, "no-such-rule", "You have no alert rule with this id. /api/v1/alert-rules lists"
            " yours.",
        )  # fmt: skip
    return found


def _exists(name: str) -> Problem:
    return Problem(409, "rule-exists", f"You have a rule named {name!r}; choose another name.")


INVALID = ("rule-invalid", "unknown-symbols", "unknown-watchlist")
SAVING = (*INVALID, "unknown-webhooks", "rule-exists")
ROUTES = (
    Route(
        path="/api/v1/alert-rules",
        summary="Your alert rules",
        request=NothingRequest,
        handler=listed,
        permission="rules:read",
        answers=list[AlertRule],
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/alert-rules",
        summary="Make an alert rule",
        description="It fires on signals as they are found; having fired on an asset it is silent"
        " there until the signal has ended or, with a cooldown, until that is over.",
        request=NewRule,
        handler=create,
        permission="rules:write",
        method="POST",
        answers=AlertRule,
        status=201,
        example=EXAMPLE_RULE,
        problems=(*SAVING, "rule-limit"),
        cost="write",
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/alert-rules/preview",
        summary="Try an alert rule on the stored past: how often it fired, and what came of it",
        request=RulePreviewRequest,
        handler=preview,
        permission="signals:preview",
        method="POST",
        answers=RulePreview,
        example={"types": ["price_anomaly"], "symbols": ["BTC"], "days": 7},
        problems=INVALID,
        cost="heavy",
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/alert-rules/{rule_id}",
        summary="An alert rule of yours",
        request=RuleRequest,
        handler=shown,
        permission="rules:read",
        answers=AlertRule,
        example=EXAMPLE_PATH,
        problems=("no-such-rule",),
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/alert-rules/{rule_id}",
        summary="Replace an alert rule of yours",
        request=ChangedRule,
        handler=replace,
        permission="rules:write",
        method="PUT",
        answers=AlertRule,
        example={**EXAMPLE_PATH, **EXAMPLE_RULE},
        problems=("no-such-rule", *SAVING),
        cost="write",
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/alert-rules/{rule_id}",
        summary="Remove an alert rule of yours, and what it fired",
        request=RuleRequest,
        handler=remove,
        permission="rules:write",
        method="DELETE",
        answers=RemovedRule,
        example=EXAMPLE_PATH,
        problems=("no-such-rule",),
        cost="write",
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/alert-rules/{rule_id}/alerts",
        summary="When an alert rule of yours fired, and on what, newest first",
        request=AlertsRequest,
        handler=alerts,
        permission="rules:read",
        answers=list[Alert],
        example={"rule_id": EXAMPLE_ID, "limit": 10},
        problems=("no-such-rule", "invalid-cursor"),
        cache=PRIVATE,
    ),
)
