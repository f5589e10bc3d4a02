"""`make setup`: everything the checkout needs that the Python environment does not hold."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tools.pyworkers import node, vendor, wrangler
from tools.pyworkers.errors import exit_status
from tools.system.layout import PROJECT

LOCAL = PROJECT / ".local"
STATIC = PROJECT / "src" / "dashboard" / "static" / "vendor"
CHARTS = Path("lightweight-charts/dist/lightweight-charts.standalone.production.mjs")


def prepare(report: Callable[[str], None]) -> None:
    """Install npm packages, Workers' wheels, page scripts and the interpreter bundle."""
    cache = LOCAL / "cache"
    program = node.find()
    requirements, wheels = PROJECT / "requirements" / "workers.txt", PROJECT / "python_modules"
    steps: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("npm packages (wrangler, workerd, ...)", lambda: node.install(program, PROJECT, cache)),
        ("wheels for the Workers", lambda: vendor.install(requirements, wheels, cache)),
        ("chart library for the pages", lambda: _copy_page_scripts(PROJECT / "node_modules")),
    )
    for what, step in steps:
        began = time.monotonic()
        report(f"{what} …")
        done = step()
        report(f"  {f'{time.monotonic() - began:.1f} s' if done else 'already there'}")
    report("interpreter bundle and version pins …")
    wrangler.prepare(PROJECT, LOCAL)


def _copy_page_scripts(modules: Path) -> bool:
    source, target = modules / CHARTS, STATIC / "lightweight-charts.mjs"
    if target.is_file() and target.read_bytes() == source.read_bytes():
        return False
    STATIC.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return True


def main() -> int:
    """Run the setup and print what it does; a failing step says why and what to do."""
    return exit_status(lambda: prepare(lambda line: print(line, flush=True)))


if __name__ == "__main__":
    raise SystemExit(main())
