"""All that leaves: webhooks and notifications side by side, so that neither waits for the other."""

import asyncio
from collections.abc import Awaitable
from typing import NamedTuple

from signals.delivery import push_sending, sending
from signals.delivery.matching import match


class Outgoing(NamedTuple):
    """What webhooks and what notifications need of the outside."""

    webhooks: sending.Ports
    push: push_sending.Ports


async def deliver(out: Outgoing) -> int:
    """Send what is due of both; return how many attempts were made."""
    # The alerts that rules fire are made here first: notifications tell of them, too.
    await match(out.webhooks.database, int(out.webhooks.clock()))
    return await _both(sending.deliver(out.webhooks), push_sending.deliver(out.push))


async def deliver_first(out: Outgoing) -> int:
    """Send a few of both that have waited longest, tests and replays first."""
    return await _both(
        sending.deliver(out.webhooks, sending.AT_ONCE, 0),
        push_sending.deliver(out.push, push_sending.AT_ONCE, 0),
    )


async def sweep(out: Outgoing) -> int:
    """Send as long as something is due and time is left, then forget what is old."""
    await match(out.webhooks.database, int(out.webhooks.clock()))
    return await _both(sending.sweep(out.webhooks), push_sending.sweep(out.push))


async def _both(webhooks: Awaitable[int], push: Awaitable[int]) -> int:
    """Wait for both, whatever becomes of one; raise what the first of them raised."""
    done = await asyncio.gather(webhooks, push, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException):
            raise one
    return sum(one for one in done if isinstance(one, int))
