"""Faults whose answer does not depend on the request."""

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

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
