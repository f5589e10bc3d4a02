import { h } from "../dom.js";
import { isOn } from "../flags.js";
import { icon } from "../icons.js";
import { store } from "../store.js";

/**
 * @typedef {object} Place
 * @property {string} href
 * @property {string} label
 * @property {Parameters<typeof icon>[0]} icon
 * @property {string[]} [roles] who is led there; the API decides, and a test compares the two
 * @property {string} [flag] the feature that it is, which may be switched off (flags.js)
 * @property {boolean} [tab] stands in the bar of a narrow screen
 */

/** @type {{label: string, places: Place[]}[]} */
export const SECTIONS = [
  {
    label: "Market",
    places: [
      { href: "/", label: "Overview", icon: "overview", tab: true },
      { href: "/market", label: "Market", icon: "markets", tab: true },
      { href: "/signals", label: "Signals", icon: "price_anomaly", tab: true },
      { href: "/track-record", label: "Track record", icon: "target" },
    ],
  },
  {
    label: "Context",
    places: [
      { href: "/news", label: "News", icon: "news" },
      { href: "/defi", label: "DeFi", icon: "layers" },
      { href: "/on-chain", label: "On-chain and NFT", icon: "chain" },
    ],
  },
  {
    label: "Yours",
    places: [
      { href: "/watchlists", label: "Watchlists", icon: "star", tab: true },
      { href: "/alerts", label: "Alert rules", icon: "bell" },
      { href: "/reports", label: "Reports", icon: "report" },
      { href: "/notebook", label: "Notebook", icon: "notebook", flag: "notebook" },
      { href: "/usage", label: "Usage", icon: "volume_spike" },
      { href: "/settings", label: "Settings", icon: "settings" },
    ],
  },
  {
    label: "Operation",
    places: [
      { href: "/system", label: "System health", icon: "unusual_reading" },
      { href: "/revenue", label: "Revenue", icon: "coin", roles: ["admin"] },
      { href: "/admin", label: "Admin", icon: "shield", roles: ["admin"] },
    ],
  },
];

/**
 * Every way through the dashboard: a column on a wide screen, a bar with "More" on a narrow one.
 *
 * @param {HTMLElement} nav
 */
export function showNavigation(nav) {
  const column = h("div", { class: "navigation-column" }, sections());
  const sheet = h(
    "dialog",
    { class: "navigation-sheet", "aria-label": "All sections" },
    sections(),
    h(
      "button",
      { class: "button button-wide", type: "button", on: { click: () => sheet.close() } },
      "Close",
    ),
  );
  sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
  const count = h("span", { class: "tab-count" });
  const tabs = SECTIONS.flatMap(({ places }) => places).filter(({ tab }) => tab);
  const bar = h(
    "div",
    { class: "tab-bar" },
    tabs.map((place) => link(place, "tab", place.href === "/signals" ? count : null)),
    h(
      "button",
      { class: "tab", type: "button", on: { click: () => sheet.showModal() } },
      icon("more"),
      "More",
    ),
  );
  nav.append(column, bar, sheet);
  countUnseen(count);

  const mark = () => {
    for (const one of nav.querySelectorAll("a")) {
      const here = leadsTo(/** @type {HTMLAnchorElement} */ (one).pathname);
      if (here) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    }
  };
  const showAllowed = () => {
    for (const one of nav.querySelectorAll("[data-roles]")) {
      const roles = /** @type {HTMLElement} */ (one).dataset.roles?.split(" ") ?? [];
      /** @type {HTMLElement} */ (one).hidden = !roles.includes(store.user?.role ?? "");
    }
  };
  const showSwitchedOn = async () => {
    for (const one of nav.querySelectorAll("[data-flag]")) {
      const place = /** @type {HTMLElement} */ (one);
      place.hidden = !(await isOn(place.dataset.flag ?? ""));
    }
  };
  addEventListener("pagechange", () => {
    sheet.close();
    mark();
  });
  store.on("user", showAllowed);
  store.on("user", showSwitchedOn);
  showAllowed();
  mark();
}

function sections() {
  return SECTIONS.map(({ label, places }) =>
    h(
      "div",
      { class: "navigation-section" },
      h("p", { class: "navigation-label" }, label),
      h(
        "ul",
        {},
        places.map((place) => h("li", {}, link(place, "navigation-link"))),
      ),
    ),
  );
}

/**
 * @param {Place} place
 * @param {string} className
 * @param {Element | null} [more]
 */
function link({ href, label, icon: name, roles, flag }, className, more) {
  const data = { ...(roles && { roles: roles.join(" ") }), ...(flag && { flag }) };
  return h("a", { class: className, href, data }, icon(name), h("span", {}, label), more);
}

/** @param {string} path whether the page that is shown is this one, or below it */
function leadsTo(path) {
  const { pathname } = location;
  if (path === "/market" && pathname.startsWith("/asset/")) return true;
  if (path === "/news" && pathname.startsWith("/entity/")) return true;
  return path === "/" ? pathname === "/" : `${pathname}/`.startsWith(`${path}/`);
}

/** @param {HTMLElement} count of signals that came while another page was shown */
function countUnseen(count) {
  let unseen = 0;
  const tell = () => {
    count.textContent = unseen ? String(unseen) : "";
  };
  store.on("signal", () => {
    if (leadsTo("/signals")) return;
    unseen += 1;
    tell();
  });
  addEventListener("pagechange", () => {
    if (!leadsTo("/signals")) return;
    unseen = 0;
    tell();
  });
}
