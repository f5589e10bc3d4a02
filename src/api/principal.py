"""Who asks, and what a request may use of the runtime."""

from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple, Protocol

from common.database import Database

Kind = Literal["guest", "key", "token", "session", "app"]


class Principal(NamedTuple):
    """Who asks: a user, by which kind of credential, and what that may be used for.

    `scopes` are permissions that the credential is limited to, None for all
    of the role's. `credential` is the id of the key or app ("" for a session).
    `per_minute` is the key's own limit on reads, None for the plan's.
    `session_id` names the dashboard's session, and `proved_at` is when the person
    last proved to be there (epoch seconds); None for all that is no session.
    """

    user_id: str
    role: str
    plan: str = "free"
    kind: Kind = "key"
    scopes: frozenset[str] | None = None
    credential: str = ""
    per_minute: int | None = None
    session_id: str = ""
    proved_at: int | None = None


GUEST = Principal("guest", "guest", "guest", "guest")  # a visitor of the dashboard


class Request(Protocol):
    """What is read of a request."""

    @property
    def method(self) -> str: ...  # noqa: D102
    @property
    def url(self) -> str: ...  # noqa: D102
    def header(self, name: str) -> str | None:
        """Return one header, None when it is absent."""


class Load(NamedTuple):
    """What this isolate answered: requests, of them with status 5xx, mean milliseconds."""

    requests: int
    errors: int
    milliseconds: float


class Outside(Protocol):
    """What requests use of the runtime besides the database.

    Every call but `later` may raise Retryable when the part does not answer.
    """

    def later(self, work: Awaitable[object]) -> None:
        """Finish `work` after the answer was sent."""

    async def body(self, most_bytes: int) -> bytes | None:
        """Return the request's body, None when it is larger than that.

        Raises Problem 408 for one that does not arrive.
        """

    async def preview(self, spec: str) -> str:
        """Have the collection Worker try a FeedSpec; both are JSON."""

    async def preview_rule(self, rule: str) -> str:
        """Have the signals Worker try a rule; both are JSON."""

    async def declared_sources(self) -> str:
        """Have the collection Worker say what it knows of each source, as JSON."""

    async def replay(self, tick: int) -> str:
        """Have the collection Worker do a tick again from its raw bodies; the answer is JSON."""

    async def deliver(self) -> None:
        """Have the signals Worker send the webhook deliveries that are due."""

    async def hub_status(self) -> None:
        """Ask the hub how it is."""

    async def connections(self) -> int:
        """Ask the hub how many open pages and programs hang on it."""

    def load(self) -> "Load":
        """Return what this isolate answered so far."""

    async def open_live(self, shard: str, opening: str, upgrade: bool) -> None:
        """Open a live connection at a shard of the hub (signals.live.asked.Opening, as JSON).

        It takes the place of the answer. Raises Problem where it is refused.
        """

    async def keep_ticket(self, shard: str, ticket: str) -> None:
        """Have a shard keep a ticket (signals.live.asked.Ticket, as JSON)."""

    async def limiter(self, subject: str, request: str) -> str:
        """Ask the arbiter of `subject`'s limits; both are JSON (api.limits.protocol)."""

    async def flooding(self, address: str) -> bool:
        """Whether the platform's own limiter says that `address` sends a flood."""

    async def kv_get(self, key: str) -> str | None:
        """Return what KV holds, at most a minute late."""

    async def kv_put(self, key: str, value: str, seconds: int) -> None:
        """Store in KV for `seconds` (at least 60)."""

    async def edge_get(self, key: str) -> str | None:
        """Return what the data centre's cache holds under `key`."""

    async def edge_put(self, key: str, value: str, seconds: int) -> None:
        """Keep in the data centre's cache for `seconds`."""

    async def facilitator(self, facilitator: str, path: str, body: str) -> bytes:
        """POST JSON to the payment facilitator at that address; return the answer's body."""

    async def verify_challenge(self, form: dict[str, str]) -> bytes:
        """POST a form to Turnstile's siteverify; return the answer's body."""

    def knows_zone(self, zone: str) -> bool:
        """Whether the runtime knows a time zone of that name."""

    async def derive(self, password: bytes, salt: bytes, iterations: int) -> bytes:
        """Return PBKDF2-HMAC-SHA256, 32 bytes."""

    async def sign_es256(self, jwk: str, message: bytes) -> bytes:
        """Return the raw r‖s signature (64 bytes) by a private JWK (JSON)."""

    async def verify_es256(self, jwk: str, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (raw r‖s) is by the key of a public JWK (JSON)."""


class Context(NamedTuple):
    """What a request may use.

    The database and the settings (by name, with a default) are asked for only
    when they are needed: both cross into JavaScript, and the usual request
    needs neither. `address` is the caller's, likewise.
    """

    open_database: Callable[[], Database]
    setting: Callable[[str, str], str]
    now: float
    outside: Outside
    address: Callable[[], str] = lambda: "unknown"
    request_id: str = ""  # what the answer and the log call this request
