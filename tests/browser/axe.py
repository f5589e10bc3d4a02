"""What axe-core says of a page: rules of WCAG 2.2 AA that it breaks."""

from functools import cache

from playwright.sync_api import Page

from tools.system.layout import PROJECT

SCRIPT = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
# What a violation is: the rule, what it says, and the elements it is about.
RUN = """
async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return violations.map((one) =>
    `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) =>
      `${node.target.join(" ")} ${node.any.concat(node.all).map((c) => c.message).join("; ")}`,
    ).join(" | ")}`);
}
"""


@cache
def _source() -> str:
    return SCRIPT.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands, nothing for a good one."""
    if not page.evaluate("Boolean(window.axe)"):
        # Not a script of the page: its policy would refuse that, and rightly.
        page.evaluate(_source())
    found: list[str] = page.evaluate(RUN)
    return found
