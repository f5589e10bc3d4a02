"""Making an answer: the request is read, the handler asked, the answer wrapped and kept."""

from functools import cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlencode, urlsplit

import msgspec

from api import cache as caches
from api.cache import Answers
from api.freshness import Freshness, Versioned
from api.kept import Copy, Kept, etag_of
from api.principal import Context, Outside, Principal, Request
from api.reading import read_body, read_form, read_request
from api.routing import Ask, Reads, Route
from common.database import Database
from common.envelope import JSON, Answer, describe
from common.errors import Problem
from common.log import Logger

LONGEST_URL = 8_192
MOST_BODY = 65_536  # bytes
# No new data for so long: collection, or every provider, is unwell.
LATE_SECONDS = 2 * 900 + 120
MEDIA_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


class Inner:
    """A request within another: the same caller, an address, body and payment of its own."""

    def __init__(
        self, outer: Request, target: str, method: str, sent: bytes, payment: str | None
    ) -> None:
        self.url = target
        self.method = method
        self.sent = sent
        self._outer = outer
        self._own = {
            "content-type": "application/json", "if-none-match": None,
            "payment-signature": payment, "x-payment": None,
        }  # fmt: skip

    def header(self, name: str) -> str | None:
        """Return one header, None when it is absent."""
        return self._own[name] if name in self._own else self._outer.header(name)


class Call(NamedTuple):
    """A request whose route is known and whose caller may ask for it."""

    request: Request
    route: Route
    names: dict[str, str]
    query: str
    principal: Principal
    context: Context
    ask: Ask
    origins: frozenset[str] | None = None


def split(target: str) -> SplitResult:
    """Return the parts of path and query. Raises Problem 400 or 414."""
    if len(target) > LONGEST_URL:
        raise Problem(
            414, "path-too-long",
            f"The address has {len(target)} characters; at most {LONGEST_URL} are read.",
        )  # fmt: skip
    try:
        return urlsplit("//x" + target)
    except ValueError:
        raise Problem(400, "invalid-address", "The address cannot be read.") from None


def path_of(url: str) -> str:
    """Return the path of an absolute address as it was written."""
    return url[url.find("/", 8) :].partition("?")[0]


class Maker:
    """Makes what is not kept. One per isolate."""

    def __init__(self, answers: Answers, freshness: Freshness, log: Logger) -> None:
        self._answers = answers
        self._freshness = freshness
        self._log = log

    async def shared(self, call: Call, as_written: str) -> Answer:
        """Answer a read that is the same for everybody who may read it."""
        wanted = read_request(call.route, call.names, call.query)
        target = _canonical(call, wanted)
        now = call.context.now
        try:
            kept = await self._answers.once(target, lambda: self._look(call, target, wanted), now)
        except _Whole as whole:
            return whole.answer
        except Problem as problem:
            if problem.status < 500:
                raise
            return self._stale(target, call, problem)
        except Exception as error:  # noqa: BLE001 - an older answer is better than none
            return self._stale(target, call, error)
        if as_written != target:
            self._answers.also_at(as_written, kept)
        return self.give(kept, now)

    def again(self, kept: Kept, now: float, outside: Outside) -> Answer:
        """Return a kept answer that is asked for again, and is so worth a copy outside.

        What is asked for once would cost a write in KV and spare nobody a read.
        """
        if kept.unshared is not None:
            outside.later(caches.store_copy(kept.unshared, kept.copy, outside))
            kept.unshared = None
        return self.give(kept, now)

    def give(self, kept: Kept, now: float) -> Answer:
        """Return a kept answer as it is now."""
        if 0 < LATE_SECONDS < now - self._freshness.changed_at:
            reason = "no new data has been stored since"
            body = kept.stale_body(now, self._freshness.changed_at, reason)
        else:
            body = kept.body(now)
        return Answer(200, dict(kept.headers), body)

    async def own(self, call: Call) -> Answer:
        """Answer what is the caller's alone, or changes something, or brings a body."""
        route = call.route
        if route.has_body:
            if call.query:
                raise Problem(400, "unknown-parameter", "Give the fields in the body, not here.")
            body = await _body(call)
            read = route.reader or (read_form if route.body == "form" else read_body)
            wanted = read(route, call.names, body)
        else:
            wanted = read_request(route, call.names, call.query)
        result = await route.handler(wanted, self._reads(call, call.context.open_database()))
        if isinstance(result, Answer):
            return _whole(result)
        meta = describe(call.context.now, {"origin": _origin(call), **result.meta})
        headers = {"content-type": JSON, "cache-control": "no-store"}
        if route.method == "GET":
            headers |= {"cache-control": "private, no-cache", "etag": etag_of(result.data)}
        body_text = f'{{"data":{result.data},"meta":{{{meta}}}}}'
        return Answer(result.status, headers, body_text)

    async def _look(self, call: Call, target: str, wanted: msgspec.Struct) -> Kept:
        """Look near the reader, then ask the handler."""
        now, outside = call.context.now, call.context.outside
        copy = unshared = None
        if self._freshness.known(now):
            place = caches.place_of(call.route, target, call.names, self._freshness.version)
            copy = await caches.fetch_copy(place, self._freshness, now, outside)
        if copy is None:
            database = Versioned(call.context.open_database(), self._freshness, now)
            result = await call.route.handler(wanted, self._reads(call, database))
            if isinstance(result, Answer):
                raise _Whole(_whole(result))
            meta = describe(now, {"origin": _origin(call), **result.meta})
            version = database.version if database.version is not None else -1
            copy = Copy(version, now, result.data, meta)
            if database.version is not None:
                unshared = caches.place_of(call.route, target, call.names, version)
        headers = {
            "content-type": JSON,
            "cache-control": f"private, max-age={call.route.cache.max_age}",
            "vary": "authorization, x-api-key, origin",
        }
        return Kept(call.route, copy, headers, call.route.is_priced(wanted, now), unshared)

    def _reads(self, call: Call, database: Database) -> Reads:
        context = call.context
        return Reads(
            database, context.now, _origin(call), call.principal, context.outside,
            context.setting, context.address(), call.request.header, call.origins, call.ask,
            context.request_id,
        )  # fmt: skip

    def _stale(self, target: str, call: Call, error: Exception) -> Answer:
        """Return the last answer, marked as old. Raises `error` when there is none."""
        kept = self._answers.old(target, call.context.now)
        if kept is None:
            raise error
        self._log("warning", "answered with what is old", path=call.route.path, error=str(error))
        reason = "the data store did not answer"
        body = kept.stale_body(call.context.now, kept.copy.made_at, reason)
        return Answer(200, {**kept.headers, "cache-control": "no-store"}, body)


class _Whole(Exception):
    """A handler gave a whole answer, which is not kept here."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _whole(answer: Answer) -> Answer:
    answer.headers.setdefault("cache-control", "no-store")
    if isinstance(answer.body, str) and answer.status == 200:
        answer.headers.setdefault("etag", etag_of(answer.body))
    return answer


def _origin(call: Call) -> str:
    return call.context.setting("DATA_ORIGIN", "live")


def _canonical(call: Call, wanted: msgspec.Struct) -> str:
    """Return one text for all ways to write the same request."""
    fields = msgspec.to_builtins(wanted, str_keys=True)
    query = {
        name: fields[name]
        for name, default in _defaults(type(wanted))
        if name not in call.names and getattr(wanted, name) != default
    }
    path = call.route.path.format(**{k: _quoted(fields[k]) for k in call.names})
    return f"{path}?{urlencode(query)}" if query else path


@cache
def _defaults(request: type[msgspec.Struct]) -> list[tuple[str, object]]:
    """Return each parameter with its default, by name: msgspec finds them anew at every call."""
    return sorted(
        ((field.name, field.default) for field in msgspec.structs.fields(request)),
        key=lambda named: named[0],
    )


def _quoted(value: object) -> str:
    return urlencode({"": str(value)})[1:]


async def _body(call: Call) -> bytes:
    wanted = MEDIA_TYPES[call.route.body or "json"]
    given = (call.request.header("content-type") or "").partition(";")[0].strip().lower()
    if given != wanted and (given or call.route.body is not None):
        raise Problem(
            415, "wrong-media-type", f"Send this with the header 'Content-Type: {wanted}'."
        )  # fmt: skip
    if isinstance(call.request, Inner):
        body: bytes | None = call.request.sent
    else:
        body = await call.context.outside.body(MOST_BODY)
    if body is None or len(body) > MOST_BODY:
        raise Problem(413, "body-too-large", f"The body is over {MOST_BODY:,} bytes.")
    if body and not given:
        raise Problem(
            415, "wrong-media-type", f"Send this with the header 'Content-Type: {wanted}'."
        )  # fmt: skip
    return body
