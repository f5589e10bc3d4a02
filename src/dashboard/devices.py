"""What is said of a browser in the list of sessions: its name and system, and no more."""

import re

# The first that matches: each of them also says the names of others further down.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"), ("curl", "curl"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_country = re.compile(r"[A-Z][A-Z0-9]")


def describe(user_agent: str | None) -> str:
    """Return "Firefox on Windows", as well as a User-Agent header tells."""
    said = user_agent or ""
    browser = next((name for sign, name in _BROWSERS if sign in said), "A program")
    system = next((name for sign, name in _SYSTEMS if sign in said), "")
    return f"{browser} on {system}" if system else browser


def country(header: str | None) -> str | None:
    """Return the two letters of a country as Cloudflare tells it, None when it does not."""
    found = (header or "").upper()
    return found if _country.fullmatch(found) and found not in ("XX", "T1") else None
