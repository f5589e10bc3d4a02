"""The sessions of a user: where they are signed in, and how to end that."""

from common.database import Statement
from common.errors import Problem
from dashboard import sessions
from dashboard.visit import Visit


async def listed(visit: Visit, _: str) -> str:
    """Return the user's sessions, this one first."""
    session = visit.signed_in
    values = (
        session.user.user_id, session.session_id, int(visit.now), sessions.IDLE_SECONDS,
    )  # fmt: skip
    return await visit.database.text(Statement(sessions.LIST, values)) or "[]"


async def end(visit: Visit, session_id: str) -> str:
    """End one session of the user's. Raises Problem 404."""
    values = (session_id, visit.signed_in.user.user_id)
    if not await visit.database.batch([Statement(sessions.DELETE_OF_USER, values)]):
        raise Problem(404, "no-such-session", "You have no such session, or it has ended.")
    if session_id == visit.signed_in.session_id:
        visit.set_cookie("session", "", 0)
    return '{"ended":true}'


async def end_others(visit: Visit, _: str) -> str:
    """End all sessions of the user but this one."""
    session = visit.signed_in
    values = (session.user.user_id, session.session_id)
    await visit.database.batch([Statement(sessions.DELETE_OTHERS, values)])
    return '{"ended":true}'
