"""Local secrets and the demo account, made once per state folder."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from pathlib import Path
from typing import NamedTuple

from tools import jwt_keys

ITERATIONS = 100_000  # as src/common/passwords.py; a test signs in with the result
EMAIL = "demo@cryptointel.example"
# Cloudflare's testing keys of Turnstile: everybody passes. Production refuses them.
SITE_KEY, CHALLENGE_SECRET = "1x00000000000000000000AA", "1x0000000000000000000000000000000AA"

SEED = """
INSERT INTO users (user_id, email, role, plan, password_hash, created_at)
VALUES ('demo', '{email}', 'trader', 'enterprise', '{stored}', {now})
ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash,
  role = excluded.role, plan = excluded.plan;
INSERT INTO api_keys (key_id, user_id, name, secret_hash, created_at)
VALUES ('{key_id}', 'demo', 'demo', '{hashed}', {now}) ON CONFLICT DO NOTHING;
"""


class Account(NamedTuple):
    """The demo account, the peppers its hashes were made with, and the keys of access tokens."""

    user: str
    password: str
    api_key: str
    api_key_pepper: str
    password_pepper: str
    jwt_keys: str
    webhook_secret_key: str
    facilitator_key: str
    vapid_private_key: str

    def env_file(self) -> str:
        """Return the Workers' secrets as NAME=value lines."""
        return (
            f"API_KEY_PEPPER={self.api_key_pepper}\nPASSWORD_PEPPER={self.password_pepper}\n"
            f"JWT_KEYS={self.jwt_keys}\nWEBHOOK_SECRET_KEY={self.webhook_secret_key}\n"
            f"TURNSTILE_SITE_KEY={SITE_KEY}\nTURNSTILE_SECRET={CHALLENGE_SECRET}\n"
            f"FACILITATOR_KEY={self.facilitator_key}\n"
            f"VAPID_PRIVATE_KEY={self.vapid_private_key}\n"
        )


def load(file: Path) -> Account:
    """Return the account in `file`, made now if there is none."""
    if file.is_file():
        stored = json.loads(file.read_text())
        if stored.keys() == set(Account._fields):
            return Account(**stored)  # else it is of another version, and made anew
    key = f"ci_local_{secrets.token_hex(6)}_{secrets.token_hex(32)}"
    made = Account(EMAIL, secrets.token_urlsafe(12), key, secrets.token_hex(32),
                   secrets.token_hex(32), jwt_keys.new_set(), secrets.token_hex(32),
                   secrets.token_hex(32), jwt_keys.new_vapid())  # fmt: skip
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


def write_private(file: Path, text: str) -> Path:
    """Write a file that only its owner may read."""
    file.touch(mode=0o600)
    file.write_text(text)
    return file
