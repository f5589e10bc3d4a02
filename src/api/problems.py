"""Every kind of problem the API answers with: its status, what it means, and what to do.

The kind is the end of a problem's `type`, and does not change; the sentences may.
Those of the gateway are listed first, in the order in which it finds them; a test
keeps the table equal to what the code raises.
"""

from typing import NamedTuple

from api.identity.oauth_answers import speaks_oauth
from api.routing import Route


class Kind(NamedTuple):
    """The HTTP status of a kind of problem, and a sentence or two about it."""

    status: int
    meaning: str


PROBLEMS: dict[str, Kind] = {
    "path-too-long": Kind(414, "The address is longer than what is read. Shorten it, or ask for"
        " less at once."),
    "invalid-address": Kind(400, "The address cannot be read. Percent-encode what it holds."),
    "no-such-route": Kind(404, "Nothing is at this path. The detail names those that are most like"
        " it, and /docs lists all."),
    "method-not-allowed": Kind(405, "The path exists, but not with this method; the header Allow"
        " names those that do."),
    "flooding": Kind(429, "Far too many requests come from this address. Wait as long as"
        " Retry-After says."),
    "challenge-needed": Kind(403, "Requests from this address look automated and hostile. Pass the"
        " challenge at `challenge_url`, or send a valid key."),
    "key-missing": Kind(401, "The request has no credential. Send a key as 'Authorization: Bearer"
        " ci_…' or as X-API-Key."),
    "credential-invalid": Kind(401, "The key or token is not valid: mistyped, expired or revoked."
        " Make or ask for a new one."),
    "origin-refused": Kind(403, "The key may not be used from a page of this origin. Add the origin"
        " to the key, or use another key."),
    "address-refused": Kind(403, "The key may not be used from this address. Add the address to the"
        " key, or use another key."),
    "key-needed": Kind(403, "Visitors of the dashboard who are not signed in cannot read this."
        " Sign in, or send a key."),
    "scope-missing": Kind(403, "The key or token was not given the permission that this needs. Use"
        " one that was."),
    "role-missing": Kind(403, "Your role does not have the permission that this needs. Ask an"
        " administrator."),
    "rate-limited": Kind(429, "A limit is used up. The body says which, whose and until when; wait"
        " as long as Retry-After says."),
    "payment-required": Kind(402, "Your plan does not include this answer, or the day's quota is"
        " used up. Pay for it with the request (x402): the header PAYMENT-REQUIRED, and `accepts`"
        " for version 1, say how much and to whom."),
    "payment-unreadable": Kind(400, "The payment header is not base64 of the JSON object that x402"
        " describes. Nothing was taken."),
    "payment-in-progress": Kind(409, "This very payment is being worked for or settled. Send it"
        " again later instead of a new one."),
    "payments-unreachable": Kind(503, "Payments can be neither checked nor taken just now. The"
        " detail says whether money may have been taken."),
    "too-much-to-sell": Kind(413, "The answer is too long to be sold whole. Nothing was taken; ask"
        " for a shorter span."),
    "limits-unknown": Kind(503, "Requests cannot be counted just now, so nothing is changed and"
        " nobody is logged in. Try again shortly."),
    "unknown-parameter": Kind(400, "The route does not know a parameter of the query; the detail"
        " lists those it knows. Fields of a body are not read from the address."),
    "repeated-parameter": Kind(400, "A parameter is given twice. Give it once; lists are separated"
        " by commas."),
    "invalid-parameter": Kind(400, "A parameter has the wrong type, is out of its bounds, or does"
        " not fit the others. The detail names it and says what it may be."),
    "wrong-media-type": Kind(415, "The body is of another media type than the one that is read."
        " Send the header Content-Type that the detail names."),
    "body-too-large": Kind(413, "The body is larger than what is read. Send less at once."),
    "body-too-slow": Kind(408, "The body did not arrive in time. Send the request again."),
    "batch-full": Kind(413, "The answers before this read fill the batch; it was not asked. Send it"
        " in another batch."),
    "not-for-batch": Kind(400, "The answer to this read is no JSON, so it cannot stand in a batch."
        " Ask for it alone."),
    "invalid-body": Kind(400, "The body cannot be read as a JSON object or a form, or is nested too"
        " deeply."),
    "unknown-field": Kind(400, "The body has a field that the route does not know; the detail lists"
        " those it knows."),
    "invalid-field": Kind(400, "A field of the body is missing, has the wrong type or is out of its"
        " bounds. The detail names it and says what it may be."),
    "try-again": Kind(503, "A part of the system did not answer. Try again as Retry-After says."),
    "internal": Kind(500, "Something broke on our side; it has been logged. Tell us the request"
        " id if it goes on."),
    # Of what is collected.
    "unknown-symbol": Kind(404, "Nothing with this symbol or id is collected. /api/v1/market-data"
        " lists what is."),
    "unknown-asset": Kind(404, "No asset with this id is collected."),
    "unknown-entity": Kind(404, "No collected story mentions this name. Assets are named by their"
        " id (bitcoin), others as they are written (Binance)."),
    "unknown-signal": Kind(404, "There is no signal with this id. The lists of signals name them."),
    "unknown-currency": Kind(404, "No rate of this currency was collected lately. Give an ISO 4217"
        " code or the symbol of a collected asset."),
    "unknown-problem": Kind(404, "There is no such kind of problem. /docs lists all of them."),
    "invalid-cursor": Kind(400, "The cursor is none of this list. Hand back meta.next as it was,"
        " with the same filters and order."),
    "contradictory-parameters": Kind(400, "Two parameters do not go together: nothing could be in"
        " between, or one changes nothing beside the other. The detail names both and says what to"
        " change."),
    "no-rate-history": Kind(400, "The past of this currency's rate is not known. Ask for history in"
        " USD or in units of a collected asset."),
    "no-such-report": Kind(404, "No report was made of this day or week. /api/v1/reports lists"
        " those that were."),
    "no-data-in-period": Kind(404, "Nothing was collected in this period. Ask for a later one."),
    # Of what users own.
    "unknown-symbols": Kind(422, "Some of the symbols are of nothing that is collected; the detail"
        " lists them."),
    "watchlist-exists": Kind(409, "You have a watchlist of this name. Choose another name."),
    "watchlist-limit": Kind(409, "You have as many watchlists as one account may. Remove one"
        " first."),
    "watchlist-in-use": Kind(409, "Alert rules need this watchlist. Change the rules first."),
    "no-such-watchlist": Kind(404, "You have no watchlist with this id. GET /api/v1/watchlists"
        " lists yours."),
    "mute-invalid": Kind(422, "This cannot be muted: there is no such type, or the time is over."),
    "mute-limit": Kind(409, "You have muted as much as one account may. Unmute something first."),
    "rule-invalid": Kind(422, "The rule cannot be: the detail says which number or which asset does"
        " not fit the detector."),
    "rule-exists": Kind(409, "You have an alert rule of this name. Choose another name."),
    "rule-limit": Kind(409, "You have as many alert rules as one account may. Remove one first."),
    "no-such-rule": Kind(404, "You have no alert rule with this id. GET /api/v1/alert-rules lists"
        " yours."),
    "ticket-invalid": Kind(401, "The ticket of a live connection is unknown, used or older than"
        " half a minute. Ask for a new one."),
    "too-many-connections": Kind(429, "You have as many live connections as may be: close one."),
    "upgrade-required": Kind(426, "This address is opened as a WebSocket. /live/events is the same"
        " as server-sent events."),
    "unknown-watchlist": Kind(422, "The rule names a watchlist that you do not have."),
    "unknown-webhooks": Kind(422, "The rule names webhooks that are not yours or do not take"
        " alerts."),
    "no-such-webhook": Kind(404, "You have no webhook with this id. GET /api/v1/webhooks lists"
        " yours."),
    "no-such-delivery": Kind(404, "The webhook has no delivery with this id. Old ones are"
        " forgotten."),
    "webhook-limit": Kind(409, "You have as many webhooks as one account may. Remove one first."),
    "webhook-inactive": Kind(409, "The webhook is switched off. Put it with active true first."),
    "webhook-refused-address": Kind(422, "The webhook's address is not called: it is private, not"
        " HTTPS, or the machine itself. Use a public address."),
    "webhooks-not-set-up": Kind(503, "Webhooks are not set up on this system. Ask its operator."),
    "feature-off": Kind(403, "The operator has switched this off, or not on for your account."),
    "push-not-set-up": Kind(503, "Notifications are not set up on this system. Ask its operator."),
    "push-refused-address": Kind(422, "The endpoint is not sent to: it is private, not HTTPS, or"
        " the machine itself. Hand in what the browser's PushManager gave."),
    "push-refused-keys": Kind(422, "One of p256dh and auth is no key of a browser. Hand in what"
        " PushSubscription.toJSON() says."),
    "push-limit": Kind(409, "You have as many devices as one account may. Remove one first."),
    "push-subscription-taken": Kind(409, "Another account has this device. Unsubscribe and"
        " subscribe anew in the browser."),
    "push-subscription-gone": Kind(409, "The push service says that the device is gone, so it was"
        " removed. Subscribe anew in the browser."),
    "no-such-push-subscription": Kind(404, "You have no device with this id. GET /api/v1/push lists"
        " yours."),
    "push-needs-watchlist": Kind(422, "The scope is a watchlist and none is named. Send its"
        " watchlist_id."),
    "unknown-time-zone": Kind(422, "There is no time zone of this name. Send one of the IANA"
        " database, as Europe/Berlin."),
    "already-acknowledged": Kind(409, "This delivery was acknowledged before; nothing is left to"
        " do."),
    "signature-refused": Kind(401, "The signature does not prove that the webhook's owner sent"
        " this. Sign it with the webhook's secret and a current time."),
    "feed-invalid": Kind(422, "The feed cannot be collected as it is described; the detail names"
        " each field that is wrong."),
    "feed-refused-address": Kind(422, "The feed's address is not asked: it is private, not HTTP,"
        " or the machine itself. Use a public address."),
    "feed-exists": Kind(409, "You have a feed of this name. Choose another name."),
    "feed-limit": Kind(409, "You have as many feeds as one account may. Remove one first."),
    "no-such-feed": Kind(404, "You have no feed with this id. GET /api/v1/feeds lists yours."),
    # Of what administrators see and change.
    "no-such-user": Kind(404, "There is no account with this id, or it has no such key."),
    "own-account": Kind(409, "Nobody changes his own role, plan or access. Ask another one."),
    "last-admin": Kind(409, "Without this account there would be no administrator."),
    "no-such-flag": Kind(404, "There is no flag of this name. /api/v1/admin/flags lists all."),
    "flag-limit": Kind(409, "There are as many feature flags as there may be. Remove one first."),
    "no-such-source": Kind(404, "No source of this name has ever been collected."),
    "no-such-tick": Kind(404, "Nothing was collected then. /api/v1/admin/runs lists the ticks."),
    "no-such-alert": Kind(404, "There is no such alert now; it may be over."),
    # Of accounts, keys and apps.
    "email-invalid": Kind(422, "This is no e-mail address."),
    "wrong-credentials": Kind(401, "E-mail address and password do not match."),
    "second-factor-needed": Kind(403, "The account asks for a code, too: use the dashboard."),
    "password-common": Kind(422, "The password is among the first that are tried, or says the"
        " account's own name. Choose another one."),
    "step-up-required": Kind(403, "This needs a session whose person has proved to be there within"
        " the last ten minutes. Sign in anew, or let the dashboard ask for the proof."),
    "wrong-password": Kind(403, "This is not the password of the account."),
    "no-such-account": Kind(404, "The account is no longer there."),
    "accounts-unavailable": Kind(503, "Accounts cannot be used at the moment. Use an API key."),
    "refresh-invalid": Kind(401, "The refresh token is unknown, used or expired. Sign in again."),
    "tokens-unavailable": Kind(503, "No tokens are issued at the moment. Use an API key."),
    "key-limit": Kind(409, "You have as many keys as one account may. Revoke one first."),
    "key-limited": Kind(403, "A key that is limited to places, a time or a rate can make nothing"
        " that is not. Sign in instead."),
    "key-replaced": Kind(409, "The key was rotated already. Rotate the newer one."),
    "no-such-key": Kind(404, "You have no key with this id. GET /api/v1/keys lists yours."),
    "place-invalid": Kind(422, "A place is no origin, or no address or network. The detail names it"
        " and says how one is written."),
    "scope-unknown": Kind(422, "Your role does not have one of these permissions; nobody can give"
        " what he does not have. The detail lists those it has."),
    "scope-not-held": Kind(403, "The credential cannot give permissions that it does not have."),
    "scope-not-for-apps": Kind(422, "No app may have one of these permissions. The detail lists"
        " those that one may have."),
    "app-limit": Kind(409, "You have as many apps as one account may. Remove one first."),
    "app-public": Kind(409, "The app is public; it has no secret."),
    "no-such-app": Kind(404, "You have no app of this client_id. GET /api/v1/oauth/clients lists"
        " yours."),
    "no-such-grant": Kind(404, "You allowed nothing to an app of this client_id."),
    "redirect-invalid": Kind(422, "A redirect URI must be https, or http to the machine itself,"
        " without user and fragment."),
    "client-unknown": Kind(400, "There is no app of this client_id. Do not follow the link that led"
        " here."),
    "redirect-refused": Kind(400, "The redirect_uri is none of those that the app registered. Do"
        " not follow the link that led here."),
    "session-needed": Kind(403, "Consent is given by a person who is signed in at the dashboard."),
    "challenge-failed": Kind(400, "The challenge was not passed. Solve another one."),
    "challenge-spent": Kind(400, "The token of the challenge was used already or is too old. Solve"
        " another one."),
    "challenge-unavailable": Kind(503, "The challenge cannot be verified just now. Try again"
        " shortly."),
}  # fmt: skip

_ALWAYS = ("path-too-long", "invalid-address", "unknown-parameter", "flooding", "rate-limited",
           "origin-refused", "address-refused", "try-again", "internal")  # fmt: skip
_KEYED = ("challenge-needed", "key-missing", "credential-invalid", "scope-missing", "role-missing")
_SOLD = (
    "payment-required", "payment-unreadable", "payment-in-progress", "payments-unreachable",
    "too-much-to-sell",
)  # fmt: skip
_BODY = ("wrong-media-type", "body-too-large", "body-too-slow", "invalid-body")


def kinds_of(route: Route) -> tuple[str, ...]:
    """Return every kind that a request of `route` can be answered with, in the table's order."""
    found = {*_ALWAYS, *route.problems}
    fields = route.request.__struct_fields__
    if route.permission != "public":
        found.update(_KEYED)
        if route.method == "GET":  # after the day's quota, each can be bought
            found.update(_SOLD)
    if route.cost in ("write", "login"):
        found.add("limits-unknown")
    if route.has_body:
        found.update(_BODY)
    if route.has_body and route.body != "form":
        found.update(("unknown-field", "invalid-field"))
        if speaks_oauth(route):
            found.remove("unknown-field")
    elif fields:
        found.add("invalid-parameter")
        if any(f"{{{name}}}" not in route.path for name in fields):
            found.add("repeated-parameter")
    return tuple(kind for kind in PROBLEMS if kind in found)
