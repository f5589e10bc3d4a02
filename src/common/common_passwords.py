"""Passwords that are among the first an attacker tries, although they are long enough.

NIST SP 800-63B (5.1.1.2) asks for a comparison with values that are commonly used: here the
roots that lists of leaked passwords begin with, alone, twice, or with digits and signs
around them; runs of the keyboard and of the alphabet; digits alone; the account's own
name. Few of the first million on such lists have twelve characters and are none of that.
"""

import re

# What is left of a common password without digits and signs at its ends, and without "leet".
_ROOTS = frozenset(
    """
    abc abcd abcdef access admin administrator alexander amanda andrew angel anthony apple arsenal
    ashley baby badboy bailey barcelona baseball basketball batman beautiful bitcoin
    blink buster butterfly change changeme charlie cheese chelsea chicken chocolate computer
    cookie corvette crypto cryptocurrency cryptointel dallas daniel default diamond dragon
    ethereum family ferrari flower football forever freedom friend friends
    george ginger google guest hannah hello heather hockey hunter iloveme iloveyou
    internet jennifer jessica jesus jordan joshua justin killer letmein letmeinnow liverpool login
    london loveme lovely loveyou maggie manchester master matrix matthew mercedes michael michelle
    monkey mother mustang mypassword naruto newpassword nicole ninja nothing orange pass passphrase
    passw passwd password passwords patrick peanut pepper pokemon princess qazwsx ranger
    robert root samantha samsung scooter secret secretpassword shadow soccer starwars steelers
    summer sunshine superman superuser taylor test tester testing thomas thunder tigger trader
    trading trustno user username welcome welcometo whatever william winter wizard yankees zaq
    adminadmin autumn spring january february march april june july august september october
    november december monday tuesday wednesday thursday friday saturday sunday
""".split()
)
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujmikolp", "zxcvbnmasdfghjklqwertyuiop", "a1b2c3d4e5f6g7h8i9j0",
)  # fmt: skip
_LEET = str.maketrans("013457@$!", "oleastasi")
_LEAST_RUN = 5
_LEAST_NAME = 4
_ends = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_again = re.compile(r"(.{1,8}?)\1+")


def is_common(password: str, email: str = "") -> bool:
    """Whether `password` is one of the first that are tried at the account of `email`."""
    lowered = password.lower()
    once = _again.fullmatch(lowered)
    said = once.group(1) if once else lowered
    if once and len(said) < _LEAST_NAME:
        return True
    stripped = _ends.sub("", said)
    candidates = {said, stripped, stripped.translate(_LEET), _ends.sub("", said.translate(_LEET))}
    if candidates & (_ROOTS | _own(email)):
        return True
    return _without_runs(said) in _ROOTS | _own(email) | {""}


def _own(email: str) -> frozenset[str]:
    """Return what an address says of its owner, and names of it that are long enough to count."""
    name, _, host = email.lower().partition("@")
    parts = [name, email.lower(), _ends.sub("", name), host.partition(".")[0]]
    return frozenset(part for part in parts if len(part) >= _LEAST_NAME)


def _without_runs(text: str) -> str:
    """Return what is left without runs of a keyboard or alphabet, and without digits around."""
    for run in (*_RUNS, *(run[::-1] for run in _RUNS)):
        for length in range(min(len(run), len(text)), _LEAST_RUN - 1, -1):
            for start in range(len(run) - length + 1):
                text = text.replace(run[start : start + length], "")
    return _ends.sub("", text)
