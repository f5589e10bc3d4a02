"""Client of the CryptoIntel API: prices, signals and how right they were.

    from cryptointel import Client

    with Client() as client:  # the key is read from CRYPTOINTEL_API_KEY
        for signal in client.signals(symbol="BTC", limit=5):
            print(signal["created_at"], signal["explanation"])

`AsyncClient` has the same methods to await. Everything that a call raises is a
`CryptoIntelError`. In a browser (Pyodide) both speak as whoever is signed in
at the page's own origin.
"""

from cryptointel.answers import Answer, RateLimit, Rows
from cryptointel.async_client import AsyncClient
from cryptointel.client import Client
from cryptointel.errors import (
    ApiError,
    CryptoIntelError,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotSignedIn,
    PaymentRequired,
    RateLimited,
    ServerError,
    Unreachable,
)
from cryptointel.figures import Figure, plot
from cryptointel.retries import Retries
from cryptointel.tables import to_csv, to_pandas, to_rows
from cryptointel.version import VERSION as __version__  # noqa: N811

__all__ = [
    "Answer",
    "ApiError",
    "AsyncClient",
    "Client",
    "CryptoIntelError",
    "Figure",
    "Forbidden",
    "InvalidRequest",
    "NotFound",
    "NotSignedIn",
    "PaymentRequired",
    "RateLimit",
    "RateLimited",
    "Retries",
    "Rows",
    "ServerError",
    "Unreachable",
    "__version__",
    "plot",
    "to_csv",
    "to_pandas",
    "to_rows",
]
