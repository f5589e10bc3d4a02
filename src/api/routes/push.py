"""/push: notifications on the caller's own devices (Web Push): devices, preferences, what is read.

A page subscribes with `public_key` (PushManager.subscribe) and hands in what it was
given; what is sent is encrypted for that browser alone (common.web_push).
"""

import contextlib
import secrets
from typing import Any

import msgspec

from api.admin import flags
from api.objects import push as table
from api.objects.fields import EXAMPLE_ID, Id, NothingRequest
from api.objects.notifying import ReadRequest, mark_read, require_zone, set_preferences
from api.objects.push import Auth, Device, Endpoint, Key, Preferences, Zone
from api.objects.watchlists import encode
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.push import (
    PushPreferences,
    PushState,
    PushSubscription,
    RemovedPushSubscription,
    TestedPush,
    Unread,
)  # fmt: skip
from common.addresses import RefusedAddress
from common.database import Statement
from common.errors import Fatal, Problem, Retryable
from common.guarded_fetch import check_receiver
from common.web_push import public_key, read_auth, read_point

FEATURE = "web_push"  # the flag that switches it


class NewSubscription(msgspec.Struct):
    """What PushSubscription.toJSON() says, flat; `time_zone` is for first preferences."""

    endpoint: Endpoint
    p256dh: Key
    auth: Auth
    device: Device = "A browser"
    time_zone: Zone = "UTC"


class SubscriptionRequest(msgspec.Struct):
    """`subscription_id`: as given when the device was subscribed."""

    subscription_id: Id


async def state(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the key to subscribe with, devices, preferences, and how much is unread."""
    owner = (reads.principal.user_id,)
    wanted = (table.LIST, table.PREFERENCES, table.UNREAD)
    listed, chosen, unread = await reads.database.texts([Statement(sql, owner) for sql in wanted])
    preferences = chosen or encode(Preferences())
    key = None
    with contextlib.suppress(Fatal):
        key = public_key(reads.setting("VAPID_PRIVATE_KEY", ""))
    return Result(
        f'{{"public_key":{encode(key)},"unread":{unread or 0},"preferences":{preferences},'
        f'"subscriptions":{listed or "[]"}}}'
    )


async def subscribe(request: NewSubscription, reads: Reads) -> Result:
    """Store a device, or what its browser says anew of it, and return it.

    Raises Problem 403 where notifications are switched off for the caller, 422 for an address
    or keys that cannot be used, 409 when the caller
    has as many as one may or the device is somebody else's, 503 where nothing is sent.
    """
    endpoint = _checked(request, reads)
    if not (await flags.all_of(reads.principal, reads.database)).get(FEATURE, False):
        raise Problem(403, "feature-off", "Notifications are switched off for your account.")
    try:
        public_key(reads.setting("VAPID_PRIVATE_KEY", ""))
    except Fatal:
        raise Problem(
            503, "push-not-set-up", "Notifications are not set up here: the operator has set no"
            " VAPID_PRIVATE_KEY.",
        ) from None  # fmt: skip
    require_zone(request.time_zone, reads)
    owner, now = reads.principal.user_id, int(reads.now)
    values = (
        secrets.token_hex(8), owner, endpoint, request.p256dh.rstrip("="),
        request.auth.rstrip("="), request.device, now, table.MOST_DEVICES,
    )  # fmt: skip
    first = (owner, request.time_zone, table.DEFAULT_CAP, now)
    await reads.database.batch([
        Statement(table.SUBSCRIBE, values),
        Statement(table.FORGET_OTHERS_DELIVERIES, (endpoint, owner)),
        Statement(table.FIRST_PREFERENCES, first),
    ])  # fmt: skip
    found = await reads.database.text(Statement(table.BY_ENDPOINT, (endpoint, owner)))
    if found is not None:
        return Result(found, status=201)
    if await reads.database.text(Statement(table.IS_KNOWN, (endpoint,))):
        raise Problem(
            409, "push-subscription-taken",
            "Another account has this device, with other keys. Subscribe anew in the browser.",
        )  # fmt: skip
    raise Problem(
        409, "push-limit",
        f"You have {table.MOST_DEVICES} devices, as many as one may; remove one first.",
    )  # fmt: skip


async def unsubscribe(request: SubscriptionRequest, reads: Reads) -> Result:
    """Remove a device of the caller's and what waits for it. Raises Problem 404."""
    mine = (request.subscription_id, reads.principal.user_id)
    await _require(mine, reads)
    removing = (table.UNSUBSCRIBE, table.FORGET_DELIVERIES)
    await reads.database.batch([Statement(sql, mine) for sql in removing])
    return Result(encode({"subscription_id": request.subscription_id}))


async def try_out(request: SubscriptionRequest, reads: Reads) -> Result:
    """Send a notification to a device now, and return what came of it.

    Raises Problem 404, 409 when its push service says that it is gone.
    """
    owner, now = reads.principal.user_id, int(reads.now)
    mine = (request.subscription_id, owner)
    await _require(mine, reads)
    delivery_id = f"{now:010d}-{secrets.token_hex(8)}"
    await reads.database.batch([Statement(table.TEST, (*mine, delivery_id, now))])
    with contextlib.suppress(Retryable):  # the cron sends it within a minute
        await reads.outside.deliver()
    found = await reads.database.text(Statement(table.TESTED, (delivery_id, owner)))
    if found is None:
        raise Problem(
            409, "push-subscription-gone",
            "The push service says that this device is gone; it was removed. Subscribe anew.",
        )  # fmt: skip
    return Result(found)


def _checked(request: NewSubscription, reads: Reads) -> str:
    """Return the endpoint in its one form. Raises Problem 422."""
    try:
        read_point(request.p256dh)
        read_auth(request.auth)
    except Fatal as refused:
        raise Problem(422, "push-refused-keys", str(refused)) from None
    try:
        return check_receiver(request.endpoint, reads.setting("ENVIRONMENT", "production")).url
    except RefusedAddress as refused:
        raise Problem(422, "push-refused-address", str(refused)) from None


async def _require(mine: tuple[str, str], reads: Reads) -> None:
    if await reads.database.text(Statement(table.GET, mine)) is None:
        raise Problem(
            404, "no-such-push-subscription",
            "You have no device with this id. /api/v1/push lists yours.",
        )  # fmt: skip


PUSH = "/api/v1/push"
DEVICE = f"{PUSH}/subscriptions/{{subscription_id}}"
EXAMPLE = {
    "endpoint": "https://push.example.com/send/5f1d",
    "p256dh": table.EXAMPLE_P256DH,
    "auth": table.EXAMPLE_AUTH,
}
EXAMPLE_PATH = {"subscription_id": EXAMPLE_ID}


def _write(path: str, summary: str, **rest: Any) -> Route:
    return Route(
        path=path, summary=summary, permission="account:write", cost="write", cache=PRIVATE, **rest
    )


ROUTES = (
    Route(
        path=PUSH, summary="Your notifications: devices, preferences, the key to subscribe with",
        request=NothingRequest, handler=state, permission="account:read", cache=PRIVATE,
        answers=PushState,
    ),
    _write(
        f"{PUSH}/subscriptions", "Have a browser sent notifications (Web Push)",
        description="What PushManager.subscribe gave, with public_key as applicationServerKey."
        " The same endpoint again replaces what is stored of it.",
        request=NewSubscription, handler=subscribe, method="POST", status=201,
        answers=PushSubscription, example=EXAMPLE,
        problems=(
            "feature-off",
            "push-refused-address", "push-refused-keys", "unknown-time-zone", "push-limit",
            "push-subscription-taken", "push-not-set-up",
        ),
    ),
    _write(
        DEVICE, "Stop notifications on a device of yours",
        request=SubscriptionRequest, handler=unsubscribe, method="DELETE",
        answers=RemovedPushSubscription, example=EXAMPLE_PATH,
        problems=("no-such-push-subscription",),
    ),
    _write(
        f"{DEVICE}/test", "Send a notification to a device of yours now, and see what came of it",
        request=SubscriptionRequest, handler=try_out, method="POST", answers=TestedPush,
        example=EXAMPLE_PATH, problems=("no-such-push-subscription", "push-subscription-gone"),
    ),
    _write(
        f"{PUSH}/preferences", "Say what you want to be notified of, and when not",
        request=Preferences, handler=set_preferences, method="PUT", answers=PushPreferences,
        example={"scope": "all", "quiet_hours": {"start": "22:00", "end": "07:00"},
                 "time_zone": "Europe/Berlin"},
        problems=("no-such-watchlist", "push-needs-watchlist", "unknown-time-zone"),
    ),
    _write(
        f"{PUSH}/read", "Say which signals you have read, of those you were notified of",
        request=ReadRequest, handler=mark_read, method="POST", answers=Unread,
    ),
)  # fmt: skip
