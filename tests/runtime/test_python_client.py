"""The Python client as a customer installs it: its wheel in an environment of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live import Live
from tools.system import notebook

pytestmark = pytest.mark.runtime

PROGRAM = """
import asyncio, json
from cryptointel import AsyncClient, Client, RateLimited, Retries, __version__

with Client() as client:
    price = client.market_data("BTC")
    bars = [bar["time"] for bar, _ in zip(client.iter_bars("BTC", "15m", limit=3), range(8))]
    left = client.rate_limit.remaining

async def both():
    async with AsyncClient() as own:
        asked = own.market_data("ETH"), own.bars("BTC", "15m", limit=8)
        ethereum, bars = await asyncio.gather(*asked)
        return ethereum["symbol"], [bar["time"] for bar in bars]

symbol, awaited = asyncio.run(both())
limited = None
try:
    with Client(retries=Retries(attempts=2, seconds=0.5)) as hasty:
        for _ in range(30):
            hasty.market_data("BTC")
except RateLimited as error:
    limited = [error.kind, error.retry_after, error.problem["scope"]]
print(json.dumps([__version__, price["symbol"], bars, awaited, symbol, left, limited]))
"""


@pytest.fixture
def python(tmp_path: Path) -> str:
    """An interpreter that has the client and what it needs, and nothing else."""
    wheel = notebook.build_client(tmp_path, notebook.download(tmp_path / "wheels"))
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    own = str(tmp_path / "venv" / "bin" / "python")
    install = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    subprocess.run(install, check=True)
    return own


@pytest.fixture
def key(live: Live) -> Iterator[str]:
    """A key of the demo user's that may read 20 times a minute."""
    own = {"authorization": f"Bearer {live.system.account.api_key}",
           "content-type": "application/json"}  # fmt: skip
    body = json.dumps({"name": "of a customer", "per_minute": 20})
    made = live.get("api", "/api/v1/keys", own, "POST", body)
    assert made.status == 201, made.body
    found = made.json()["data"]
    yield found["key"]
    live.get("api", f"/api/v1/keys/{found['key_id']}", own, "DELETE")


def test_the_installed_wheel_reads_pages_awaits_and_keeps_to_limits(
    live: Live, python: str, key: str, tmp_path: Path
) -> None:
    environment = {
        "PATH": os.environ["PATH"], "CRYPTOINTEL_API_KEY": key,
        "CRYPTOINTEL_URL": live.system.ports.address("api"),
    }  # fmt: skip
    done = subprocess.run(
        [python, "-W", "error", "-c", PROGRAM],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    version, symbol, paged, awaited, other, left, limited = json.loads(done.stdout)
    assert (version, symbol, other) == ("0.1.0", "BTC", "ETH")
    assert paged == awaited, "pages of three are the first eight bars"
    assert len(set(paged)) == 8
    assert 0 <= left < 20
    kind, after, scope = limited
    assert (kind, scope) == ("rate-limited", "key")
    assert 0 < after <= 63
