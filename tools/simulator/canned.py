"""Faults whose answer does not depend on the request."""

import time

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from tools.simulator.instants import http_date

_HOUR = 3600
_CDN_PAGE = """<!DOCTYPE html>
<html><head><title>503 Service Temporarily Unavailable</title></head>
<body><center><h1>503 Service Temporarily Unavailable</h1></center>
<hr><center>cloudflare</center></body></html>
"""


def canned_response(fault: str) -> Response | None:
    """The response of a fault that replaces the answer; None for the other faults."""
    match fault:
        case "429":
            return _too_many({})
        case "429_retry_after":
            return _too_many({"Retry-After": "2"})
        case "429_hour":
            return _too_many({"Retry-After": str(_HOUR)})
        case "429_date":
            # Of the real clock: a client waits by its own, whatever is simulated.
            return _too_many({"Retry-After": http_date(int(time.time()) + _HOUR)})
        case "500":
            return PlainTextResponse("Internal Server Error\n", 500)
        case "html_error":
            return HTMLResponse(_CDN_PAGE, 503)
        case "not_json":
            return PlainTextResponse("Throttled, come back later\n")
    return None


def _too_many(headers: dict[str, str]) -> Response:
    message = "You've exceeded the Rate Limit. Please visit the pricing page to upgrade your plan."
    body = {"status": {"error_code": 429, "error_message": message}}
    return JSONResponse(body, 429, headers=headers)
