"""A Chromium for the browser tests: the machine's own, or Debian's, installed when missing."""

import os
import shutil
import subprocess

from tools.pyworkers.errors import SetupError, exit_status

NAMES = ("chromium", "chromium-browser", "google-chrome")
# A test browser talks to this machine alone; the rest keeps it from trying more.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program() -> str | None:
    """Return the path of an installed Chromium, None without one."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def ensure() -> str:
    """Return the path of a Chromium, installed with apt-get if need be. Raises SetupError."""
    found = program()
    if found:
        return found
    print("chromium (for the browser tests) …", flush=True)
    apt = shutil.which("apt-get")
    command = [apt or "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    if os.geteuid() != 0:
        command = ["sudo", "-n", *command]
    if apt:
        update = [*command[: command.index("install")], "update", "-qq"]
        subprocess.run(update, capture_output=True, check=False)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = program()
        if done.returncode == 0 and found:
            return found
        why = (done.stderr or done.stdout).strip()[-400:]
    else:
        why = "there is no apt-get on this machine"
    raise SetupError(
        "Chromium",
        f"it is not installed and could not be: {why}",
        "install Chromium yourself, or run the other tests with `make test-fast`",
    )


if __name__ == "__main__":
    raise SystemExit(exit_status(ensure))
