"""Feature flags: on for the same users at every request, and for about as many as wanted."""

import pytest

from common.flags import Flag, is_on, key, place

USERS = [f"u_{number:016x}" for number in range(4_000)]


def on(name: str, flag: Flag, role: str = "viewer") -> set[str]:
    return {user for user in USERS if is_on(name, flag, user, role)}


def test_a_flag_that_is_off_is_off_for_everybody() -> None:
    assert on("notebook", Flag(False, 100, users=frozenset(USERS[:9]))) == set()


def test_a_full_share_is_everybody_and_none_is_nobody() -> None:
    assert on("notebook", Flag(True, 100)) == set(USERS)
    assert on("notebook", Flag(True, 0)) == set()


@pytest.mark.parametrize("percent", [1, 10, 25, 50, 90])
def test_about_the_share_has_it(percent: int) -> None:
    # Four standard deviations of a binomial on either side.
    expected, spread = len(USERS) * percent / 100, (len(USERS) * percent * (100 - percent)) ** 0.5
    assert abs(len(on("notebook", Flag(True, percent))) - expected) < 4 * spread / 100


def test_a_larger_share_takes_nobody_out() -> None:
    smaller = on("notebook", Flag(True, 0))
    for percent in range(5, 101, 5):
        larger = on("notebook", Flag(True, percent))
        assert smaller <= larger
        smaller = larger


def test_two_flags_try_themselves_on_different_users() -> None:
    both = on("notebook", Flag(True, 10)) & on("web_push", Flag(True, 10))
    assert len(both) < 100  # of 400 each; about 40 by chance


def test_it_is_the_same_in_every_process_and_release() -> None:
    assert place("notebook", "u_5f0c2a9be1d34c77") == 1_862
    assert key("notebook") == "config:notebook"


def test_roles_bound_it_and_named_users_have_it_anyway() -> None:
    flag = Flag(True, 100, roles=frozenset({"admin"}), users=frozenset({USERS[3]}))
    assert on("notebook", flag, "admin") == set(USERS)
    assert on("notebook", flag, "viewer") == {USERS[3]}
    assert on("notebook", Flag(True, 0, users=frozenset({USERS[3]}))) == {USERS[3]}
