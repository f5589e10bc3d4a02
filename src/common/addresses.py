"""Which addresses that users gave may be asked: public web servers, and nothing else.

An address is read as browsers and the runtime's fetch read it (WHATWG URL,
https://url.spec.whatwg.org/#host-parsing), judged, and given back in the one
form in which it is to be asked, so that what is judged and what is asked
cannot differ. Networks: the IANA special-purpose registries (RFC 6890).
"""

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

import idna

from common.errors import Fatal

LONGEST_ADDRESS = 2_000
PORTS = {"http": (80, 8080, 8443, 443), "https": (443, 8443, 8080, 80)}  # the usual one first
PRIVATE_NAMES = (
    "localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan",
    "home.arpa", "onion", "test", "invalid",
)  # fmt: skip

_NETWORKS_4 = [
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a carrier's inner network"),
        ("127.0.0.0/8", "the machine itself"),
        ("168.63.129.16/32", "a cloud's inner service"),
        ("169.254.0.0/16", "link-local, where clouds keep their metadata"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "a relay into another network"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
]
# Of IPv6 only what is handed out as global unicast, minus those parts of it that
# lead elsewhere. Addresses that wrap another one are refused whatever they wrap.
_GLOBAL_6 = IPv6Network("2000::/3")
_NETWORKS_6 = [
    (IPv6Network(network), what)
    for network, what in (
        ("::ffff:0:0/96", "an IPv4 address in disguise"),
        ("64:ff9b::/96", "an IPv4 address in disguise"),
        ("64:ff9b:1::/48", "an IPv4 address in disguise"),
        ("2002::/16", "an IPv4 address in disguise"),
        ("2001::/32", "an IPv4 address in disguise"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "for documentation"),
        ("3fff::/20", "for documentation"),
        ("::1/128", "the machine itself"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
    )
]
_dots = re.compile("[。．｡]")
_label = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_number = re.compile(r"0x[0-9a-f]*|[0-9]+")
_dot_segment = re.compile(r"(^|/)(\.|%2e){1,2}(/|$)", re.I)
_plain = re.compile(r"[!-~\u00a0-\U0010ffff]+")


class RefusedAddress(Fatal):
    """The address may not be asked; the message says why and what to change."""


class Target(NamedTuple):
    """A judged address: `url` is its one form; `literal` says that the host is an IP address."""

    host: str
    port: int
    literal: bool
    url: str


def check_address(url: str) -> Target:
    """Judge an address. Raises RefusedAddress.

    A name still has to be resolved, and every address that it leads to judged
    by check_resolved.
    """
    if len(url) > LONGEST_ADDRESS:
        raise RefusedAddress(
            f"The address has {len(url):,} characters; at most {LONGEST_ADDRESS:,} are allowed."
        )
    # Fetch drops blanks and takes "\\" for "/"; {…} would be filled in by the collector.
    if not _plain.fullmatch(url) or any(sign in url for sign in '\\{}<>"^`|'):
        raise RefusedAddress('Percent-encode blanks, control characters and \\ { } < > " ^ ` |.')
    try:
        parts = urlsplit(url)
    except ValueError:
        raise RefusedAddress("This is no address; write https://host/path.") from None
    if parts.scheme not in PORTS:
        raise RefusedAddress(f"Only http and https are fetched, not {parts.scheme or url!r:.30}.")
    if "@" in parts.netloc:
        raise RefusedAddress("Leave user name and password out of the address.")
    if not parts.netloc:
        raise RefusedAddress("The address has no host; write https://host/path.")
    if _dot_segment.search(parts.path):
        raise RefusedAddress("Write the path without . and .. in it.")
    named, port = _split_port(parts.netloc, parts.scheme)
    host, literal = _read_host(named)
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port == PORTS[parts.scheme][0] else f"{shown}:{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~") or "/"
    query = "?" + quote(parts.query, safe="/%:@!$&()*+,;=~?[]") if parts.query else ""
    return Target(host, port, literal, f"{parts.scheme}://{netloc}{path}{query}")


def check_resolved(addresses: Iterable[str]) -> None:
    """Judge what a name resolved to: all of it must be public. Raises RefusedAddress."""
    found = list(addresses)
    if not found:
        raise RefusedAddress("The name has no address; check how it is written.")
    for text in found:
        try:
            address = IPv6Address(text) if ":" in text else IPv4Address(text)
        except AddressValueError:
            raise RefusedAddress(f"The name leads to {text!r:.60}, which is no address.") from None
        _require_public(address, "The name leads to ")


def _split_port(netloc: str, scheme: str) -> tuple[str, int]:
    if netloc.startswith("["):
        host, bracket, rest = netloc.partition("]")
        host += bracket
    else:
        host, colon, after = netloc.partition(":")
        rest = colon + after
    if rest in ("", ":"):
        return host, PORTS[scheme][0]
    digits = rest[1:]
    if not (rest[0] == ":" and digits.isascii() and digits.isdecimal() and len(digits) <= 5):
        raise RefusedAddress("What follows the host is no port; write https://host:8443/path.")
    if int(digits) not in PORTS[scheme]:
        listed = ", ".join(map(str, sorted(PORTS[scheme])))
        raise RefusedAddress(f"Port {digits} is not fetched from; the ports are {listed}.")
    return host, int(digits)


def _read_host(text: str) -> tuple[str, bool]:
    """Return the host in its one form, and whether it is an IP address."""
    if text.startswith("["):
        if "%" in text:
            raise RefusedAddress("An address with a zone (%…) belongs to one machine's network.")
        try:
            address = IPv6Address(text[1:-1])
        except AddressValueError:
            raise RefusedAddress(f"{text!r:.60} is no IPv6 address.") from None
        return _require_public(address), True
    host = _to_ascii(text)
    labels = host.split(".")
    if not all(_label.fullmatch(label) for label in labels) or len(host) > 253:
        raise RefusedAddress(f"{text!r:.60} is no name of a host.")
    if labels[-1].isdecimal() or _number.fullmatch(labels[-1]):
        return _require_public(_read_ipv4(labels)), True
    if len(labels) == 1 or any(f".{host}".endswith(f".{name}") for name in PRIVATE_NAMES):
        raise RefusedAddress(
            f"{host!r} is a name inside a private network; give a host of the public internet."
        )
    return host, False


def _to_ascii(text: str) -> str:
    """Undo what a URL parser undoes: escapes, full-width characters, case, the last dot."""
    try:
        host = _dots.sub(".", unquote_to_bytes(text).decode()).lower()
        if not host.isascii() or "xn--" in host:
            host = idna.encode(host, uts46=True).decode()
    except (UnicodeError, ValueError):  # idna's errors are UnicodeErrors
        raise RefusedAddress(f"{text!r:.60} is no name of a host.") from None
    return host.removesuffix(".")


def _read_ipv4(labels: list[str]) -> IPv4Address:
    """Read 1 to 4 numbers, each decimal, octal or hexadecimal; the last fills what is left."""
    try:
        numbers = [_read_number(label) for label in labels]
        *first, last = numbers
        if len(numbers) > 4 or any(n > 255 for n in first) or last >= 256 ** (5 - len(numbers)):
            raise ValueError
    except ValueError:
        raise RefusedAddress(f"{'.'.join(labels)!r:.60} is no IPv4 address.") from None
    return IPv4Address(sum(n << (24 - 8 * place) for place, n in enumerate(first)) + last)


def _read_number(text: str) -> int:
    if not _number.fullmatch(text) or len(text) > 40:
        raise ValueError(text)
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if text.startswith("0") and len(text) > 1 else 10)


def _require_public(address: IPv4Address | IPv6Address, how: str = "") -> str:
    """Return the address as text. Raises RefusedAddress unless it is global unicast."""
    networks = _NETWORKS_4 if isinstance(address, IPv4Address) else _NETWORKS_6
    what = next((what for network, what in networks if address in network), None)
    if what is None and address not in _GLOBAL_6 and isinstance(address, IPv6Address):
        what = "reserved"
    if what is None and not address.is_global:
        what = "not public"  # what a newer Python knows to be special, and this table does not
    if what is not None:
        raise RefusedAddress(
            f"{how}{address} ({what}): only addresses of the public internet are asked."
        )
    return str(address)
