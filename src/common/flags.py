"""Feature flags: whether one is on for somebody, the same at every request and in every Worker.

D1 has the flags; KV has a copy of each under `config:<flag>`, at most a minute late.
"""

import hashlib

import msgspec

PARTS = 10_000  # a share is told apart to the hundredth of a percent


class Flag(msgspec.Struct, frozen=True):
    """One flag: off for everybody unless `enabled`; then on for `users` (ids), whatever else is
    said, and for `rollout_percent` of the users of `roles` (None: of all)."""

    enabled: bool
    rollout_percent: int
    roles: frozenset[str] | None = None
    users: frozenset[str] = frozenset()


def key(flag: str) -> str:
    """Return the key of a flag's copy in KV."""
    return f"config:{flag}"


def is_on(name: str, flag: Flag, user_id: str, role: str) -> bool:
    """Whether flag `name` is on for a user.

    A larger share takes in more users and drops none; of two flags with the
    same share each has users of its own.
    """
    if not flag.enabled:
        return False
    if user_id in flag.users:
        return True
    if flag.roles is not None and role not in flag.roles:
        return False
    return place(name, user_id) < flag.rollout_percent * PARTS // 100


def place(name: str, user_id: str) -> int:
    """Return where a user stands in the row that flag `name` is given along, 0 to PARTS - 1."""
    hashed = hashlib.blake2b(f"{name}:{user_id}".encode(), digest_size=8).digest()
    return int.from_bytes(hashed, "big") % PARTS
