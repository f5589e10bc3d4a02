"""One request about sessions: what is read of it, and what it may use of the runtime."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import msgspec

from common.database import Database
from common.errors import Problem
from dashboard import keys, sealed, web

if TYPE_CHECKING:
    from dashboard.sessions import Session

LONGEST_BODY = 16_384
STEP_SECONDS = 300


class Reply(NamedTuple):
    """What a provider of sign-ins answered."""

    status: int
    body: bytes


class Tools(Protocol):
    """What needs the runtime."""

    async def derive(self, password: bytes, salt: bytes, iterations: int) -> bytes:
        """Return PBKDF2-HMAC-SHA256, 32 bytes."""

    async def verify_es256(self, jwk: str, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (raw r‖s) is by the key of a public JWK (JSON)."""

    async def verify_rs256(self, jwk: str, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (PKCS #1 v1.5, SHA-256) is by the key of a public JWK (JSON)."""

    async def ask(self, method: str, url: str, headers: dict[str, str], body: str) -> Reply:
        """Ask a provider of sign-ins. Raises Retryable when it does not answer."""

    async def note_session(self, user_id: str, note: str) -> None:
        """Keep KV's late view of a user's session; "" ends it."""


class Visit:
    """A request, who is signed in, and the cookies that its answer sets.

    `session` is set by the desk before any handler runs. `read_body` gives the
    body, at most LONGEST_BODY bytes.
    """

    def __init__(
        self, method: str, url: str, header: Callable[[str], str | None],
        read_body: Callable[[], Awaitable[bytes]], database: Database,
        now: float, setting: keys.Setting, tools: Tools,
    ) -> None:  # fmt: skip
        self.method, self.url, self.header = method, url, header
        self.database, self.now, self.setting, self.tools = database, now, setting, tools
        self.session: Session | None = None
        self.cookies: list[str] = []
        self._read_body = read_body

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.url).path

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        return urlsplit(self.url).query

    @property
    def address(self) -> str:
        """Where the request comes from."""
        return self.header("cf-connecting-ip") or "local"

    @property
    def signed_in(self) -> "Session":
        """Return the session of who asks. Raises Problem 401 when nobody is signed in."""
        if self.session is None:
            raise Problem(401, "signed-out", "You are not signed in, or no longer. Sign in first.")
        return self.session

    async def read(self, shape: type[Any]) -> Any:
        """Return the body as `shape`. Raises Problem 400."""
        try:
            return msgspec.json.decode(await self._read_body(), type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Problem(400, "invalid-body", f"The body cannot be read: {error}.") from None

    def cookie(self, cookie: web.Cookie) -> str | None:
        """Return one of our cookies."""
        return web.read_cookie(self.url, self.header("cookie"), cookie)

    def set_cookie(self, cookie: web.Cookie, value: str, seconds: int) -> None:
        """Set one of our cookies; "" ends it."""
        self.cookies.append(web.set_cookie(self.url, value, seconds, cookie))

    def keep(self, kind: sealed.Kind, content: msgspec.Struct, seconds: int = STEP_SECONDS) -> None:
        """Have the browser keep `content` for a while."""
        key = keys.derived(self.setting, "sealed")
        self.set_cookie(kind, sealed.seal(key, kind, content, int(self.now) + seconds), seconds)

    def kept(self, kind: sealed.Kind) -> sealed.Seal | None:
        """Return what the browser kept, None when there is nothing good."""
        key = keys.derived(self.setting, "sealed")
        return sealed.unseal(key, kind, self.cookie(kind), self.now)

    async def take(self, kind: sealed.Kind, shape: type[Any]) -> Any:
        """Return what the browser kept, this once. Raises Problem 403 when there is nothing good.

        The cookie ends with it.
        """
        found = self.kept(kind)
        self.set_cookie(kind, "", 0)
        if found is None or not await sealed.take(found, self.now, self.database):
            raise Problem(403, "step-expired", "That took too long, or was done already. Start"
                          " again.")  # fmt: skip
        return sealed.content(found, shape)
