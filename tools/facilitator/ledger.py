"""The pretend money: who was granted how much, and every transfer, in SQLite.

A balance is what was granted, plus what came in, less what went out. So no balance can
disagree with the transfers. Money that is on its way has left its payer and reached nobody.
Addresses, nonces and signatures are kept in lower case.
"""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

from tools.facilitator.payments import Payment

START = 1_000_000_000  # 1,000 USDC
MOST = 10**15  # of a grant: sums of a million of them stay below SQLite's largest integer

_SCHEMA = """
CREATE TABLE IF NOT EXISTS grants (
  network TEXT, asset TEXT, holder TEXT, amount INTEGER NOT NULL,
  PRIMARY KEY (network, asset, holder)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transfers (
  network TEXT, asset TEXT, payer TEXT, nonce TEXT,
  pay_to TEXT NOT NULL, amount INTEGER NOT NULL, digest TEXT NOT NULL, signature TEXT NOT NULL,
  "transaction" TEXT NOT NULL, made_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'failed')),
  status INTEGER NOT NULL, calls_left INTEGER, confirm_at REAL,
  PRIMARY KEY (network, asset, payer, nonce)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS transfers_by_receiver ON transfers (network, asset, pay_to);
"""
_FIND = """SELECT digest, signature, "transaction", state, status FROM transfers
WHERE (network, asset, payer, nonce) = (?, ?, ?, ?)"""
_RECORD = "INSERT OR REPLACE INTO transfers VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_GRANT = "INSERT INTO grants VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_MOVED = """
SELECT (SELECT coalesce(sum(amount), 0) FROM transfers WHERE (network, asset, pay_to) = (?1, ?2, ?3)
  AND state = 'confirmed') - (SELECT coalesce(sum(amount), 0) FROM transfers
  WHERE (network, asset, payer) = (?1, ?2, ?3) AND state <> 'failed')"""
_GRANTED = "SELECT amount FROM grants WHERE (network, asset, holder) = (?1, ?2, ?3)"
_SET = """INSERT INTO grants VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET amount = excluded.amount"""
_ONE_CALL_LESS = """UPDATE transfers SET calls_left = calls_left - 1,
  state = iif(calls_left <= 1, 'confirmed', state)
WHERE (network, asset, payer, nonce) = (?, ?, ?, ?) AND state = 'pending'"""
_CONFIRM_DUE = """UPDATE transfers SET state = 'confirmed'
WHERE state = 'pending' AND confirm_at <= ?"""
_TRANSFERS = """SELECT network, asset, payer, nonce, pay_to, amount, "transaction", state, made_at
FROM transfers WHERE ?1 IS NULL OR pay_to = ?1 ORDER BY made_at, network, asset, payer, nonce"""
_RECEIVED = """SELECT network, asset, pay_to,
  count(*) FILTER (WHERE state = 'confirmed') AS transfers,
  coalesce(sum(amount) FILTER (WHERE state = 'confirmed'), 0) AS amount,
  coalesce(sum(amount) FILTER (WHERE state = 'pending'), 0) AS pending
FROM transfers GROUP BY network, asset, pay_to ORDER BY network, asset, pay_to"""
_HOLDERS = "SELECT network, asset, holder FROM grants ORDER BY network, asset, holder"


class Known(NamedTuple):
    """A transfer that was made before; `status` is the HTTP status that tells of it pending."""

    digest: str
    signature: str
    transaction: str
    state: str
    status: int

    def is_of(self, payment: Payment) -> bool:
        """Whether this is the very payment, sent again."""
        return (self.digest, self.signature) == (payment.digest.hex(), payment.signature)


class Pending(NamedTuple):
    """A transfer that is broadcast and not confirmed, and when it will be; neither is never."""

    status: int = 200
    after_calls: int | None = None
    after_seconds: float | None = None


class Ledger:
    """The chains' state. `start` is what every payer is granted at first sight (atomic units)."""

    def __init__(self, file: Path | None = None, start: int = START) -> None:
        self.start = start
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        # Handed from the thread that makes it to the one that serves, never shared.
        self._db = sqlite3.connect(
            file or ":memory:", isolation_level=None, check_same_thread=False
        )
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")  # it must outlive the process, not the machine
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def balance(self, network: str, asset: str, holder: str) -> int:
        """What an address has; it is granted its start if it was never seen."""
        key = (network, asset.lower(), holder.lower())
        self._db.execute(_GRANT, (*key, self.start))
        granted, moved = (self._db.execute(sql, key).fetchone()[0] for sql in (_GRANTED, _MOVED))
        return int(granted) + int(moved)

    def set_balance(self, network: str, asset: str, holder: str, amount: int) -> None:
        """Grant so much more or less that an address has `amount`."""
        key = (network, asset.lower(), holder.lower())
        moved = self._db.execute(_MOVED, key).fetchone()[0]
        self._db.execute(_SET, (*key, amount - moved))

    def find(self, payment: Payment) -> Known | None:
        """The transfer with a payment's nonce."""
        row = self._db.execute(_FIND, _key(payment)).fetchone()
        return Known(*row) if row else None

    def record(self, payment: Payment, now: float, pending: Pending | None) -> None:
        """Write a transfer down; one with this nonce that failed gives way to it."""
        self._db.execute(
            _RECORD,
            (
                *_key(payment), payment.transfer.to, payment.transfer.value,
                payment.digest.hex(), payment.signature, transaction_of(payment), int(now),
                "pending" if pending else "confirmed", pending.status if pending else 200,
                pending.after_calls if pending else None,
                now + pending.after_seconds
                if pending and pending.after_seconds is not None else None,
            ),
        )  # fmt: skip

    def ask_again(self, payment: Payment) -> None:
        """Count one more call for a pending transfer; it may be the one that confirms it."""
        self._db.execute(_ONE_CALL_LESS, _key(payment))

    def confirm_due(self, now: float) -> None:
        """Confirm what time confirms."""
        self._db.execute(_CONFIRM_DUE, (now,))

    def forget(self, payment: Payment) -> None:
        """Drop a transfer that failed, so that it may be broadcast again."""
        self._db.execute(
            "DELETE FROM transfers WHERE (network, asset, payer, nonce) = (?, ?, ?, ?)"
            " AND state = 'failed'",
            _key(payment),
        )

    def end_pending(self, state: str) -> int:
        """Let all that is pending be confirmed, or failed with its money back; say how much."""
        return self._db.execute(
            "UPDATE transfers SET state = ? WHERE state = 'pending'", (state,)
        ).rowcount

    def transfers(self, pay_to: str | None) -> list[dict[str, Any]]:
        """Every transfer, or those to one address, oldest first."""
        return self._rows(_TRANSFERS, pay_to and pay_to.lower())

    def received(self) -> list[dict[str, Any]]:
        """What every receiver got, by network and asset."""
        return self._rows(_RECEIVED)

    def balances(self) -> list[dict[str, Any]]:
        """What every address has that ever paid."""
        return [row | {"balance": self.balance(**row)} for row in self._rows(_HOLDERS)]

    def clear(self) -> None:
        """Forget everything."""
        self._db.executescript("DELETE FROM grants; DELETE FROM transfers;")

    def _rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self._db.execute(sql, parameters)]


def transaction_of(payment: Payment) -> str:
    """The hash of a transfer's transaction, made up from what identifies it."""
    return "0x" + hashlib.sha256("|".join(_key(payment)).encode()).hexdigest()


def _key(payment: Payment) -> tuple[str, str, str, str]:
    transfer = payment.transfer
    return (payment.token.network, payment.domain.contract, transfer.payer, transfer.nonce)
