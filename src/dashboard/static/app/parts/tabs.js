import { h } from "../dom.js";
import { icon } from "../icons.js";
import { store } from "../store.js";
import { revenueLink } from "./revenue-link.js";

/**
 * The bar at the bottom of a narrow screen.
 *
 * @param {HTMLElement} nav
 */
export function showTabs(nav) {
  const count = h("span", { class: "tab-count" });
  const markets = h("a", { class: "tab", href: "/" }, icon("markets"), "Markets");
  const signals = h(
    "a",
    { class: "tab", href: "/#signals" },
    icon("price_anomaly"),
    "Signals",
    count,
  );
  nav.append(markets, signals, revenueLink("tab"));

  const mark = () => {
    const onOverview = location.pathname === "/";
    const onSignals = onOverview && location.hash === "#signals";
    markets.toggleAttribute("aria-current", false);
    signals.toggleAttribute("aria-current", false);
    if (onSignals) signals.setAttribute("aria-current", "page");
    else if (onOverview) markets.setAttribute("aria-current", "page");
    if (onSignals) count.textContent = "";
  };
  let unseen = 0;
  store.on("signal", () => {
    if (location.hash === "#signals") return;
    unseen += 1;
    count.textContent = String(unseen);
  });
  addEventListener("sectionchange", () => {
    if (location.hash === "#signals") unseen = 0;
    mark();
  });
  mark();
}
