"""What the README says that could drift, and its recipes, followed word for word."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.routes import ROUTES
from tools.system.layout import PROJECT

README = (PROJECT / "README.md").read_text("utf-8")
COMMANDS = sorted(set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.M)))
MAKEFILE = (PROJECT / "Makefile").read_text("utf-8")


def test_the_table_of_paths_has_every_route_and_nothing_else() -> None:
    table = README.partition("| below this path |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ((?:`/[^`]*`(?:, )?)+) \|", table, re.M)
    told = [path for row in rows for path in re.findall(r"`([^`]*)`", row)]
    known = {route.path for route in ROUTES}

    def below(path: str, route: str) -> bool:
        return route == path or route.startswith(f"{path}/")

    assert [path for path in told if not any(below(path, route) for route in known)] == []
    assert [route for route in known if not any(below(path, route) for path in told)] == []


@pytest.mark.parametrize("target", COMMANDS)
def test_every_command_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.M)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w./-]+)\)", README))))
def test_every_link_leads_somewhere(path: str) -> None:
    assert (PROJECT / path).is_file()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the contract tests need, to be changed as a contributor would."""
    for name in ("src", "tests", "migrations"):
        shutil.copytree(
            PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "vendor")
        )
    (tmp_path / "tools").symlink_to(PROJECT / "tools")
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    (tmp_path / "tests" / "conftest.py").unlink()  # of the running system, not needed here
    return tmp_path


def contract(checkout: Path, test: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/contract/{test}"],
        cwd=checkout,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_news_feed_is_one_file_and_its_payload(checkout: Path) -> None:
    module = checkout / "src" / "collection" / "sources" / "gazette.py"
    module.write_text(
        '"""Gazette: headlines, links and times of its feed."""\n\n'
        "from collection.feed import feed\n\n"
        'SOURCE = feed("gazette", "Gazette", "https://gazette.example",'
        ' "https://gazette.example/rss")\n'
    )
    missing = contract(checkout, "test_every_source.py")
    assert missing.returncode == 1
    assert "gazette" in missing.stdout
    payloads = checkout / "tests" / "contract" / "payloads"
    shutil.copytree(payloads / "decrypt", payloads / "gazette")
    contract(checkout, "test_every_source.py", UPDATE_GOLDEN="1")
    done = contract(checkout, "test_every_source.py")
    assert done.returncode == 0, done.stdout[-2000:]
    golden = checkout / "tests" / "contract" / "golden" / "gazette"
    assert any(golden.iterdir())


def test_a_detector_is_one_file_and_its_series(checkout: Path) -> None:
    detectors = checkout / "src" / "signals" / "detectors"
    text = (detectors / "price_anomaly.py").read_text()
    (detectors / "sudden_move.py").write_text(
        text.replace('name="price_anomaly"', 'name="sudden_move"')
    )
    missing = contract(checkout, "test_every_detector.py")
    assert missing.returncode == 1
    assert "sudden_move" in missing.stdout
    series = checkout / "tests" / "contract" / "series"
    parameters = json.loads((series / "price_anomaly.json").read_text())
    (series / "sudden_move.json").write_text(json.dumps(parameters))
    done = contract(checkout, "test_every_detector.py")
    assert done.returncode == 0, done.stdout[-2000:]
