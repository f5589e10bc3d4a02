"""Providers of sign-ins in memory: an OpenID provider, and GitHub's three addresses."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dashboard.encoding import b64encode
from dashboard.visit import Reply

ISSUER = "https://accounts.google.com"
SETTINGS = {
    "GOOGLE_CLIENT_ID": "us", "GOOGLE_CLIENT_SECRET": "s&cret",
    "GITHUB_CLIENT_ID": "gh us", "GITHUB_CLIENT_SECRET": "gh secret",
}  # fmt: skip
KEY = rsa.generate_private_key(65537, 2048)


def jwk(key: rsa.RSAPrivateKey, kid: str) -> dict[str, str]:
    public = key.public_key().public_numbers()
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "e": "AQAB",
            "n": b64encode(public.n.to_bytes(256, "big"))}  # fmt: skip


def signed(header: dict[str, Any], claims: dict[str, Any], key: rsa.RSAPrivateKey = KEY) -> str:
    parts = [b64encode(json.dumps(one).encode()) for one in (header, claims)]
    message = ".".join(parts)
    made = key.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{message}.{b64encode(made)}"


class Provider:
    """Says who signed in, `claims` change what its ID token holds; codes are checked as sent."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "k1"}
        self.key = KEY
        self.person = {"sub": "g-1", "email": "ann.g@example.com", "email_verified": True}
        self.github_user: dict[str, Any] = {"id": 42, "login": "ann-gh"}
        self.emails: list[dict[str, Any]] | None = None
        self.issuer = ISSUER
        self.down = False
        self._asked: dict[str, dict[str, str]] = {}

    def consent(self, location: str) -> dict[str, str]:
        """Let the person consent at `location`; return what the browser comes back with."""
        asked = {name: one[0] for name, one in parse_qs(urlsplit(location).query).items()}
        code = f"code-{len(self._asked)}"
        self._asked[code] = asked
        return {"code": code, "state": asked["state"]}

    def __call__(self, method: str, url: str, headers: dict[str, str], body: str) -> Reply:
        if self.down:
            return Reply(500, b"")
        path = urlsplit(url).netloc + urlsplit(url).path
        if path == "accounts.google.com/.well-known/openid-configuration":
            return self._say({
                "issuer": self.issuer, "authorization_endpoint": f"{ISSUER}/o/auth",
                "token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/certs",
            })  # fmt: skip
        if path == "accounts.google.com/certs":
            return self._say({"keys": [jwk(KEY, "k0"), jwk(KEY, "k1")]})
        if path == "api.github.com/user":
            assert headers["authorization"] == "Bearer gh-token"
            return self._say(self.github_user)
        if path == "api.github.com/user/emails":
            return Reply(404, b"{}") if self.emails is None else self._say(self.emails)
        form = {name: one[0] for name, one in parse_qs(body).items()}
        asked = self._asked.pop(form["code"], None)
        if asked is None or not self._is_ours(path, form, headers, asked):
            return Reply(400, b'{"error":"invalid_grant"}')
        if path.startswith("github.com"):
            return self._say({"access_token": "gh-token", "token_type": "bearer"})
        claims = {
            "iss": ISSUER, "aud": asked["client_id"], "exp": self.now + 3600, "iat": self.now,
            "nonce": asked["nonce"], **self.person, **self.claims,
        }  # fmt: skip
        return self._say({"id_token": signed(self.header, claims, self.key)})

    def _is_ours(
        self, path: str, form: dict[str, str], headers: dict[str, str], asked: dict[str, str]
    ) -> bool:
        challenge = b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if path.startswith("github.com"):
            knows_us = form["client_secret"] == "gh secret"
        else:
            pair = base64.b64encode(b"us:s%26cret").decode()
            knows_us = headers["authorization"] == f"Basic {pair}"
        return (
            knows_us and challenge == asked["code_challenge"]
            and form["redirect_uri"] == asked["redirect_uri"]
        )  # fmt: skip

    @staticmethod
    def _say(told: Any) -> Reply:
        return Reply(200, json.dumps(told).encode())
