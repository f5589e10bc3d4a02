"""The notebook: Python in the page, on the reader's own data, and nowhere else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.axe import violations
from tests.support.live import Live, eventually
from tests.support.signing_in import sign_in_browser

pytestmark = pytest.mark.browser

LOAD_MS = 120_000  # of Python on a slow machine
RUN_MS = 30_000
FETCH_AND_DRAW = """
from collections import Counter
from cryptointel import Client, plot

signals = Client().signals(limit=50)
print(*(signal["id"] for signal in signals))
by_type = Counter(signal["type"] for signal in signals)
plot(list(by_type), list(by_type.values()), kind="bar", title="Signals by type")
"""
AWAIT_PAGES = """
from cryptointel import AsyncClient

async with AsyncClient() as client:
    times = [bar["time"] async for bar in client.iter_bars("BTC", "1d", limit=2)]
print(len(times), times == sorted(times, reverse=True), client.rate_limit.remaining > 0)
"""
# How many pixels of the chart are not empty, and in how many colours.
PIXELS = """
(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const drawn = new Set();
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 0) continue;
    count += 1;
    drawn.add(data.slice(at, at + 4).join());
  }
  return [count, drawn.size];
}
"""


class Notebook:
    """The page of a reader who is signed in, whose Python is loaded once for all tests."""

    def __init__(self, context: BrowserContext, own: str) -> None:
        self.page = context.new_page()
        self.asked: list[str] = []
        context.on("request", lambda request: self.asked.append(request.url))
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.page.goto(f"{own}/notebook")

    def _hear(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.complaints.append(getattr(message, "text", ""))

    def begin(self, source: str) -> Locator:
        """Write a new cell, start it and return it."""
        field = add_cell(self.page)
        field.fill(source)
        field.press("Control+Enter")
        return self.page.locator(".cell").nth(self.page.locator(".cell").count() - 1)

    def run(self, source: str) -> Locator:
        """Run a new cell to its end and return it."""
        cell = self.begin(source)
        expect(cell).to_have_attribute("data-state", re.compile("done|failed"), timeout=LOAD_MS)
        return cell


def add_cell(page: Page) -> Locator:
    """Add a cell at the end of the notebook; return its field."""
    cells = page.locator(".cell")
    expect(cells).not_to_have_count(0)
    before = cells.count()
    page.get_by_role("button", name="Python", exact=True).click()
    expect(cells).to_have_count(before + 1)
    return cells.nth(before).get_by_role("textbox")


@pytest.fixture(scope="module")
def notebook(chromium: Browser, live: Live) -> Iterator[Notebook]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    sign_in_browser(context.request, live)
    opened = Notebook(context, live.system.ports.address("dashboard"))
    yield opened
    context.close()


def test_a_cell_fetches_signals_and_draws_them_asking_nobody_else(
    notebook: Notebook, live: Live
) -> None:
    known = [one["id"] for one in live.api("/api/v1/signals/all?limit=50").json()["data"]]
    assert known
    cell = notebook.run(FETCH_AND_DRAW)
    expect(cell.locator(".output-stdout")).to_have_text(" ".join(known))
    chart = cell.get_by_role("img", name=re.compile(r"^Signals by type; .* values from "))
    expect(chart).to_be_visible()
    count, colours = chart.locator("canvas").evaluate(PIXELS)
    assert count > 2000, "bars, axis and names"
    assert colours > 2
    cell.get_by_text("As a table").click()
    counted = cell.locator("td.data-number").all_text_contents()
    assert sum(map(int, counted)) == len(known)
    own = live.system.ports.address("dashboard")
    elsewhere = [url for url in notebook.asked if not url.startswith((f"{own}/", "data:", "blob:"))]
    assert elsewhere == []
    assert notebook.complaints == [], "the policy refused nothing that is needed"


def test_cells_await_and_read_page_after_page(notebook: Notebook) -> None:
    cell = notebook.run(AWAIT_PAGES)
    expect(cell.locator(".output-stdout")).to_have_text(re.compile(r"^[1-9]\d* True True\s*$"))


@pytest.mark.parametrize(
    "endless", ["while True: pass", "import asyncio\nawait asyncio.sleep(1e6)"]
)
def test_an_endless_cell_is_interrupted_and_its_names_are_still_there(
    notebook: Notebook, endless: str
) -> None:
    notebook.run("kept = 'still here'")
    cell = notebook.begin(f"print('begun', flush=True)\n{endless}")
    expect(cell.get_by_text("begun", exact=True)).to_be_visible(timeout=RUN_MS)
    notebook.page.get_by_role("button", name="Interrupt").click()
    expect(cell.get_by_text("Interrupted", exact=True)).to_be_visible(timeout=RUN_MS)
    expect(notebook.run("kept").locator(".output-value")).to_have_text("'still here'")


def test_a_traceback_shows_the_readers_lines_alone(notebook: Notebook) -> None:
    cell = notebook.run("def half(n):\n    return 1 / n\n\nhalf(0)")
    expect(cell.locator(".output-error-name")).to_have_text("ZeroDivisionError: division by zero")
    told = cell.locator(".output-traceback").text_content() or ""
    assert re.findall(r'File "(.+?)", line (\d+)', told) == [
        (f"<cell {number}>", line)
        for number, line in zip(re.findall(r"<cell (\d+)>", told), ("4", "2"), strict=True)
    ]
    failed = notebook.run("from cryptointel import Client\nClient().market_data('NOPE')")
    expect(failed.locator(".output-error-name")).to_contain_text("NotFound: 404 unknown-symbol")
    assert "site-packages" not in (failed.text_content() or "")


def test_what_a_cell_says_never_becomes_markup(notebook: Notebook) -> None:
    hostile = "<img src=x onerror=document.title='owned'>"
    cell = notebook.run(f"t = {hostile!r}\nprint(t)\n[{{t: t}}]")
    expect(cell.locator("td")).to_have_text(hostile)
    assert cell.locator("img").count() == 0


def test_the_notebook_is_a_file_that_jupyter_reads(notebook: Notebook, tmp_path: Path) -> None:
    page = notebook.page
    notebook.run("print('in the file')\n1 + 1")
    with page.expect_download() as got:
        page.get_by_role("button", name=".ipynb").click()
    path = tmp_path / "mine.ipynb"
    got.value.save_as(path)
    told = json.loads(path.read_text("utf-8"))
    assert (told["nbformat"], told["nbformat_minor"]) == (4, 5)
    last = told["cells"][-1]
    assert (last["cell_type"], "".join(last["source"])) == ("code", "print('in the file')\n1 + 1")
    assert [one["output_type"] for one in last["outputs"]] == ["stream", "execute_result"]


def test_it_breaks_no_rule_in_either_theme_and_fits_a_phone(notebook: Notebook) -> None:
    page = notebook.page
    page.emulate_media(reduced_motion="reduce")
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("theme$")).click()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_tab_indents_and_leaves_the_cell_after_escape(page: Page, live: Live) -> None:
    page.goto(live.system.ports.address("dashboard") + "/notebook")
    field = add_cell(page)
    expect(field).to_be_focused()
    page.keyboard.type("if x:")
    page.keyboard.press("Enter")
    page.keyboard.type("y")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("z")
    expect(field).to_have_value("if x:\n    y\n        z")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_a_visitor_is_told_what_can_be_read_and_where_to_sign_in(page: Page, live: Live) -> None:
    page.goto(live.system.ports.address("dashboard") + "/notebook")
    told = page.get_by_text("You are not signed in")
    expect(told).to_be_visible()
    expect(told.get_by_role("link", name="sign in")).to_have_attribute(
        "href", "/login?next=%2Fnotebook"
    )
    assert violations(page) == []


def test_shared_code_comes_without_results_and_is_not_run_before_it_was_read(
    page: Page, live: Live
) -> None:
    own = live.system.ports.address("dashboard")
    page.goto(f"{own}/notebook")
    add_cell(page).fill("print('shared')")
    page.get_by_role("button", name="Share").click()
    link = page.get_by_label("Link").input_value()
    assert link.startswith(f"{own}/notebook#code=")
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_text("This code is not yours")).to_be_visible()
    expect(page.locator(".cell").last.get_by_role("textbox")).to_have_value("print('shared')")
    run = page.get_by_role("button", name="Run all")
    expect(run).to_be_disabled()
    page.locator(".cell").last.get_by_role("textbox").press("Control+Enter")
    expect(page.get_by_text("Python is not loaded")).to_be_visible()
    page.get_by_role("button", name="I have read it").click()
    expect(run).to_be_enabled()


def test_code_is_kept_in_the_browser(page: Page, live: Live) -> None:
    page.goto(live.system.ports.address("dashboard") + "/notebook")
    add_cell(page).fill("mine = 1")
    eventually(lambda: "mine = 1" in page.evaluate("localStorage.getItem('notebook') ?? ''"))
    page.reload()
    expect(page.locator(".cell").last.get_by_role("textbox")).to_have_value("mine = 1")


def test_only_the_notebooks_worker_may_compile_and_only_its_page_is_isolated(live: Live) -> None:
    page, other, worker = (
        live.get("dashboard", path).headers for path in ("/notebook", "/", "/notebook/worker.js")
    )
    policy = "content-security-policy"
    assert "'wasm-unsafe-eval'" in worker[policy]
    assert "unsafe" not in page[policy] + other[policy]
    assert "'unsafe-eval'" not in worker[policy]
    assert "worker-src 'self'" in page[policy]
    assert page["cross-origin-embedder-policy"] == "require-corp"
    assert "cross-origin-embedder-policy" not in other
