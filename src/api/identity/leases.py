"""What the gateway asks: who presents this credential?

One that was checked stays checked for LEASE_SECONDS in this isolate, so the
usual request asks nobody; a revoked one is refused at the latest then, and at
once where it was revoked.
"""

from api.identity import access, api_keys, jwt
from api.identity.grant import Grant, challenge, check_place, refused
from api.principal import Context
from common.database import Statement, bulk
from common.errors import Problem

__all__ = ["Grant", "Identities", "check_place"]

LEASE_SECONDS = 5
MOST_LEASES = 10_000
USED_SECONDS = 60
LONGEST = jwt.LONGEST + 16  # what is leased is kept whole, and there may be many


class Identities:
    """Checks credentials and remembers the good ones for a short while. One per isolate."""

    def __init__(self) -> None:
        self._leases: dict[str, Grant] = {}
        self._used: dict[str, float] = {}
        self._written: dict[str, float] = {}

    def known(self, presented: str, now: float) -> Grant | None:
        """Return the grant of a credential that was checked lately, None for any other."""
        grant = self._leases.get(presented)
        return grant if grant is not None and grant.expires > now else None

    async def check(self, presented: str | None, context: Context) -> Grant:
        """Return the grant of `presented`, the text of Authorization ("Bearer …") or X-API-Key.

        Raises Problem 401, with the same words for everything that may be wrong.
        """
        credential = (presented or "").strip()
        if credential[:6].lower() == "bearer" and credential[6:7] in ("", " "):
            credential = credential[6:].strip()
        if presented is None or not credential:
            raise Problem(
                401, "key-missing",
                "Send an API key or an access token in the header 'Authorization: Bearer <key>',"
                " or a key in 'X-API-Key'.",
                challenge(context.setting),
            )  # fmt: skip
        if len(presented) > LONGEST:
            raise refused(context.setting)
        if credential.startswith("ci_"):
            grant = await api_keys.check(credential, context)
        elif credential.count(".") == 2:
            grant = await access.check(credential, context)
        else:
            raise refused(context.setting)
        grant = grant._replace(expires=min(grant.expires, context.now + LEASE_SECONDS))
        if len(self._leases) >= MOST_LEASES:
            self._leases.clear()
        self._leases[presented] = grant
        return grant

    def forget(self, user_id: str = "", credential: str = "") -> None:
        """Drop the leases of a user, or of one key, app or family of tokens, at once."""
        gone = [
            presented
            for presented, grant in self._leases.items()
            if (user_id and grant.principal.user_id == user_id)
            or (credential and credential in (grant.principal.credential, grant.family))
        ]
        for presented in gone:
            del self._leases[presented]

    def forget_tokens(self) -> None:
        """Drop the leases of all access tokens: one of them was ended, and each asks once more."""
        self._leases = {one: grant for one, grant in self._leases.items() if not grant.family}

    def note_used(self, grant: Grant, now: float) -> None:
        """Remember that an API key was used; `used` says when that must be written."""
        if grant.principal.kind == "key":
            self._used[grant.principal.credential] = now

    def used(self, now: float) -> list[Statement]:
        """Return the statements that write when keys were last used, each at most once a minute.

        What they write is forgotten here: should they fail, the next use says it again.
        """
        due = {
            key: at for key, at in self._used.items()
            if now - self._written.get(key, 0.0) >= USED_SECONDS
        }  # fmt: skip
        for key in due:
            del self._used[key]
        if len(self._written) >= MOST_LEASES:
            self._written.clear()
        self._written |= dict.fromkeys(due, now)
        return bulk(api_keys.NOTE_USED, [(key, int(at)) for key, at in due.items()])
