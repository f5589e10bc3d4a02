"""A user with a password, and the derivation of hashlib in the place of WebCrypto's."""

import functools
import hashlib
from typing import Any

from common.passwords import ITERATIONS, encode, peppered
from tests.support.sqlite import SqliteDatabase

PEPPER = "a pepper"
EMAIL = "ann@example.com"
PASSWORD = "s3cret words"
NOW = 1_760_000_400.5


class Derivation:
    """PBKDF2 by hashlib; `calls` holds the iterations of each use."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    async def __call__(self, password: bytes, salt: bytes, iterations: int) -> bytes:
        self.calls.append(iterations)
        return _derived(password, salt, iterations)


@functools.cache  # the work of it is counted, and need not be done again and again
def _derived(password: bytes, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password, salt, iterations)


def store(password: str, salt: bytes = b"salt" * 4) -> str:
    """Return the text under which `password` is stored."""
    derived = _derived(peppered(password, PEPPER), salt, ITERATIONS)
    return encode(salt, derived)


def with_user(stored: str | None) -> SqliteDatabase:
    """Return a database with one user whose stored password is `stored`."""
    database = SqliteDatabase()
    values: tuple[Any, ...] = ("u1", EMAIL, "analyst", stored, int(NOW))
    database.connection.execute(
        "INSERT INTO users (user_id, email, role, password_hash, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        values,
    )
    return database
