import { h } from "../dom.js";
import { beyondStrip } from "../parts/beyond-strip.js";
import { kpiStrip } from "../parts/kpi-strip.js";
import { marketTable } from "../parts/market-table.js";
import { freshnessNotice } from "../parts/notices.js";
import { originLabel } from "../parts/origin-label.js";
import { signalFeed } from "../parts/signal-feed.js";
import { sourcesLink } from "../parts/sources-link.js";
import { setTitle } from "../router.js";

/** @type {import("../router.js").Page} */
export function showOverview(main, _parameters, lifetime) {
  setTitle();
  const columns = h("div", { class: "overview" }, marketTable(lifetime), signalFeed(lifetime));
  main.append(
    h(
      "div",
      { class: "page-head" },
      h("h1", { class: "page-title" }, "Overview"),
      originLabel(lifetime),
      sourcesLink(lifetime),
    ),
    freshnessNotice(lifetime),
    kpiStrip(lifetime),
    beyondStrip(lifetime),
    columns,
  );
  const chooseSection = () => {
    columns.dataset.section = location.hash === "#signals" ? "signals" : "markets";
  };
  addEventListener("sectionchange", chooseSection, { signal: lifetime });
  addEventListener("hashchange", chooseSection, { signal: lifetime });
  chooseSection();
}
