"""Local secrets and the demo account, made once per state folder."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from pathlib import Path
from typing import NamedTuple

ITERATIONS = 100_000  # as src/dashboard/passwords.py; a test signs in with the result
EMAIL = "demo@cryptointel.example"

SEED = """
INSERT INTO users (user_id, email, role, password_hash, created_at)
VALUES ('demo', '{email}', 'analyst', '{stored}', {now})
ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash;
INSERT INTO api_keys (key_id, user_id, name, secret_hash, created_at)
VALUES ('{key_id}', 'demo', 'demo', '{hashed}', {now}) ON CONFLICT DO NOTHING;
"""


class Account(NamedTuple):
    """The demo account, and the peppers its hashes were made with."""

    user: str
    password: str
    api_key: str
    api_key_pepper: str
    password_pepper: str

    def env_file(self) -> str:
        """Return the Workers' secrets as NAME=value lines."""
        return f"API_KEY_PEPPER={self.api_key_pepper}\nPASSWORD_PEPPER={self.password_pepper}\n"


def load(file: Path) -> Account:
    """Return the account in `file`, made now if there is none."""
    if file.is_file():
        return Account(**json.loads(file.read_text()))
    key = f"ci_local_{secrets.token_hex(6)}_{secrets.token_hex(32)}"
    made = Account(EMAIL, secrets.token_urlsafe(12), key, secrets.token_hex(32),
                   secrets.token_hex(32))  # fmt: skip
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(made._asdict(), indent=1))
    return made


def seed_sql(account: Account) -> str:
    """Return SQL that makes the demo user and key; running it again changes nothing."""
    salt = hashlib.sha256(account.password_pepper.encode()).digest()[:16]
    peppered = hmac.digest(account.password_pepper.encode(), account.password.encode(), "sha256")
    derived = hashlib.pbkdf2_hmac("sha256", peppered, salt, ITERATIONS)
    stored = "$".join(
        ["pbkdf2-sha256", str(ITERATIONS), *(base64.b64encode(x).decode() for x in (salt, derived))]
    )
    _, _, key_id, secret = account.api_key.split("_")
    hashed = hmac.digest(account.api_key_pepper.encode(), secret.encode(), "sha256").hex()
    # Every value is of our own making: an address, base64, hex and a number.
    return SEED.format(
        email=account.user, stored=stored, key_id=key_id, hashed=hashed, now=int(time.time())
    )
