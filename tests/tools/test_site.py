"""The static site: every file under the name of its release, and nothing else."""

import gzip
import json
import re
from pathlib import Path

import pytest

from tools.system import site

SHELL_BYTES = 150_000  # compressed, before charts

INDEX = """<!doctype html>
<link rel="stylesheet" href="/styles/base.css">
<!-- preloads -->
<script type="module" src="/app/main.js"></script>
"""


@pytest.fixture
def static(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    for name, text in {
        "index.html": INDEX,
        "sw.js": "const RELEASE = /*RELEASE*/ null;\n",
        "favicon.svg": "<svg/>",
        "app/main.js": 'import {\n  one,\n} from "./parts/one.js";\nimport("./pages/far.js");\n',
        "app/parts/one.js": 'export { two } from "../two.js";\n',
        "app/two.js": 'import "../vendor/preact.mjs";\nexport const two = 2;\n',
        "app/pages/far.js": "export default null;\n",
        "styles/base.css": "a {}\n",
        "vendor/preact.mjs": "export {};\n",
        "vendor/large.wasm": "…",
    }.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def files(built: Path) -> set[str]:
    return {file.relative_to(built).as_posix() for file in built.rglob("*") if file.is_file()}


def test_what_belongs_to_a_release_bears_its_name_and_the_rest_keeps_its_address(
    static: Path, tmp_path: Path
) -> None:
    release = site.build(static, tmp_path / "site")
    assert re.fullmatch("[0-9a-f]{12}", release)
    below = f"r/{release}"
    assert files(tmp_path / "site") == {
        "index.html", "sw.js", "favicon.svg", f"{below}/app/main.js", f"{below}/app/parts/one.js",
        f"{below}/app/two.js", f"{below}/app/pages/far.js", f"{below}/styles/base.css",
        f"{below}/vendor/preact.mjs", f"{below}/vendor/large.wasm",
    }  # fmt: skip


def test_the_page_names_the_release_and_what_its_script_reaches(
    static: Path, tmp_path: Path
) -> None:
    release = site.build(static, tmp_path / "site")
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert f'href="/r/{release}/styles/base.css"' in page
    assert f'src="/r/{release}/app/main.js"' in page
    preloads = re.findall(r'modulepreload" href="([^"]+)"', page)
    names = ("app/parts/one.js", "app/two.js", "vendor/preact.mjs")
    assert preloads == [f"/r/{release}/{name}" for name in names]


def test_the_service_worker_is_told_all_that_pages_need_without_a_network(
    static: Path, tmp_path: Path
) -> None:
    release = site.build(static, tmp_path / "site")
    text = (tmp_path / "site" / "sw.js").read_text("utf-8")
    told = json.loads(text.removeprefix("const RELEASE = ").removesuffix(";\n"))
    assert told["release"] == release
    assert f"/r/{release}/app/pages/far.js" in told["files"]
    assert f"/r/{release}/vendor/preact.mjs" in told["files"]
    assert f"/r/{release}/vendor/large.wasm" not in told["files"]
    assert told["files"][0] == "/"


@pytest.mark.parametrize("name", ["app/two.js", "styles/base.css", "vendor/preact.mjs"])
def test_any_change_is_another_release(static: Path, tmp_path: Path, name: str) -> None:
    before = site.build(static, tmp_path / "site")
    (static / name).write_text("changed", "utf-8")
    after = site.build(static, tmp_path / "site")
    assert after != before
    assert {one.name for one in (tmp_path / "site" / "r").iterdir()} == {before, after}
    assert (tmp_path / "site" / "r" / after / name).read_text("utf-8") == "changed"


def test_of_older_releases_the_last_one_stays_for_pages_that_are_open(
    static: Path, tmp_path: Path
) -> None:
    names = []
    for text in ("one", "two", "three"):
        (static / "app/two.js").write_text(text, "utf-8")
        names.append(site.build(static, tmp_path / "site"))
    assert {one.name for one in (tmp_path / "site" / "r").iterdir()} == set(names[1:])


def test_a_page_names_the_modules_that_it_is_made_of_besides_the_frames(
    static: Path, tmp_path: Path
) -> None:
    (static / "app/routes.js").write_text(
        'export const M = /*MODULES*/ {};\nexport const R = [{ page: "far" }];\n', "utf-8"
    )
    (static / "app/main.js").write_text('import "./routes.js";\n', "utf-8")
    (static / "app/pages/far.js").write_text('import "../parts/one.js";\n', "utf-8")
    release = site.build(static, tmp_path / "site")
    below = tmp_path / "site" / "r" / release
    told = (below / "app/routes.js").read_text("utf-8").partition(" = ")[2].partition(";")[0]
    names = ("app/pages/far.js", "app/parts/one.js", "app/two.js", "vendor/preact.mjs")
    assert json.loads(told) == {"far": [f"/r/{release}/{name}" for name in names]}


def test_what_is_built_twice_from_the_same_files_is_the_same(static: Path, tmp_path: Path) -> None:
    assert site.build(static, tmp_path / "one") == site.build(static, tmp_path / "other")


def test_a_file_that_is_gone_goes_from_the_site(static: Path, tmp_path: Path) -> None:
    site.build(static, tmp_path / "site")
    (static / "favicon.svg").unlink()
    site.build(static, tmp_path / "site")
    assert not (tmp_path / "site" / "favicon.svg").exists()


def test_every_import_of_the_pages_leads_to_a_module() -> None:
    modules = [file.relative_to(site.STATIC) for file in (site.STATIC / "app").rglob("*.js")]
    for module in modules:
        for reached in site.reached(site.STATIC, module.as_posix()):
            assert (site.STATIC / reached).is_file(), f"{module} imports {reached}"


def test_no_module_is_imported_past_its_release() -> None:
    for file in (site.STATIC / "app").rglob("*.js"):
        found = re.findall(r'(?:from|import|import\()\s*"(/[^"]*)"', file.read_text("utf-8"))
        assert found == [], f"{file.name} imports by an address that names no release"


def test_every_page_that_is_led_to_has_its_module_and_its_styles() -> None:
    text = (site.STATIC / "app" / "routes.js").read_text("utf-8")
    for page in site.PAGE.findall(text):
        assert (site.STATIC / "app" / "pages" / f"{page}.js").is_file(), page
    for listed in re.findall(r"styles: \[([^\]]+)\]", text):
        for name in re.findall(r'"([^"]+)"', listed):
            assert (site.STATIC / "styles" / f"{name}.css").is_file(), name


def test_the_shell_of_the_dashboard_is_small() -> None:
    page = (site.STATIC / "index.html").read_text("utf-8")
    linked = [name.removeprefix("/") for name in re.findall(r'(?:href|src)="(/[^"]+)"', page)]
    parts = {*linked, *site.reached(site.STATIC, site.ENTRY), "index.html"}
    sizes = {name: len(gzip.compress((site.STATIC / name).read_bytes())) for name in parts}
    assert sum(sizes.values()) < SHELL_BYTES, sizes
