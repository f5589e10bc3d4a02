"""`make deploy ENV=staging|production`: migrations first, then the Workers, callees before callers.

Migrations only add, so the running Workers go on with the migrated database
while they are replaced one after the other.
"""

import os
import subprocess
import sys
from pathlib import Path

from tools.pyworkers import node
from tools.pyworkers.errors import SetupError
from tools.system.layout import PROJECT, WORKERS

ENVIRONMENTS = ("staging", "production")
NEEDED = ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID")


def plan(environment: str) -> list[list[str]]:
    """Return the commands of a deployment, in order, as arguments of pywrangler."""
    migrate = ["d1", "migrations", "apply", "DB", "--remote", "--env", environment]
    deploys = [["deploy", "--config", file, "--env", environment] for _, file, _ in WORKERS]
    return [[*migrate, "--config", "wrangler.toml"], *deploys]


def main(arguments: list[str]) -> int:
    """Deploy; return the first failing command's status."""
    try:
        environment = _check(arguments)
        program = node.find()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    requirements = ("--require-hashes", "-r", "requirements/deploy.txt")
    install = [sys.executable, "-m", "pip", "install", "--quiet", *requirements]
    if subprocess.run(install, cwd=PROJECT, check=False).returncode:
        return 2
    scripts = Path(sys.executable).parent  # pywrangler starts uv by name
    path = os.pathsep.join([str(scripts), program.path()])
    for command in plan(environment):
        print(f"→ {' '.join(command)}", flush=True)
        done = subprocess.run(
            [str(scripts / "pywrangler"), *command],
            cwd=PROJECT,
            env={**os.environ, "PATH": path},
            check=False,
        )
        if done.returncode:
            return done.returncode
    return 0


def _check(arguments: list[str]) -> str:
    if len(arguments) != 1 or arguments[0] not in ENVIRONMENTS:
        raise SetupError(
            "deployment", "no environment was named", "make deploy ENV=staging (or production)"
        )
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        raise SetupError(
            "deployment", f"{' and '.join(missing)} not set", "export them; see docs/operations.md"
        )
    return arguments[0]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
