"""The static site as it is served: modules, styles and libraries under the name of their release.

One hash over all of them names the release, /r/<release>/app/main.js. So a page never mixes the
modules of two releases, no import has to be rewritten, and a browser may keep every file: what has
the same name is the same. What must keep its address (index.html, the service worker, icons) stays
at the root. There is no bundler: modules are served as they are written.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tools.system.layout import PROJECT

STATIC = PROJECT / "src" / "dashboard" / "static"
SITE = PROJECT / ".local" / "site"
VENDOR = STATIC / "vendor"
RELEASED = ("app", "styles", "vendor")
ENTRY = "app/main.js"
SHELL_LIBRARIES = ("preact.mjs", "preact-hooks.mjs", "htm.mjs", "lightweight-charts.mjs")
PRELOADS = "<!-- preloads -->"  # where index.html wants what main.js reaches
RELEASE = "/*RELEASE*/ null"  # what sw.js wants replaced by what belongs to the release
ROUTES, MODULES = "app/routes.js", "/*MODULES*/ {}"  # likewise by what each page is made of
PAGE = re.compile(r'page: "([^"]+)"')

# Where npm has what pages import, and under which name they do.
LIBRARIES = {
    "preact/dist/preact.mjs": "preact.mjs",
    "preact/hooks/dist/hooks.mjs": "preact-hooks.mjs",
    "htm/dist/htm.mjs": "htm.mjs",
    "qrcode-generator/dist/qrcode.mjs": "qrcode.mjs",
    "uplot/dist/uPlot.esm.js": "uplot.mjs",
    "uplot/dist/uPlot.min.css": "uplot.css",
    "lightweight-charts/dist/lightweight-charts.standalone.production.mjs": (
        "lightweight-charts.mjs"
    ),
}
# A browser knows no packages, only addresses.
BARE_IMPORT = re.compile(r'from"preact"')
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from\s*"(\.[^"]+)"|^import\s+"(\.[^"]+)"', re.M)


def copy_libraries(modules: Path) -> bool:
    """Copy what pages import from node_modules; return whether anything was new."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    changed = False
    for source, name in LIBRARIES.items():
        text = BARE_IMPORT.sub('from"./preact.mjs"', (modules / source).read_text("utf-8"))
        target = VENDOR / name
        if not target.is_file() or target.read_text("utf-8") != text:
            target.write_text(text, "utf-8")
            changed = True
    return changed


def build(static: Path = STATIC, site: Path = SITE) -> str:
    """Make the site anew from what is in `static`; return the name of the release."""
    files = sorted(_files(static))
    release = _release(static, files)
    below = site / "r" / release
    for file in files:
        part = file.relative_to(static)
        target = (below if part.parts[0] in RELEASED else site) / part
        if part.as_posix() in ("index.html", "sw.js", ROUTES):
            continue  # name the release, so they come last
        _copy(file, target)
    frame = reached(static, ENTRY)
    if (static / ROUTES).is_file():
        text = (static / ROUTES).read_text("utf-8")
        needs = {
            page: [f"/r/{release}/{one}" for one in sorted(reached(static, module) - frame)]
            for page in PAGE.findall(text)
            if (static / (module := f"app/pages/{page}.js")).is_file()
        }
        _write(below / ROUTES, text.replace(MODULES, json.dumps(needs, separators=(",", ":"))))
    preloads = "\n    ".join(
        f'<link rel="modulepreload" href="/r/{release}/{module}">'
        for module in sorted(frame - {ENTRY})
    )
    page = (static / "index.html").read_text("utf-8").replace(PRELOADS, preloads)
    for folder in RELEASED:
        page = page.replace(f'"/{folder}/', f'"/r/{release}/{folder}/')
    _write(site / "index.html", page)
    if (static / "sw.js").is_file():
        told = {"release": release, "files": _shell(static, files, release)}
        text = (static / "sw.js").read_text("utf-8").replace(RELEASE, json.dumps(told))
        _write(site / "sw.js", text)
    _forget(static, site, release)
    return release


def newest_change(static: Path = STATIC) -> float:
    """Return the time of the newest file the site is made from."""
    return max(file.stat().st_mtime for file in _files(static))


def reached(static: Path, module: str) -> set[str]:
    """Return `module` and every module it imports, by paths below `static`."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for one, other in IMPORT.findall((static / path).read_text("utf-8")):
            target = (static / path).parent / (one or other)
            waiting.append(target.resolve().relative_to(static.resolve()).as_posix())
    return found


def _files(static: Path) -> Iterator[Path]:
    return (file for file in static.rglob("*") if file.is_file() and file.name[0] != ".")


def _release(static: Path, files: list[Path]) -> str:
    told = hashlib.sha256()
    for file in files:
        part = file.relative_to(static)
        if part.parts[0] in RELEASED:
            told.update(f"{part.as_posix()}\n{file.stat().st_size}\n".encode())
            told.update(file.read_bytes())
    return told.hexdigest()[:12]


def _shell(static: Path, files: list[Path], release: str) -> list[str]:
    """Return the addresses of all that pages need to be shown without a network."""
    parts = [file.relative_to(static) for file in files]
    needed = [
        part
        for part in parts
        if part.parts[0] in ("app", "styles")
        or (part.parts[0] == "vendor" and part.name in SHELL_LIBRARIES)
    ]
    return ["/", *(f"/r/{release}/{part.as_posix()}" for part in needed)]


def _copy(source: Path, target: Path) -> None:
    same = target.is_file() and target.stat().st_mtime >= source.stat().st_mtime
    if not same or target.stat().st_size != source.stat().st_size:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _write(target: Path, text: str) -> None:
    if not target.is_file() or target.read_text("utf-8") != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def _forget(static: Path, site: Path, release: str) -> None:
    """Remove what no longer belongs to the site; of releases all but the last before this one,
    which pages that are open, and who serves them, may still read.
    """
    older = [one for one in (site / "r").iterdir() if one.name != release]
    for old in sorted(older, key=lambda one: one.stat().st_mtime)[:-1]:
        shutil.rmtree(old)
    for file in list(_files(site)):
        part = file.relative_to(site)
        if part.parts[0] == "r" and part.parts[1] != release:
            continue
        source = static / (Path(*part.parts[2:]) if part.parts[0] == "r" else part)
        if not source.is_file():
            file.unlink()
