"""DNS over HTTPS in JSON, as cloudflare-dns.com speaks it, for the hosts that are simulated.

Publishers' names lead to a public address; a few names under `.example` lead where no fetch
may go. Those serve a document too, so that `GET /requests` betrays a guard that let one through.
https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/
"""

import re
from typing import Any

from tools.simulator.provider import Answer, Provider, Request, json_answer
from tools.simulator.providers import discover

_MEDIA_TYPE = "application/dns-json"
_TYPES = {"A": 1, "CNAME": 5, "AAAA": 28}
_PUBLIC: dict[str, tuple[str, ...]] = {
    "A": ("93.184.216.34",),
    "AAAA": ("2606:2800:220:1:248:1893:25c8:1946",),
}
_TTL = 60
_NXDOMAIN = 3

# What a name under .example resolves to, by type.
SPECIAL: dict[str, dict[str, tuple[str, ...]]] = {
    "internal.example": {"A": ("10.0.0.5",)},
    "rebind.example": {"A": ("93.184.216.34", "127.0.0.1")},
    "metadata.example": {"A": ("169.254.169.254",)},
    "six.example": {"AAAA": ("fd00::1",)},
    "mapped.example": {"AAAA": ("::ffff:10.0.0.1",)},
}


def query(request: Request, _: re.Match[str]) -> Answer:
    """`/dns-query`: `name`, and `type` as a word or a number (default A)."""
    if _MEDIA_TYPE not in request.params.get("ct", request.headers.get("accept", "")):
        return _refuse(request, f"send Accept: {_MEDIA_TYPE}")
    name = request.params.get("name", "").rstrip(".").lower()
    asked = request.params.get("type", "A").upper()
    kind = next((word for word, code in _TYPES.items() if asked in (word, str(code))), None)
    if not name or kind is None:
        return _refuse(request, "name is required, type must be A, AAAA or CNAME")
    records = SPECIAL.get(name) or (_PUBLIC if name in discover() else None)
    answer: dict[str, Any] = {
        "Status": 0 if records is not None else _NXDOMAIN,
        "TC": False,
        "RD": True,
        "RA": True,
        "AD": False,
        "CD": False,
        "Question": [{"name": name, "type": _TYPES[kind]}],
    }
    rows = _rows(name, kind, records or {})
    if rows:  # where there is none the member is missing, not empty
        answer["Answer"] = rows
    return Answer(json_answer(answer, request.now).body, request.now, _MEDIA_TYPE)


def _rows(name: str, kind: str, records: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """The addresses; a name under www comes with the alias that leads to them."""
    rows: list[dict[str, Any]] = []
    if name.startswith("www.") and records:
        alias = f"{name}.cdn.example."
        rows.append({"name": name, "type": _TYPES["CNAME"], "TTL": _TTL, "data": alias})
        name = alias.rstrip(".")
    addresses = records.get(kind, ())
    return rows + [
        {"name": name, "type": _TYPES[kind], "TTL": _TTL, "data": address} for address in addresses
    ]


def private_document(request: Request, _: re.Match[str]) -> Answer:
    """What lies where nobody from outside may read."""
    return json_answer({"secret": "this must never be fetched"}, request.now)


def _refuse(request: Request, reason: str) -> Answer:
    return json_answer({"error": reason}, request.now, 400)


PROVIDERS = (
    Provider("cloudflare-dns.com", (("/dns-query", query),)),
    *(Provider(host, ((".*", private_document),)) for host in SPECIAL),
)
