import { h } from "../dom.js";
import { store } from "../store.js";
import { html, useLayoutEffect, useRef } from "../ui/preact.js";

/** @typedef {{href: string, label: string, count?: number}} Tab */

/**
 * The pages of a section, each with an address of its own.
 *
 * @param {{label: string, tabs: Tab[], current: string}} properties `current` is the address shown
 */
export function SectionTabs({ label, tabs, current }) {
  const place = useRef(/** @type {any} */ (null));
  useLayoutEffect(() => {
    // On a narrow screen the row is wider than the place that it has.
    const here = place.current.querySelector("[aria-current]");
    if (here) place.current.scrollLeft = here.offsetLeft - place.current.offsetLeft - 16;
  }, [current, tabs.map(({ count }) => count).join()]);
  return html`<nav class="section-tabs" aria-label=${label} ref=${place}>
    ${tabs.map(
      ({ href, label: name, count }) => html`<a
        key=${href}
        class="section-tab"
        href=${href}
        aria-current=${href === current ? "page" : null}
        >${name}${count ? html` <span class="section-count">${count}</span>` : null}</a
      >`,
    )}
  </nav>`;
}

/**
 * Usage and revenue are one section; the second is for administrators alone.
 *
 * @param {string} current
 * @param {AbortSignal} lifetime
 */
export function usageTabs(current, lifetime) {
  const tabs = [
    ["/usage", "Your usage"],
    ["/revenue", "Everybody’s revenue"],
  ].map(([href, label]) =>
    h(
      "a",
      { class: "section-tab", href, "aria-current": href === current ? "page" : null },
      label,
    ),
  );
  const nav = h("nav", { class: "section-tabs", "aria-label": "Usage and revenue" }, tabs);
  const show = () => {
    nav.hidden = store.user?.role !== "admin";
  };
  store.on("user", show, lifetime);
  show();
  return nav;
}
