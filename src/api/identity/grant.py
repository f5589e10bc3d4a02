"""What a checked credential allows, and from where it may be used."""

import hashlib
import ipaddress
import re
from typing import NamedTuple

from api.identity.addresses import Setting, api_url
from api.principal import Principal
from common.errors import CryptoIntelError, Problem

PROTECTED = "/.well-known/oauth-protected-resource"
_origin = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Grant(NamedTuple):
    """A good credential: whose it is, and until when that may be believed unasked.

    `origins` and `addresses` are where it may be used, None for anywhere.
    `key_digest` tells credentials apart without being one. `family` is that
    of an access token.
    """

    principal: Principal
    expires: float
    origins: frozenset[str] | None = None
    addresses: tuple[Network, ...] | None = None
    key_digest: str = ""
    family: str = ""


class OAuthRefusal(CryptoIntelError):
    """What an OAuth client is told: `error` of RFC 6749, 4.1.2.1 and 5.2, and `said` for people."""

    def __init__(self, error: str, said: str) -> None:
        super().__init__(f"{error}: {said}")
        self.error = error
        self.said = said


def challenge(setting: Setting, error: str = "", resource: str = "") -> dict[str, str]:
    """Return the header of a 401: how to send a credential, and who gives tokens (RFC 9728, 5.1).

    `resource` is the path of what was asked for, where it has metadata of its own.
    """
    told = (
        f'Bearer realm="CryptoIntel", resource_metadata="{api_url(setting)}{PROTECTED}{resource}"'
    )
    return {"www-authenticate": f'{told}, error="{error}"' if error else told}


def refused(setting: Setting) -> Problem:
    """Return the one answer to every wrong credential."""
    return Problem(
        401,
        "credential-invalid",
        "This credential is unknown, revoked or expired. Send a valid API key or access token.",
        challenge(setting, "invalid_token"),
    )


def digest(secret: str) -> str:
    """Return what is stored of a 256-bit random secret (SHA-256, hex)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_digest(presented: str) -> str:
    """Return a short name of a credential."""
    return hashlib.blake2b(presented.encode("utf-8", "replace"), digest_size=8).hexdigest()


def check_place(grant: Grant, origin: str | None, address: str) -> None:
    """Raise Problem 403 unless the credential may be used by that page and from that address.

    One that is limited to origins is for pages: without an Origin it is refused.
    """
    if grant.origins is not None and (origin or "").lower() not in grant.origins:
        raise Problem(
            403, "origin-refused",
            "This key may be used by pages of certain origins only, and this is none of them.",
        )  # fmt: skip
    if grant.addresses is not None and not _inside(address, grant.addresses):
        raise Problem(
            403, "address-refused",
            "This key may be used from certain addresses only, and yours is none of them.",
        )  # fmt: skip


def _inside(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in networks)


def read_network(text: str) -> Network:
    """Return an address or a network in CIDR notation. Raises ValueError."""
    if "%" in text:
        raise ValueError("an address with a zone is no address of the internet")
    return ipaddress.ip_network(text.strip(), strict=False)


def read_origin(text: str) -> str:
    """Return an origin (RFC 6454) in lower case. Raises ValueError."""
    lowered = text.strip().lower()
    found = _origin.fullmatch(lowered)
    if found is None or not 0 < int(found["port"] or 443) < 65_536:
        raise ValueError("an origin is scheme://host or scheme://host:port")
    return lowered
