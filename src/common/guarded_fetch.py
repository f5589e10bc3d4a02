"""What all fetching of addresses that users gave has in common: judged, resolved, then asked.

An address is judged by common.addresses, then what its name resolves to. Names
are resolved by DNS over HTTPS, because a Worker has no resolver of its own
(https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/).
Fetch then resolves once more by itself: a name that answers differently the
second time is beyond this check, and is left to the platform, whose fetch has
no way into a private network.
"""

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

import msgspec

from common.addresses import RefusedAddress, Target, check_address, check_resolved
from common.errors import Retryable

Get = Callable[[str, dict[str, str]], Awaitable[bytes]]
RESOLVER = "https://cloudflare-dns.com/dns-query"
HEADERS = {"accept": "application/dns-json"}
NO_ERROR, NO_SUCH_NAME = 0, 3  # RFC 6895, 2.3
TYPES = {"A": 1, "AAAA": 28}


class Record(msgspec.Struct):
    """One record of an answer: aliases (CNAME) come before what they lead to."""

    type: int
    data: str


class Resolved(msgspec.Struct):
    """The answer to one question; without records the member is missing."""

    status: int = msgspec.field(name="Status")
    answer: list[Record] = msgspec.field(name="Answer", default_factory=list)


_resolved = msgspec.json.Decoder(Resolved)


async def resolve(host: str, get: Get) -> list[str]:
    """Return the addresses of `host`, all of them public; `get` returns the body of an address.

    Raises RefusedAddress when there is none or one is not public, Retryable
    when the resolver is unwell.
    """
    addresses: list[str] = []
    for kind, number in TYPES.items():
        body = await get(f"{RESOLVER}?name={quote(host, safe='')}&type={kind}", HEADERS)
        try:
            found = _resolved.decode(body)
        except msgspec.DecodeError:
            raise Retryable("the resolver gave no answer that can be read") from None
        if found.status not in (NO_ERROR, NO_SUCH_NAME):
            raise Retryable(f"the resolver failed with code {found.status}")
        addresses += [record.data for record in found.answer if record.type == number]
    check_resolved(addresses)
    return addresses


def upstream_address(url: str, upstream: str) -> str:
    """Return the address that is really asked: `upstream` may stand in for every host."""
    if not upstream:
        return url
    parts = urlsplit(url)
    return f"{upstream}/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def is_own_machine(url: str) -> bool:
    """Whether an address leads to the machine itself, written plainly: localhost or a loopback."""
    if not (url.isascii() and url.isprintable() and " " not in url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        own = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return own and parts.scheme in ("http", "https") and "@" not in parts.netloc


def check_receiver(url: str, environment: str) -> Target:
    """Judge where webhooks are to be sent: https on the public internet. Raises RefusedAddress.

    On a developer's machine (environment "local") plain http will do, and that
    machine itself, on any port.
    """
    local = environment == "local"
    if local and is_own_machine(url) and len(url) <= 2_000:
        parts = urlsplit(url)
        return Target(parts.hostname or "", parts.port or 0, True, url)
    target = check_address(url)
    if not local and not target.url.startswith("https:"):
        raise RefusedAddress("Webhooks are sent over https only.")
    return target
