import itertools
import socket
import subprocess
from pathlib import Path

import pytest

from tools.pyworkers import bundle, wrangler
from tools.pyworkers.errors import SetupError


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state folder")


@pytest.fixture(scope="session")
def prepared(modules: Path, local: Path) -> wrangler.Wrangler:
    return wrangler.prepare(modules.parent, local)


def test_a_free_port_passes() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    wrangler.require_free_ports([("api", port)])


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError) as stopped:
            wrangler.require_free_ports([("api", port)])
    assert f"port {port} (api) cannot be used: Address already in use" in stopped.value.why
    assert "PORT_BASE=" in stopped.value.todo


def test_the_wrapper_puts_the_bundle_option_behind_the_first_argument(tmp_path: Path) -> None:
    workerd = tmp_path / "the real one" / "workerd"
    workerd.parent.mkdir()
    workerd.write_text('#!/bin/sh\nfor part in "$@"; do echo "[$part]"; done\n')
    folder = tmp_path / "bundle folder"
    wrapper = wrangler._workerd_wrapper(workerd, folder, tmp_path / "bin" / "workerd")
    done = subprocess.run(
        [wrapper, "serve", "--binary", "two words", "*"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "[serve]",
        f"[--pyodide-bundle-disk-cache-dir={folder}]",
        "[--binary]",
        "[two words]",
        "[*]",
    ]


def test_the_wrapper_becomes_workerd_so_that_signals_reach_it(tmp_path: Path) -> None:
    workerd = tmp_path / "workerd"
    workerd.write_text("#!/bin/sh\necho $$\n")
    wrapper = wrangler._workerd_wrapper(workerd, tmp_path, tmp_path / "bin" / "workerd")
    with subprocess.Popen([wrapper, "serve"], stdout=subprocess.PIPE, text=True) as process:
        said, _ = process.communicate(timeout=10)
    assert int(said) == process.pid


def test_wrangler_starts_the_wrapper_with_a_bundle_that_is_there(
    prepared: wrangler.Wrangler, local: Path
) -> None:
    wrapper = Path(prepared.environment["MINIFLARE_WORKERD_PATH"])
    option = "--pyodide-bundle-disk-cache-dir="
    folder = wrapper.read_text().split(option)[1].split('"')[1]
    assert local in Path(folder).parents
    assert (Path(folder) / bundle.BUNDLE_NAME).is_file()


@pytest.mark.parametrize(
    "name",
    ["MINIFLARE_WORKERD_PATH", "WRANGLER_REGISTRY_PATH", "WRANGLER_LOG_PATH", "XDG_CONFIG_HOME"],
)
def test_everything_wrangler_keeps_is_kept_below_the_state_folder(
    prepared: wrangler.Wrangler, local: Path, name: str
) -> None:
    assert local in Path(prepared.environment[name]).parents
    assert local in prepared.state.parents


def test_wrangler_is_quiet_and_calls_nobody(prepared: wrangler.Wrangler) -> None:
    environment = prepared.environment
    assert environment["WRANGLER_SEND_METRICS"] == "false"
    assert environment["CLOUDFLARE_CF_FETCH_ENABLED"] == "false"
    assert environment["CI"] == "1"


def test_a_worker_is_served_on_loopback_with_the_shared_state(
    prepared: wrangler.Wrangler, tmp_path: Path
) -> None:
    command = prepared.dev(tmp_path / "w.json", 8787, 8807, tmp_path / "secrets.env")
    options = dict(itertools.pairwise(command))
    assert options["--ip"] == "127.0.0.1"
    assert (options["--port"], options["--inspector-port"]) == ("8787", "8807")
    assert options["--persist-to"] == str(prepared.state)
    assert options["--config"] == str(tmp_path / "w.json")


def test_secrets_are_passed_as_a_file_and_not_on_the_command_line(
    prepared: wrangler.Wrangler, tmp_path: Path
) -> None:
    secrets = tmp_path / "secrets.env"
    secrets.write_text("PEPPER=do-not-show\n")
    command = prepared.dev(tmp_path / "w.json", 8787, 8807, secrets)
    assert str(secrets) in command
    assert "do-not-show" not in " ".join(command)
