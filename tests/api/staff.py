"""An office of administrators: who is there, and what they ask."""

from typing import Any

import msgspec

from api.principal import Principal
from api.routes import ROUTES
from api.routing import Router
from common.envelope import Answer
from tests.api.calling import NOW, Caller, body, insert, seeded
from tests.support.sqlite import SqliteDatabase

EVE = Principal("eve", "admin", "enterprise", "session", proved_at=int(NOW) - 60)
ZOE = Principal("zoe", "admin", "enterprise", "session", proved_at=int(NOW) - 60)


class Office:
    """A system with two administrators, Eve and Zoe, and the user u1 of the seeded one."""

    def __init__(self) -> None:
        self.database: SqliteDatabase = seeded()
        for name in ("eve", "zoe"):
            insert(
                self.database, "users", user_id=name, email=f"{name}@example.com", role="admin",
                plan="enterprise", created_at=1,
            )  # fmt: skip
        self.call = Caller(self.database)

    def ask(
        self, method: str, path: str, fields: Any = None, who: Principal = EVE,
        **headers: str,
    ) -> Answer:  # fmt: skip
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = b""
        if fields is not None:
            sent, named["content-type"] = msgspec.json.encode(fields), "application/json"
        return self.call(path, method, key=None, principal=who, headers=named, sent=sent)

    def data(self, method: str, path: str, fields: Any = None, who: Principal = EVE) -> Any:
        """Return the data of a good answer, which is of the type that its route declares."""
        answer = self.ask(method, path, fields, who)
        assert answer.status < 300, answer.body
        told = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
        route, _ = Router(ROUTES).find(path.partition("?")[0], method)
        msgspec.json.decode(told, type=route.answers, strict=True)
        return msgspec.json.decode(told)

    def told(self, answer: Answer) -> Any:
        """Return a whole answer, `data` and `meta`."""
        return msgspec.json.decode(body(answer))

    def refused(
        self, method: str, path: str, fields: Any = None, who: Principal = EVE
    ) -> tuple[int, str]:
        """Return status and kind of a refusal."""
        answer = self.ask(method, path, fields, who)
        told = msgspec.json.decode(body(answer))
        return answer.status, told["type"].rpartition("/")[2]

    def entries(self) -> list[tuple[Any, ...]]:
        """Return the audit log: who, what, of which subject, before and after."""
        return self.database.rows(
            "SELECT actor, action, subject, before, after FROM audit_log ORDER BY entry_no"
        )

    def one(self, sql: str) -> Any:
        """Return the one value of a statement."""
        return self.database.rows(sql)[0][0]
