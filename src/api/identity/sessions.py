"""Who is signed in at the dashboard, as its Worker tells over the service binding."""

import msgspec

from api.permissions import Role
from api.principal import Principal


class Session(msgspec.Struct, forbid_unknown_fields=True):
    """What the dashboard Worker says of who is signed in; it has asked the database just now.

    `proved_at`: when the person last proved to be there, epoch seconds.
    """

    user_id: str
    role: Role
    plan: str
    session_id: str = ""
    proved_at: int = 0


def from_session(header: str) -> Principal | None:
    """Return who is signed in, None when nobody is or the text is no Session.

    Only for requests over the binding: from the internet anybody could send it.
    """
    try:
        session = msgspec.json.decode(header, type=Session)
    except (msgspec.DecodeError, UnicodeError):
        return None
    if not session.user_id:
        return None
    return Principal(
        session.user_id, session.role, session.plan, "session", session_id=session.session_id,
        proved_at=session.proved_at,
    )  # fmt: skip
