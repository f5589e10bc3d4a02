import { h } from "../dom.js";
import { formatCount } from "../format.js";
import { store } from "../store.js";

/**
 * How many sources are well, leading to the list of them.
 *
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement}
 */
export function sourcesLink(lifetime) {
  const link = h("a", { class: "sources-link", href: "#sources", hidden: true });
  const update = () => {
    const well = store.sources.filter((source) => source.state === "ok").length;
    link.hidden = store.sources.length === 0;
    link.textContent = `${formatCount(well)} of ${formatCount(store.sources.length)} sources OK`;
  };
  store.on("overview", update, lifetime);
  update();
  return link;
}
