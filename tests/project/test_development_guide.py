"""What docs/development.md says that could drift."""

import re

import pytest

from tools.system.layout import PROJECT, Ports

GUIDE = (PROJECT / "docs" / "development.md").read_text("utf-8")
NAMED = sorted(
    path
    for path in set(re.findall(r"`((?:src|tools|tests|requirements|migrations)/[\w./]*)`", GUIDE))
    if "NNNN" not in path
)
MAKEFILE = (PROJECT / "Makefile").read_text("utf-8")


def test_the_ports_are_the_ports() -> None:
    told = {name: int(port) for name, port in re.findall(r"^\| (\w+) \| (\d{4}) \|$", GUIDE, re.M)}
    serving = {name: port for name, port in Ports().all() if "debugger" not in name}
    assert told == serving


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z-]+)", GUIDE))))
def test_every_command_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.M)


def test_every_command_of_the_makefile_but_deploy_and_help_is_told() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.M)) - {"help", "deploy"}
    assert targets - set(re.findall(r"`make ([a-z-]+)", GUIDE)) == set()


@pytest.mark.parametrize("path", NAMED)
def test_every_folder_and_file_that_is_named_exists(path: str) -> None:
    assert (PROJECT / path).exists()


def test_the_guide_stays_short() -> None:
    assert len(GUIDE.splitlines()) < 150
