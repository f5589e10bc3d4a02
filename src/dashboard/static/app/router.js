/**
 * @callback Page
 * @param {HTMLElement} main emptied for the page
 * @param {string[]} parameters the path's captured parts, decoded
 * @param {AbortSignal} lifetime aborts when the reader leaves the page
 * @returns {void}
 */

/**
 * @typedef {object} Route
 * @property {RegExp} pattern
 * @property {Page} page
 * @property {boolean} [alone] is a document of its own: it is not part of the dashboard's frame,
 *   and its policy (_headers) holds for it and for nothing else
 */

/** @type {Route[]} */
let routes = [];
/** @type {HTMLElement} */
let outlet;
let leaving = new AbortController();
let shownPath = "";
/** Where each history entry was scrolled to; the browser restores it before the page has height. */
const scrolled = new Map();

/**
 * @param {HTMLElement} main
 * @param {Route[]} table the first match is shown; the last must match all
 */
export function startRouter(main, table) {
  outlet = main;
  routes = table;
  history.scrollRestoration = "manual";
  addEventListener("popstate", () => show({ back: true }));
  document.addEventListener("click", followLink);
  show({ back: false });
}

/** @param {string} path */
export function standsAlone(path) {
  return find(path).alone;
}

/** @param {string} path */
export function navigate(path) {
  const { pathname } = new URL(path, location.href);
  if (standsAlone(location.pathname) || standsAlone(pathname)) return location.assign(path);
  scrolled.set(entryKey(), scrollY);
  history.pushState({ key: Date.now() }, "", path);
  show({ back: false });
}

/** @param {string} [name] of the page, written before the product's */
export function setTitle(name) {
  document.title = name ? `${name} · CryptoIntel` : "CryptoIntel";
}

/** @param {MouseEvent} event */
function followLink(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = /** @type {Element} */ (event.target).closest("a");
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download"))
    return;
  event.preventDefault();
  const href = link.getAttribute("href") ?? "";
  if (href.startsWith("#")) return goTo(href.slice(1));
  navigate(link.pathname + link.search + link.hash);
}

/**
 * Moves to a part of this page; the address stays, so that "back" leaves the page.
 *
 * @param {string} id
 */
function goTo(id) {
  const target = document.getElementById(id);
  target?.scrollIntoView();
  target?.focus({ preventScroll: true });
}

/** @param {{back: boolean}} how */
function show({ back }) {
  const samePage = shownPath === location.pathname;
  const first = shownPath === "";
  shownPath = location.pathname;
  if (!samePage) {
    leaving.abort();
    leaving = new AbortController();
    outlet.replaceChildren();
    const { match, page } = find(location.pathname);
    page(outlet, match.slice(1).map(decode), leaving.signal);
  }
  dispatchEvent(new Event("sectionchange"));
  scrollTo({ top: back ? (scrolled.get(entryKey()) ?? 0) : 0, behavior: "instant" });
  if (!first && !samePage) outlet.focus({ preventScroll: true });
}

/** @param {string} path */
function find(path) {
  for (const { pattern, page, alone = false } of routes) {
    const match = pattern.exec(path);
    if (match) return { match, page, alone };
  }
  throw new Error("the last route must match every path");
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function entryKey() {
  return history.state?.key ?? "first";
}
