import { fill, h, outsideLink } from "../dom.js";
import { store } from "../store.js";
import { age } from "./time.js";

const STATES = { ok: "OK", degraded: "Degraded", off: "Off" };
const FIRST = ["degraded", "off", "ok"];

/**
 * Where the data comes from, and how each source is doing.
 *
 * @param {HTMLElement} footer
 */
export function showFooter(footer) {
  const list = h("ul", { class: "source-list" });
  const section = h(
    "section",
    {
      class: "sources",
      id: "sources",
      tabindex: "-1",
      "aria-labelledby": "sources-title",
      hidden: true,
    },
    h("h2", { class: "footer-title", id: "sources-title" }, "Sources"),
    list,
  );
  footer.append(
    section,
    h(
      "p",
      { class: "footer-note" },
      "Signals are statistics, not investment advice. Charts by ",
      outsideLink("https://www.tradingview.com/", "TradingView"),
      ".",
    ),
  );
  store.on("overview", () => {
    section.hidden = store.sources.length === 0;
    const place = (/** @type {import("../types.js").Source} */ one) => FIRST.indexOf(one.state);
    fill(list, store.sources.toSorted((a, b) => place(a) - place(b)).map(sourceItem));
  });
}

/** @param {import("../types.js").Source} source */
function sourceItem(source) {
  return h(
    "li",
    { class: "source", data: { state: source.state } },
    h("span", { class: "source-dot", "aria-hidden": "true" }),
    outsideLink(source.attribution_url, source.attribution || source.source, "source-name"),
    h(
      "span",
      { class: "source-how" },
      h("span", { class: "source-state" }, STATES[source.state] ?? source.state),
      " ",
      source.last_success && age(source.last_success, { className: "source-age" }),
    ),
    source.reason && h("span", { class: "source-reason" }, source.reason),
  );
}
