"""Misbehaviour on order: which call fails, how, and how often."""

import random
from typing import Annotated, Any, Literal

import msgspec

FAULTS = {
    "refuse": "the call is refused with `reason`; a transfer that was made before is still told",
    "http_500": "status 500 with a short text; nothing is done",
    "drop": "the connection closes without an answer; nothing is done",
    "not_json": "status 200 with JSON that breaks off; nothing is done",
    "slow": "it is done, and answered after `seconds` (default 30)",
    "lost": "it is done, and the connection closes without an answer",
    "pending": "settle: broadcast, answered with settlement_pending and status 200; confirmed by "
    "the call number `confirm_calls` after it, or after `confirm_seconds`, or never",
    "pending_500": "the same with status 500",
}
Call = Literal["verify", "settle"]
_Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]


class Order(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One order. `times` counts down, None means until it is lifted.

    `share` of the calls are hit, drawn with `seed`; `call` None means both.
    """

    fault: str
    call: Call | None = None
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None
    share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    seed: int = 7
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    seconds: _Seconds = 30.0
    confirm_calls: Annotated[int, msgspec.Meta(ge=1)] | None = None
    confirm_seconds: _Seconds | None = None


class FaultPlan:
    """The orders in force, asked in the order they were given; the first that hits is taken."""

    def __init__(self) -> None:
        self._orders: list[tuple[Order, random.Random]] = []

    def add(self, sent: Any) -> None:
        """Put an order in force. Raises ValueError with a message that says what to change."""
        order = msgspec.convert(sent, Order)
        if order.fault not in FAULTS:
            raise ValueError(f"fault must be one of {', '.join(FAULTS)}, got {order.fault!r}")
        if order.fault.startswith("pending"):
            if order.call not in (None, "settle"):
                raise ValueError("only settle can be pending")
            order.call = "settle"
        self._orders.append((order, random.Random(order.seed)))  # noqa: S311 - repeatable

    def take(self, call: Call) -> Order | None:
        """The order that is in force for this call, counted down."""
        for entry in self._orders:
            order, drawn = entry
            if order.call in (None, call) and drawn.random() < order.share:
                if order.times is not None:
                    order.times -= 1
                    if order.times == 0:
                        self._orders.remove(entry)
                return order
        return None

    def clear(self) -> None:
        """Lift all orders."""
        self._orders.clear()

    def describe(self) -> list[Any]:
        """The orders in force."""
        return [msgspec.to_builtins(order) for order, _ in self._orders]
