"""Payments on workerd: a thousand of all kinds while everything fails, and the books balance."""

import asyncio
import base64
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.buying import header, payment
from tests.support.live import Live, eventually
from tests.support.wallets import Account

pytestmark = pytest.mark.runtime

PATH = "/api/v1/analytics/correlation?symbols=BTC,ETH"
CONTROL = "/x402.org/facilitator/control"
PAYMENTS, AT_ONCE, TRIES = 1_000, 16, 4
# What share of which calls to the facilitator goes wrong, and how.
FAULTS: tuple[dict[str, Any], ...] = (
    {"fault": "http_500", "share": 0.08, "seed": 1},
    {"fault": "drop", "share": 0.04, "seed": 2},
    {"fault": "not_json", "share": 0.03, "seed": 3},
    {"fault": "refuse", "call": "settle", "share": 0.05, "seed": 4, "reason": "transaction_failed"},
    {"fault": "lost", "call": "settle", "share": 0.06, "seed": 5},
    {"fault": "pending", "share": 0.04, "seed": 6, "confirm_calls": 1},
    {"fault": "pending_500", "share": 0.04, "seed": 7},
    {"fault": "slow", "share": 0.02, "seed": 8, "seconds": 1},
)
WALLETS = [Account.create() for _ in range(8)]


@pytest.fixture(autouse=True)
def lifted(live: Live) -> Iterator[None]:
    yield
    live.system.ask("simulator", f"{CONTROL}/faults", method="DELETE")


class Buyers:
    """Many buyers with many wallets; `paid` are the transactions of good receipts by nonce."""

    def __init__(self, live: Live) -> None:
        self.url = live.system.ports.address("api") + PATH
        self.offer: dict[str, Any] = {}
        self.statuses: Counter[int] = Counter()
        self.paid: dict[int, str] = {}
        self.draw = random.Random(42)
        self._addresses = iter(range(1, 10**6))

    async def send(self, client: httpx.AsyncClient, value: str | None) -> httpx.Response | None:
        """Send one request from an address of its own; None when the Worker is gone."""
        number = next(self._addresses)
        headers = {
            "cf-connecting-ip": f"172.{16 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"
        }
        if value is not None:
            headers["payment-signature"] = value
        try:
            return await client.get(self.url, headers=headers)
        except httpx.HTTPError:
            return None

    def made(self, number: int) -> list[str]:
        """Return the payment headers that buyer `number` sends, one after the other."""
        good = payment(self.offer, time.time(), number, wallet=self.draw.choice(WALLETS))
        kind = self.draw.random()
        if kind < 0.7:
            return [header(good)]
        if kind < 0.8:
            return [header(good), header(good)]
        bad = json.loads(json.dumps(good))
        if kind < 0.86:
            bad["payload"]["authorization"]["nonce"] = "0x" + "99" * 32
        elif kind < 0.92:
            bad["payload"]["authorization"]["value"] = "1"
        elif kind < 0.96:
            bad["accepted"]["amount"] = "1"
        else:
            return ["not base64 at all"]
        return [header(bad)]

    async def buy(self, client: httpx.AsyncClient, number: int) -> None:
        """Pay once or twice with one payment; send it again while nobody says what became of it."""
        for value in self.made(number):
            for _ in range(TRIES):
                answer = await self.send(client, value)
                if answer is not None:
                    self.statuses[answer.status_code] += 1
                    if answer.status_code == 200:
                        assert number not in self.paid, "one payment brought two answers"
                        self.paid[number] = answer.headers["payment-response"]
                if answer is None or answer.status_code in (500, 503):
                    await asyncio.sleep(0.5)
                    continue
                break


def test_after_a_thousand_payments_the_books_balance_to_the_last_unit(live: Live) -> None:
    for fault in FAULTS:
        live.system.ask("simulator", f"{CONTROL}/faults", fault)
    buyers = Buyers(live)

    async def run() -> None:
        waiting = iter(range(1, PAYMENTS + 1))
        async with httpx.AsyncClient(timeout=60) as client:
            first = await buyers.send(client, None)
            assert first is not None and first.status_code == 402
            buyers.offer = _offer(first)

            async def buyer() -> None:
                for number in waiting:
                    await buyers.buy(client, number)

            await asyncio.gather(*(buyer() for _ in range(AT_ONCE)), _restarts(live, buyers))

    asyncio.run(run())
    live.system.ask("simulator", f"{CONTROL}/faults", method="DELETE")
    live.system.ask("simulator", f"{CONTROL}/pending", {"state": "confirmed"})
    _reconciled(live)
    taken = {
        (one["payer"], one["nonce"]): one
        for one in live.system.ask("simulator", f"{CONTROL}/transfers")["transfers"]
        if one["state"] == "confirmed"
    }
    rows = {
        (payer, nonce): amount
        for payer, nonce, amount in live.rows(
            "SELECT payer, nonce, amount FROM payments WHERE state = 'settled'"
        )
    }
    assert {key: int(one["amount"]) for key, one in taken.items()} == rows
    assert live.rows("SELECT sum(revenue_atomic) FROM user_analytics") == [(sum(rows.values()),)]
    assert len(buyers.paid) > PAYMENTS / 2, buyers.statuses
    assert len(set(buyers.paid.values())) == len(buyers.paid)
    assert len(buyers.paid) <= len(rows)
    assert set(buyers.statuses) <= {200, 400, 402, 409, 503}, buyers.statuses
    unclear = live.rows("SELECT payer, nonce FROM payments WHERE state = 'unclear'")
    assert not set(unclear) & set(taken), "money was taken and nobody knows"


def test_one_payment_sent_fifty_times_at_once_is_worked_for_and_taken_once(live: Live) -> None:
    buyers = Buyers(live)

    async def burst() -> list[int]:
        async with httpx.AsyncClient(timeout=60) as client:
            first = await buyers.send(client, None)
            assert first is not None
            value = header(payment(_offer(first), time.time(), 2**200, wallet=WALLETS[0]))
            answers = await asyncio.gather(*(buyers.send(client, value) for _ in range(50)))
        return [answer.status_code for answer in answers if answer is not None]

    statuses = Counter(asyncio.run(burst()))
    assert statuses[200] == 1
    assert set(statuses) <= {200, 402, 409}, statuses
    nonce = "0x" + (2**200).to_bytes(32, "big").hex()
    events = live.rows(
        "SELECT e.state FROM payment_events e JOIN payments USING (payment_id)"
        " WHERE nonce = ? ORDER BY event_id",
        nonce,
    )
    assert [state for (state,) in events] == ["claimed", "settling", "settled"]


def _offer(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.b64decode(answer.headers["payment-required"]))
    return found


async def _restarts(live: Live, buyers: Buyers) -> None:
    """Kill the API Worker in the middle of payments, twice."""
    for done in (PAYMENTS // 4, PAYMENTS // 2):
        while len(buyers.paid) < done * 0.6:
            await asyncio.sleep(0.1)
        live.system.kill_worker("api")
        await asyncio.to_thread(live.system.restart, "api")


def _reconciled(live: Live) -> None:
    """Fire the cron, an hour later, until nothing is open."""

    def done() -> bool:
        live.system.fire("api", time.time() + 3_600)
        return live.rows(
            "SELECT count(*) FROM payments WHERE state IN ('settling', 'pending')"
        ) == [(0,)]

    eventually(done, 60)
