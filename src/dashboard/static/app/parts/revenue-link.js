import { h } from "../dom.js";
import { icon } from "../icons.js";
import { store } from "../store.js";

/** Who may see everybody's revenue; the API decides, and a test compares the two. */
const ROLES = ["admin"];

/**
 * The way to the revenue page, for those who may see it.
 *
 * @param {string} className
 * @returns {HTMLElement}
 */
export function revenueLink(className) {
  const link = h(
    "a",
    { class: className, href: "/revenue", hidden: true },
    icon("coin"),
    "Revenue",
  );
  const update = () => {
    link.hidden = !ROLES.includes(store.user?.role ?? "");
  };
  const mark = () => {
    if (location.pathname.startsWith("/revenue")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  };
  store.on("user", update);
  addEventListener("sectionchange", mark);
  update();
  mark();
  return link;
}
