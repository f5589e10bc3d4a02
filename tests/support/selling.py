"""A gateway that sells, with a facilitator and a ledger that can be looked into."""

import asyncio
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from api.principal import Context, Principal
from common.database import Statement
from common.envelope import Answer
from tests.api.calling import SETTINGS, Caller
from tests.support.buying import Bank, header, offer_of, payment
from tests.support.sqlite import SqliteDatabase

CONFIG = tomllib.loads((Path(__file__).parents[2] / "wrangler.toml").read_text())
X402 = CONFIG["vars"]["X402"]
FREE = Principal("free1", "analyst", "free", "session")


class Shop(Caller):
    """Sends requests to a gateway whose variable X402 is that of the local config."""

    def __init__(self, database: SqliteDatabase) -> None:
        super().__init__(database)
        self.bank = Bank(self.now)
        self.parts.facilitator = self.bank
        self.x402 = X402

    def context(self, sent: bytes = b"") -> Context:
        settings = {**SETTINGS, "API_KEY_PEPPER": self.pepper, "X402": self.x402}
        return super().context(sent)._replace(setting=settings.get)

    def at(self, now: float) -> None:
        """Move the clocks of the gateway and of the facilitator."""
        self.now = self.bank.now = now

    def offer(self, path: str, **how: Any) -> dict[str, Any]:
        """Return the offer that a request without a payment gets."""
        answer = self(path, key=None, **how)
        assert answer.status == 402, answer.body
        return offer_of(answer)

    def pay(self, path: str, found: dict[str, Any], **how: Any) -> Answer:
        """Send a payment with a request."""
        return self(path, key=None, headers={"payment-signature": header(found)}, **how)

    def buy(self, path: str, nonce: int = 1, **how: Any) -> Answer:
        """Ask for the offer, and pay it."""
        return self.pay(path, payment(self.offer(path, **how), self.now, nonce), **how)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return rows of the database."""
        return [tuple(row.values()) for row in asyncio.run(self.database.all(Statement(sql)))]

    def states(self) -> list[str]:
        """Return the state of every payment."""
        return [row[0] for row in self.rows("SELECT state FROM payments ORDER BY payment_id")]

    def history(self) -> list[str]:
        """Return the states that payments went through, in their order."""
        return [row[0] for row in self.rows("SELECT state FROM payment_events ORDER BY event_id")]


def data_of(answer: Answer) -> Any:
    """Return the data of an answer."""
    assert isinstance(answer.body, str)
    return msgspec.json.decode(answer.body)["data"]
