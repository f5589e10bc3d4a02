"""How wrangler is started here: its environment and its command lines."""

import os
import socket
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tools.pyworkers import bundle, node
from tools.pyworkers.errors import SetupError


class Wrangler(NamedTuple):
    """A prepared wrangler: what every command of one checkout shares."""

    node: node.Node
    project: Path
    state: Path
    environment: dict[str, str]

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that runs wrangler with `arguments`."""
        script = self.project / "node_modules" / "wrangler" / "bin" / "wrangler.js"
        return [str(self.node.program), "--no-warnings", str(script), *arguments]

    def dev(self, config: Path, port: int, inspector: int, secrets: Path) -> list[str]:
        """Return the command line that serves the Worker of `config` on `port`.

        `secrets` is a file of NAME=value lines; their values stay out of the log.
        """
        return self.command(
            *("dev", "--config", str(config), "--ip", "127.0.0.1", "--port", str(port)),
            *("--inspector-port", str(inspector), "--persist-to", str(self.state)),
            *("--env-file", str(secrets), "--show-interactive-dev-session=false"),
        )

    def run(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run one wrangler command to its end and return its output."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


def prepare(project: Path, local: Path, state: str = "state") -> Wrangler:
    """Build what wrangler needs below `local`; databases go to its folder `state`.

    Everything wrangler would keep per user is kept in the checkout, so that
    two checkouts never answer from each other's Workers and databases.
    """
    modules = project / "node_modules"
    program = node.find()
    node.check_pins(modules)
    folder = bundle.build(modules / "pyodide", local / "cache" / "pyodide")
    wrapper = _workerd_wrapper(node.workerd_program(modules), folder, local / "bin" / "workerd")
    environment = {
        **os.environ,
        "PATH": program.path(),
        "MINIFLARE_WORKERD_PATH": str(wrapper),
        "WRANGLER_REGISTRY_PATH": str(local / "registry"),
        "WRANGLER_LOG_PATH": str(local / "logs" / "wrangler"),
        "XDG_CONFIG_HOME": str(local / "config"),
        "WRANGLER_SEND_METRICS": "false",
        "CLOUDFLARE_CF_FETCH_ENABLED": "false",
        # A trace of every request, written to disk, for a page that nobody opens here.
        "X_LOCAL_OBSERVABILITY": "false",
        "X_LOCAL_EXPLORER": "false",
        "CI": "1",
        "NO_COLOR": "1",
    }
    return Wrangler(program, project, local / state, environment)


def require_free_ports(ports: Sequence[tuple[str, int]]) -> None:
    """Raise SetupError when one of the named `ports` cannot be bound on loopback."""
    for name, port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise SetupError(
                    "ports",
                    f"port {port} ({name}) cannot be used: {error.strerror}",
                    "stop what listens there, or choose others with PORT_BASE=<first port>",
                ) from None


def _workerd_wrapper(workerd: Path, bundle_folder: Path, wrapper: Path) -> Path:
    # wrangler starts the program named by MINIFLARE_WORKERD_PATH and passes no
    # options of ours on: the option goes in behind its first argument, "serve".
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(
        "#!/bin/sh\n"
        'first="$1"; shift\n'
        f'exec "{workerd}" "$first" --pyodide-bundle-disk-cache-dir="{bundle_folder}" "$@"\n'
    )
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    workerd.chmod(workerd.stat().st_mode | stat.S_IXUSR)
    return wrapper
