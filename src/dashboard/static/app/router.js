import { mount } from "./ui/page.js";

/**
 * @callback Page
 * @param {HTMLElement} main emptied for the page
 * @param {string[]} parameters the path's captured parts, decoded
 * @param {AbortSignal} lifetime aborts when the reader leaves the page
 * @returns {void}
 */

/** @typedef {Page | {title: string, Page: (properties: any) => any}} PageModule a function, or a component */

/**
 * @typedef {object} Route
 * @property {RegExp} pattern
 * @property {string} page name of a module in pages/, whose default export is a PageModule
 * @property {string[]} [styles] files of ../styles/ that the page needs besides the frame's
 * @property {boolean} [alone] is a document of its own: it is not part of the dashboard's frame,
 *   and its policy (_headers) holds for it and for nothing else
 */

/** @type {Route[]} */
let routes = [];
/** @type {Record<string, string[]>} */
let modules = {};
/** @type {HTMLElement} */
let outlet;
let leaving = new AbortController();
let shownPath = "";
const STYLES = new URL("../styles/", import.meta.url);
const RELOADED = "reloaded-for-a-release";
/** Where each history entry was scrolled to; the browser restores it before the page has height. */
const scrolled = new Map();

/**
 * @param {HTMLElement} main
 * @param {Route[]} table the first match is shown; the last must match all
 * @param {Record<string, string[]>} needs addresses of the modules that a page is made of
 */
export function startRouter(main, table, needs) {
  outlet = main;
  routes = table;
  modules = needs;
  history.scrollRestoration = "manual";
  addEventListener("popstate", () => show({ back: true }));
  document.addEventListener("click", followLink);
  show({ back: false });
}

/** @param {string} path */
export function standsAlone(path) {
  return find(path).route.alone ?? false;
}

/** @param {string} path */
export function navigate(path) {
  const { pathname } = new URL(path, location.href);
  if (standsAlone(location.pathname) || standsAlone(pathname)) return location.assign(path);
  scrolled.set(entryKey(), scrollY);
  history.pushState({ key: Date.now() }, "", path);
  show({ back: false });
}

/**
 * Changes some of the address's parameters; the page stays.
 *
 * @param {Record<string, string | null>} changes null removes one
 * @param {{replace?: boolean}} [how] without an entry of its own in the history
 */
export function setQuery(changes, { replace = true } = {}) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  const address = location.pathname + (text && `?${text}`) + location.hash;
  if (replace) history.replaceState(history.state, "", address);
  else history.pushState({ key: Date.now() }, "", address);
  dispatchEvent(new Event("sectionchange"));
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
async function show({ back }) {
  const samePage = shownPath === location.pathname;
  const first = shownPath === "";
  shownPath = location.pathname;
  if (!samePage) {
    leaving.abort();
    leaving = new AbortController();
    const lifetime = leaving.signal;
    dispatchEvent(new Event("pagechange"));
    const { match, route } = find(location.pathname);
    const page = await load(route);
    if (!page || lifetime.aborted) return;
    outlet.replaceChildren();
    const parameters = match.slice(1).map(decode);
    if (typeof page === "function") page(outlet, parameters, lifetime);
    else mount(page, outlet, parameters, lifetime);
  }
  dispatchEvent(new Event("sectionchange"));
  scrollTo({ top: back ? (scrolled.get(entryKey()) ?? 0) : 0, behavior: "instant" });
  if (!first && !samePage) outlet.focus({ preventScroll: true });
}

/**
 * @param {Route} route
 * @returns {Promise<PageModule | null>} null when the whole page is being loaded anew
 */
async function load({ page, styles = [] }) {
  for (const href of modules[page] ?? []) preload(href);
  try {
    const [module] = await Promise.all([import(`./pages/${page}.js`), ...styles.map(need)]);
    sessionStorage.removeItem(RELOADED);
    return module.default;
  } catch (error) {
    // The release this page is of may be gone: the newest one has the module under its own name.
    if (!navigator.onLine || sessionStorage.getItem(RELOADED)) {
      const { default: page } = await import("./pages/not-loaded.js");
      return page;
    }
    sessionStorage.setItem(RELOADED, "yes");
    location.reload();
    return null;
  }
}

/** @param {string} href of a module that will be wanted in a moment */
function preload(href) {
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
}

/**
 * @param {string} name of a stylesheet, which stays once it was needed
 * @returns {Promise<void>} when it can be used
 */
function need(name) {
  const { href } = new URL(`${name}.css`, STYLES);
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => reject(new Error(`${name}.css could not be loaded`)));
    document.head.append(link);
  });
}

/** @param {string} path */
function find(path) {
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (match) return { match, route };
  }
  throw new Error("the last route must match every path");
}

/** @param {string | undefined} part what the path leaves out stays left out */
function decode(part) {
  if (part === undefined) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function entryKey() {
  return history.state?.key ?? "first";
}
