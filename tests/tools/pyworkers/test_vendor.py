import sys
from pathlib import Path

import pytest

from tests.tools.pyworkers.wheels import isolate_pip, make_wheel, pin
from tools.pyworkers import vendor
from tools.pyworkers.errors import SetupError
from tools.system.layout import PROJECT


class Place:
    """A folder with a requirements file, a registry of wheels, a target and a cache."""

    def __init__(self, root: Path) -> None:
        self.wheels = root / "wheels"
        self.requirements = root / "requirements.txt"
        self.target = root / "python_modules"
        self.cache = root / "cache"

    def install(self) -> bool:
        return vendor.install(self.requirements, self.target, self.cache)

    def offer(self, version: str = "1.0", tag: str = "py3-none-any") -> None:
        """Put a wheel into the registry and require it."""
        pin(self.requirements, make_wheel(self.wheels, version, tag), version)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place(tmp_path)
    isolate_pip(monkeypatch, made.wheels)
    return made


@pytest.fixture
def fake_pip(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A pip that only makes its target folder, for what happens around it."""
    program = tmp_path / "python"
    program.write_text(
        "#!/bin/sh\n"
        'while [ "$1" != --target ]; do shift; done\n'
        'mkdir -p "$2" && touch "$2/$(tail -c 3 "$4")"\n'
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    place.requirements.write_text("v1")
    return program


def test_wheels_for_the_workers_interpreter_are_installed_and_the_folder_is_marked(
    place: Place,
) -> None:
    place.offer(tag=f"cp314-cp314-{vendor.PLATFORM}")
    assert place.install()
    assert (place.target / "tiny" / "__init__.py").is_file()
    assert (place.target / "pyvenv.cfg").read_bytes() == b""


@pytest.mark.usefixtures("fake_pip")
def test_the_same_requirements_again_do_nothing(place: Place) -> None:
    assert place.install()
    assert not place.install()


@pytest.mark.usefixtures("fake_pip")
def test_changed_requirements_replace_what_was_there(place: Place) -> None:
    place.install()
    place.requirements.write_text("v2")
    assert place.install()
    assert {file.name for file in place.target.iterdir()} == {"v2", "pyvenv.cfg"}


@pytest.mark.usefixtures("fake_pip")
def test_a_deleted_folder_is_filled_again(place: Place) -> None:
    place.install()
    (place.target / "pyvenv.cfg").unlink()
    assert place.install()
    assert (place.target / "pyvenv.cfg").is_file()


def test_a_failed_install_is_never_taken_for_a_finished_one(place: Place, fake_pip: Path) -> None:
    place.install()
    works = fake_pip.read_text()
    place.requirements.write_text("v2")
    fake_pip.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(SetupError, match="pip failed"):
        place.install()
    fake_pip.write_text(works)
    place.requirements.write_text("v1")
    assert place.install()


def test_a_wheel_for_this_machine_is_refused(place: Place) -> None:
    place.offer(tag="cp314-cp314-manylinux_2_17_x86_64")
    with pytest.raises(SetupError, match="No matching distribution found for tiny"):
        place.install()


def test_a_wrong_hash_is_refused_by_name(place: Place) -> None:
    make_wheel(place.wheels)
    pin(place.requirements, "0" * 64)
    with pytest.raises(SetupError) as stopped:
        place.install()
    assert stopped.value.step == "Workers' wheels"
    assert "DO NOT MATCH THE HASHES" in stopped.value.why
    assert not (place.target / "tiny").exists()


def test_a_requirement_without_a_hash_is_refused(place: Place) -> None:
    make_wheel(place.wheels)
    place.requirements.write_text("tiny==1.0\n")
    with pytest.raises(SetupError, match="Hashes are required"):
        place.install()


def test_no_registry_is_said_with_what_to_check(place: Place) -> None:
    pin(place.requirements, "0" * 64)
    with pytest.raises(SetupError) as stopped:
        place.install()
    assert "No matching distribution found for tiny==1.0" in stopped.value.why
    assert "registry can be reached" in stopped.value.todo
    assert "Traceback" not in str(stopped.value)


@pytest.mark.runtime
def test_the_projects_own_wheels_install_from_the_registry(tmp_path: Path) -> None:
    requirements = PROJECT / "requirements" / "workers.txt"
    assert vendor.install(requirements, tmp_path / "python_modules", tmp_path / "cache")
    compiled = list((tmp_path / "python_modules" / "msgspec").glob("*.so"))
    assert compiled
    assert all("emscripten" in file.name for file in compiled)
