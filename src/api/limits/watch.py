"""An isolate's side of suspicion: what it reports of addresses, and who is challenged.

A request with a valid credential is never challenged: an address may be
shared, and nobody may lock a customer out of it by behaving badly there. Who has no
credential, or a wrong one, proves by a challenge that a person is there. The
score itself is kept by the arbiter of the address.
"""

import asyncio
import contextlib
import time

import msgspec

from api.limits.plans import address_subject
from api.limits.protocol import Report, Verdict
from api.limits.suspicion import POINTS, Sights, odd_path
from api.principal import Outside
from common.errors import Problem, Retryable
from common.ports import Clock, Sleep

MOST_ADDRESSES = 5_000
MOST_KEYS = 64
BATCH_SECONDS = 0.5  # what an address does meanwhile is one report
OVERDUE_SECONDS = 10.0  # whoever reports may die; then another one does
# A verdict is asked for again after this; of one who is challenged sooner: it may have passed.
AGAIN_SECONDS, CHALLENGED_AGAIN_SECONDS = 10.0, 2.0
_NEVER = float("-inf")

_verdicts = msgspec.json.Decoder(Verdict)


class _Address:
    """What is known of one address here. Plain state."""

    __slots__ = ("asked_at", "challenged_until", "keys", "reporting_until", "sights")

    def __init__(self) -> None:
        self.sights = Sights()
        self.keys: set[str] = set()
        self.asked_at = self.challenged_until = self.reporting_until = _NEVER


class Watch:
    """One per isolate."""

    def __init__(self, clock: Clock = time.time, sleep: Sleep = asyncio.sleep) -> None:
        self._clock, self._sleep = clock, sleep
        self._addresses: dict[str, _Address] = {}

    def note(
        self, address: str, status: int, path: str, credential_digest: str, now: float,
        outside: Outside,
    ) -> None:  # fmt: skip
        """Remember the answer to a request without a valid credential; report it behind it.

        `credential_digest` is "" where no credential was sent.
        """
        if status == 403 and self.challenged(address, now):
            return  # that was the challenge itself
        odd = status >= 400 and odd_path(path)
        known = self._addresses.get(address_subject(address))
        new_key = bool(credential_digest) and (
            known is None or (credential_digest not in known.keys and len(known.keys) < MOST_KEYS)
        )
        if status not in POINTS and not odd and not new_key:
            return
        seen = self._of(address)
        if status in POINTS:
            seen.sights.statuses[status] = seen.sights.statuses.get(status, 0) + 1
        seen.sights.odd_paths += odd
        if new_key:
            seen.keys.add(credential_digest)
            seen.sights.keys.append(credential_digest)
        self._report_later(address, seen, now, outside, BATCH_SECONDS)

    def challenged(self, address: str, now: float) -> bool:
        """Whether the arbiter said that `address` must pass a challenge. Makes no call."""
        seen = self._addresses.get(address_subject(address))
        return seen is not None and now < seen.challenged_until

    def admit(self, address: str, now: float, outside: Outside, dashboard_url: str) -> None:
        """Raise Problem 403 "challenge-needed" for a challenged address. Makes no call.

        For requests without a credential, before anything is done for them,
        and for those whose credential turned out to be wrong.
        """
        seen = self._addresses.get(address_subject(address))
        if seen is None:
            return
        challenged = now < seen.challenged_until
        if now - seen.asked_at >= (CHALLENGED_AGAIN_SECONDS if challenged else AGAIN_SECONDS):
            self._report_later(address, seen, now, outside, 0.0)
        if challenged:
            raise Problem(
                403, "challenge-needed",
                "Your address sends requests that look like an attack. Open challenge_url in a"
                " browser to show that a person is there, or send a valid API key.",
                extra={"challenge_url": f"{dashboard_url.rstrip('/')}/challenge"},
            )  # fmt: skip

    def _of(self, address: str) -> _Address:
        if len(self._addresses) >= MOST_ADDRESSES:
            self._addresses.clear()
        return self._addresses.setdefault(address_subject(address), _Address())

    def _report_later(
        self, address: str, seen: _Address, now: float, outside: Outside, wait: float
    ) -> None:
        if not 0 < seen.reporting_until - now <= OVERDUE_SECONDS:
            seen.reporting_until = now + OVERDUE_SECONDS
            outside.later(self._report(address_subject(address), seen, now, wait, outside))

    async def _report(
        self, subject: str, seen: _Address, now: float, wait: float, outside: Outside
    ) -> None:
        began = self._clock()
        if wait:
            await self._sleep(wait)
        sights, seen.sights = seen.sights, Sights()
        request = msgspec.json.encode(Report(sights=sights)).decode()
        try:
            verdict = _verdicts.decode(await outside.limiter(subject, request))
        except (Retryable, msgspec.MsgspecError):
            return  # what was seen is forgotten: suspicion is no account
        finally:
            seen.reporting_until = _NEVER
        seen.asked_at = now + self._clock() - began
        challenged = verdict.challenged_for > 0
        seen.challenged_until = seen.asked_at + verdict.challenged_for if challenged else _NEVER


async def report_wrong_login(address: str, outside: Outside) -> None:
    """Report a wrong password of somebody who is signed in, as if it had been a wrong login."""
    request = msgspec.json.encode(Report(sights=Sights(statuses={401: 1}))).decode()
    with contextlib.suppress(Retryable):  # suspicion is no account
        await outside.limiter(address_subject(address), request)


async def absorb_flood(address: str, outside: Outside) -> None:
    """Raise Problem 429 "flooding" when the platform's own limiter says so.

    It counts for each data centre and is permissive: it spares the exact
    limits what is far above them. When it does not answer, those decide.
    """
    try:
        flooding = await outside.flooding(address)
    except Retryable:
        return
    if flooding:
        raise Problem(
            429, "flooding", "Your address sends far more requests than anybody may. Pause.",
            {"retry-after": "60"},
        )  # fmt: skip
