import json
import os
from pathlib import Path
from typing import Any

import pytest

from tools.pyworkers import configs
from tools.pyworkers.errors import SetupError
from tools.system.layout import PROJECT, WORKERS

COMMITTED = """
name = "one"
compatibility_flags = ["python_workers"]
[vars]
ENVIRONMENT = "local"
ORIGIN = "live"
[[d1_databases]]
binding = "DB"
[env.production]
vars = { ENVIRONMENT = "production" }
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "wrangler.one.toml"
    file.write_text(COMMITTED)
    return file


def derived(config: Path, variables: dict[str, str], name: str = "dev") -> Any:
    return json.loads(configs.derive(config, variables, name).read_text())


def test_the_flags_that_load_our_interpreter_are_added_behind_the_committed_ones(
    config: Path,
) -> None:
    flags = derived(config, {})["compatibility_flags"]
    assert flags == ["python_workers", "python_workers_development", "experimental"]


def test_a_flag_that_is_committed_already_is_not_repeated(config: Path) -> None:
    config.write_text('compatibility_flags = ["experimental", "python_workers"]')
    flags = derived(config, {})["compatibility_flags"]
    assert flags == ["experimental", "python_workers", "python_workers_development"]


def test_variables_are_merged_over_the_committed_ones(config: Path) -> None:
    variables = derived(config, {"ORIGIN": "simulated", "UPSTREAM": "http://127.0.0.1:1"})["vars"]
    assert variables == {
        "ENVIRONMENT": "local", "ORIGIN": "simulated", "UPSTREAM": "http://127.0.0.1:1",
    }  # fmt: skip


def test_environments_are_left_out_and_everything_else_is_kept(config: Path) -> None:
    local = derived(config, {})
    assert "env" not in local
    assert local["name"] == "one"
    assert local["d1_databases"] == [{"binding": "DB"}]


def test_the_committed_config_is_not_touched(config: Path) -> None:
    derived(config, {"ORIGIN": "simulated"})
    assert config.read_text() == COMMITTED


def test_runs_of_different_names_have_files_of_their_own_beside_the_config(config: Path) -> None:
    files = [configs.derive(config, {"RUN": name}, name) for name in ("dev", "test")]
    assert [file.name for file in files] == [
        "wrangler.one.dev.local.json", "wrangler.one.test.local.json",
    ]  # fmt: skip
    assert {file.parent for file in files} == {config.parent}
    assert [json.loads(file.read_text())["vars"]["RUN"] for file in files] == ["dev", "test"]


def test_an_unchanged_file_is_not_written_again_and_a_changed_one_is(config: Path) -> None:
    file = configs.derive(config, {"A": "1"})
    os.utime(file, (1, 1))
    configs.derive(config, {"A": "1"})
    assert file.stat().st_mtime == 1
    configs.derive(config, {"A": "2"})
    assert file.stat().st_mtime > 1


def test_broken_toml_names_the_file_and_the_line(config: Path) -> None:
    config.write_text('name = "one"\nmain = \n')
    with pytest.raises(SetupError) as stopped:
        configs.derive(config, {})
    assert str(config) in stopped.value.why
    assert "line 2" in stopped.value.why


def test_a_missing_config_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"wrangler\.none\.toml is missing"):
        configs.derive(tmp_path / "wrangler.none.toml", {})


@pytest.mark.parametrize("file", [file for _, file, _ in WORKERS])
def test_local_files_of_the_projects_configs_are_ignored_by_git(file: str) -> None:
    ignored = (PROJECT / ".gitignore").read_text().splitlines()
    name = Path(file).with_suffix(".dev.local.json").name
    assert any(Path(name).match(pattern) for pattern in ignored if pattern.startswith("wrangler"))
