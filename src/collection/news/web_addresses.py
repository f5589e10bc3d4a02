"""One form for the many addresses of a page, to see that two links lead to the same story."""

import re

_LONGEST = 2048  # characters of an address, what is behind them is cut off
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.\-]*:)?//", re.IGNORECASE)
_PORT = re.compile(r":(?:80|443)?$")
_HOST = re.compile(r"[a-z0-9.\-]+")
# Editions for small screens, at the host or in the path.
_EDITIONS = ("www.", "m.", "amp.", "mobile.")
_AMP = re.compile(r"(?:^/amp(?=/|$))|(?:/amp$)|(?:(?<=.)\.amp(?:\.html?)?$)", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid mc_cid mc_eid _ga "
    "_gl ref ref_src ref_url referrer referer cmp cmpid cid ncid ocid smid sref taid spm amp "
    "outputtype guccounter guce_referrer guce_referrer_sig feature share trk".split()
)


def canonical_url(url: str) -> str:
    """Return `url` in a form for comparison: host, path and query, nothing that only counts clicks.

    Without scheme, default port, account, fragment, editions (www, m, amp), tracking
    parameters and trailing slash; host in lower case and ASCII (IDNA where it can be),
    query sorted. Any text gives some text, and what was given once stays.
    """
    rest = _SCHEME.sub("", "".join(url[:_LONGEST].split())).partition("#")[0]
    rest, _, query = rest.partition("?")
    host, slash, path = rest.partition("/")
    address = _host(host) + _path(slash + path)
    kept = sorted(part for part in query.split("&") if part and not _is_tracking(part))
    return f"{address}?{'&'.join(kept)}" if kept else address


def _host(host: str) -> str:
    host = host.rpartition("@")[2].lower()
    before = ""
    while before != host:
        before = host
        host = _PORT.sub("", host).strip(".")
        for edition in _EDITIONS:
            # "m.com" is a domain, "m.example.com" an edition.
            if host.startswith(edition) and "." in host[len(edition) :]:
                host = host[len(edition) :]
        host = _ascii(host)
    return host


def _ascii(host: str) -> str:
    if host.isascii() or len(host) > 253:
        return host
    try:
        encoded = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host
    # Some characters come out as several, blanks and slashes among them: no host then.
    return encoded if _HOST.fullmatch(encoded) else host


def _path(path: str) -> str:
    if "//" in path:
        path = _SLASHES.sub("/", path)
    path = path.rstrip("/")
    before = ""
    while "amp" in path.lower() and before != path:
        before = path
        path = _AMP.sub("", path).rstrip("/")
    return path


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKING
