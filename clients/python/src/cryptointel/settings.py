"""Where the API is and who asks, where a caller does not say."""

import os

from cryptointel.requests import Site
from cryptointel.transport import IN_BROWSER

PRODUCTION = "https://api.cryptointel.example"


def own_site(api_key: str | None, base_url: str | None, timeout: float) -> Site:
    """Return the site for what was given, else for the environment's, else for the page's.

    Raises ValueError for an address that is none, and for a key that would go
    unencrypted over a network.
    """
    key = api_key or os.environ.get("CRYPTOINTEL_API_KEY") or None
    return Site(base_url or os.environ.get("CRYPTOINTEL_URL") or _own_address(), key, timeout)


def _own_address() -> str:
    if not IN_BROWSER:
        return PRODUCTION
    from cryptointel.browser import own_origin

    return own_origin()
