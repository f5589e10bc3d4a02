"""python -m tests.fuzz.run --calls 20000 [--url http://…]: fuzz for long; fails with findings.

Without --url the gateway runs in this process. With it, --user twice names the
accounts ("address:password") that must not see each other's objects; both are
signed in by /api/v1/auth/login, again every ten minutes. What they own is changed
and removed at random: never run it against a system that somebody needs.
"""

import argparse
import itertools
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import schemathesis

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from tests.fuzz.harness import Findings, configuration, run
from tests.fuzz.subject import Subject

RENEW_SECONDS = 600
ADDRESSES = itertools.count(1)


def bearer(name: str, token: str) -> dict[str, Any]:
    """Return a user of a fixed token."""
    return {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {token}"}]}


def account(name: str, email: str, password: str) -> dict[str, Any]:
    """Return a user who signs in (https://webfuzzing.github.io/wfc/)."""
    return {
        "name": name,
        "loginEndpointAuth": {
            "endpoint": "/api/v1/auth/login", "verb": "POST", "contentType": "application/json",
            "payloadRaw": f'{{"email": "{email}", "password": "{password}"}}',
            "token": {
                "extractFrom": "body", "extractSelector": "/data/access_token",
                "sendIn": "header", "sendName": "Authorization", "sendTemplate": "Bearer {token}",
            },
        },
    }  # fmt: skip


def main() -> int:
    """Fuzz with one seed after the other until there were enough calls; print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--url")
    parser.add_argument("--user", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=100, help="examples of an operation and seed")
    chosen = parser.parse_args()
    total = Findings()
    began = time.monotonic()
    while total.calls < chosen.calls:
        found = once(chosen, chosen.seed)
        total.calls += found.calls
        total.statuses += found.statuses
        total.failures |= found.failures
        total.errors += found.errors
        _say(f"seed {chosen.seed}: {total.calls} calls, {time.monotonic() - began:.0f} s")
        chosen.seed += 1
    for title, told in total.failures.items():
        _say(f"\n## {title}\n{told}")
    _say("\n".join(total.errors))
    statuses = dict(sorted(total.statuses.items()))
    _say(f"{total.calls} calls, {len(total.failures)} findings, answers by status: {statuses}")
    return bool(total.failures or total.errors)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def once(chosen: argparse.Namespace, seed: int) -> Findings:
    """Run all phases once."""
    with tempfile.TemporaryDirectory() as folder:
        if chosen.url:
            return over_http(chosen, Path(folder), seed)
        subject = Subject()
        try:
            users = [bearer(f"user{n}", token) for n, token in enumerate(subject.tokens)]
            config = configuration(Path(folder), users, chosen.most, seed)
            application = subject.application
            return run(schemathesis.openapi.from_asgi("/openapi.json", application, config=config))
        finally:
            subject.close()


def over_http(chosen: argparse.Namespace, folder: Path, seed: int) -> Findings:
    """Run all phases once against a system that runs."""
    pairs = [user.partition(":") for user in chosen.user]
    users = [account(f"user{n}", mail, word) for n, (mail, _, word) in enumerate(pairs)]
    config = configuration(folder, users, chosen.most, seed, url=chosen.url, renew=RENEW_SECONDS)
    schemathesis.hook("before_call")(elsewhere)
    document = f"{chosen.url}/openapi.json"
    return run(schemathesis.openapi.from_url(document, config=config, headers=address()))


def elsewhere(context: object, case: Any, kwargs: dict[str, Any]) -> None:
    """Send each call from another address: of one, only a few would be let in."""
    case.headers = {**(case.headers or {}), **address()}


def address() -> dict[str, str]:
    """Return the header by which a local runtime is told whence a request comes."""
    number = next(ADDRESSES)
    return {"cf-connecting-ip": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}


if __name__ == "__main__":
    sys.exit(main())
