"""`make setup`: everything the checkout needs that the Python environment does not hold."""

import time
from collections.abc import Callable

from tools.pyworkers import node, vendor, wrangler
from tools.pyworkers.errors import exit_status
from tools.system import notebook, site
from tools.system.layout import PROJECT

LOCAL = PROJECT / ".local"


def prepare(report: Callable[[str], None]) -> None:
    """Install npm packages, Workers' wheels, page scripts and the interpreter bundle."""
    cache = LOCAL / "cache"
    program = node.find()
    requirements, wheels = PROJECT / "requirements" / "workers.txt", PROJECT / "python_modules"
    steps: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("npm packages (wrangler, workerd, ...)", lambda: node.install(program, PROJECT, cache)),
        ("wheels for the Workers", lambda: vendor.install(requirements, wheels, cache)),
        ("libraries for the pages", lambda: site.copy_libraries(PROJECT / "node_modules")),
        ("Python for the notebook", lambda: notebook.install(PROJECT / "node_modules", cache)),
    )
    for what, step in steps:
        began = time.monotonic()
        report(f"{what} …")
        done = step()
        report(f"  {f'{time.monotonic() - began:.1f} s' if done else 'already there'}")
    report(f"static site: release {site.build()}")
    report("interpreter bundle and version pins …")
    wrangler.prepare(PROJECT, LOCAL)


def main() -> int:
    """Run the setup and print what it does; a failing step says why and what to do."""
    return exit_status(lambda: prepare(lambda line: print(line, flush=True)))


if __name__ == "__main__":
    raise SystemExit(main())
