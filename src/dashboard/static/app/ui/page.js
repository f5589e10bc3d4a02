import { fetchView } from "../api.js";
import { originLabel } from "../parts/origin-label.js";
import { setQuery, setTitle } from "../router.js";
import { store } from "../store.js";
import { Icon } from "./icon.js";
import { Native } from "./native.js";
import { html, render, useCallback, useEffect, useRef, useState } from "./preact.js";
import { useUser } from "./store.js";
import { Freshness } from "./times.js";

const SPREAD_MS = 2_000; // of readers who all hear of the same tick
const SLOW_MS = 60_000; // how often a view is asked for anyway: not everything is told by the stream

/**
 * @typedef {object} Loaded what is known of a view
 * @property {"loading" | "ready" | "failed"} status `ready` as long as there is something to show
 * @property {any} data
 * @property {any} meta
 * @property {import("../api.js").ApiError | null} error why it could not be loaded, or not anew
 * @property {string | null} keptAt when the answer was kept that is shown without a connection
 * @property {() => Promise<void>} reload
 */

/**
 * Loads a view of the dashboard and keeps it current: it is asked for again after a tick, when the
 * connection is back, and when `live` events of the store come.
 *
 * @param {string} view
 * @param {Record<string, string | number | null | undefined>} [parameters]
 * @param {{live?: string[]}} [how]
 * @returns {Loaded}
 */
export function useView(view, parameters = {}, { live = ["tick", "overview"] } = {}) {
  const asked = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const query = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  const [told, setTold] = useState(/** @type {any} */ ({ status: "loading" }));
  const newest = useRef(0);

  const load = useCallback(
    async (/** @type {AbortSignal} */ lifetime) => {
      const turn = ++newest.current;
      try {
        const { data, meta, keptAt } = await fetchView(view, query, lifetime);
        if (turn === newest.current) setTold({ status: "ready", data, meta, keptAt, error: null, query });
      } catch (error) {
        if (lifetime.aborted || turn !== newest.current) return;
        setTold((/** @type {any} */ before) =>
          before.status === "ready" && before.query === query
            ? { ...before, error }
            : { status: "failed", error, query },
        );
      }
    },
    [view, query],
  );

  useEffect(() => {
    const lifetime = new AbortController();
    let timer = 0;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => load(lifetime.signal), Math.random() * SPREAD_MS);
    };
    load(lifetime.signal);
    for (const event of live) store.on(event, soon, lifetime.signal);
    let reader = store.user?.email;
    let known = store.userKnown; // the first answer is for whoever is signed in anyway
    const another = () => {
      if (known && store.user?.email !== reader) load(lifetime.signal);
      reader = store.user?.email;
      known = true;
    };
    store.on("user", another, lifetime.signal);
    addEventListener("online", soon, { signal: lifetime.signal });
    const regularly = setInterval(() => document.hidden || load(lifetime.signal), SLOW_MS);
    return () => {
      lifetime.abort();
      clearTimeout(timer);
      clearInterval(regularly);
    };
  }, [load]);

  const reload = useCallback(() => load(new AbortController().signal), [load]);
  // What was told for other parameters is not shown for these.
  const current = told.query === query || told.status === "loading" ? told : { status: "loading" };
  return { data: null, meta: null, error: null, keptAt: null, ...current, reload };
}

/**
 * Shows what a view holds, or why it does not.
 *
 * @param {object} properties
 * @param {Loaded} properties.of
 * @param {(data: any, meta: any) => any} properties.children what to show of it
 * @param {any} [properties.skeleton] while it is loading
 * @param {(data: any) => boolean} [properties.isEmpty]
 * @param {any} [properties.empty] what to show instead of nothing
 */
export function View({ of: view, children, skeleton, isEmpty, empty }) {
  if (view.status === "loading") return skeleton ?? html`<${Skeleton} />`;
  if (view.status === "failed") return html`<${Failure} error=${view.error} retry=${view.reload} />`;
  return html`
    <${Outdated} view=${view} />
    ${isEmpty?.(view.data) ? empty : children(view.data, view.meta)}
  `;
}

/** @param {{view: Loaded}} properties */
function Outdated({ view }) {
  if (!view.keptAt && !view.error) return null;
  const why = view.keptAt
    ? "You are offline. This is what was last loaded,"
    : `This could not be renewed: ${view.error?.message ?? ""} It was loaded`;
  const at = view.keptAt ?? view.meta?.generated_at ?? null;
  return html`<p class="notice notice-stale" role="status">
    <${Icon} name="clock" /><span>${why} <${Freshness} at=${at} /></span>
  </p>`;
}

/** Bars where the content will be. @param {{rows?: number}} properties */
export function Skeleton({ rows = 3 }) {
  return html`<div class="skeletons" aria-busy="true" aria-label="Loading">
    ${Array.from({ length: rows }, (_, row) => html`<span key=${row} class="skeleton skeleton-row"></span>`)}
  </div>`;
}

/**
 * @param {{error: import("../api.js").ApiError | null, retry: () => void}} properties
 */
export function Failure({ error, retry }) {
  const { user } = useUser();
  if (!user && (error?.status === 401 || error?.status === 403)) return html`<${SignInFirst} />`;
  if (error?.status === 403) {
    return html`<${Empty} title="This is not for your role" text=${error.message} />`;
  }
  return html`<${Empty}
    title=${error?.status === 404 ? "There is nothing here" : "This could not be loaded"}
    text=${error?.message ?? ""}
    action=${{ label: "Try again", run: retry }}
  />`;
}

/** What a page says that only a signed-in reader has something on. @param {{title?: string, text?: string}} properties */
export function SignInFirst({ title = "Sign in to see this", text = "This page belongs to your account." }) {
  const next = encodeURIComponent(location.pathname + location.search);
  return html`<div class="empty-state">
    <p class="empty-title">${title}</p>
    <p class="empty-text">${text}</p>
    <a class="button button-primary" href=${`/login?next=${next}`}>Sign in</a>
  </div>`;
}

/**
 * @param {{title: string, text: any, action?: {label: string, run: () => void}, children?: any}} properties
 */
export function Empty({ title, text, action, children }) {
  return html`<div class="empty-state">
    <p class="empty-title">${title}</p>
    <p class="empty-text">${text}</p>
    ${action && html`<button class="button" type="button" onClick=${action.run}>${action.label}</button>`}
    ${children}
  </div>`;
}

/**
 * The head of a page: its title, and what belongs beside it.
 *
 * @param {{title: string, lead?: any, children?: any}} properties
 */
export function PageHead({ title, lead, children }) {
  useEffect(() => setTitle(title), [title]);
  return html`<div class="page-head">
      <h1 class="page-title">${title}</h1>
      <${Native} make=${originLabel} />
      ${children}
    </div>
    ${lead && html`<p class="page-lead">${lead}</p>`}`;
}

/**
 * The address's parameters, and a way to change some of them: the page's state that a link shares.
 *
 * @returns {[URLSearchParams, (changes: Record<string, string | null>, how?: {replace?: boolean}) => void]}
 */
export function useQuery() {
  const [search, setSearch] = useState(location.search);
  useEffect(() => {
    const renew = () => setSearch(location.search);
    addEventListener("sectionchange", renew);
    return () => removeEventListener("sectionchange", renew);
  }, []);
  return [new URLSearchParams(search), setQuery];
}

/**
 * Shows a page of components until the reader leaves it.
 *
 * @param {{title: string, Page: (properties: any) => any}} page
 * @param {HTMLElement} outlet
 * @param {string[]} parameters
 * @param {AbortSignal} lifetime
 */
export function mount({ title, Page }, outlet, parameters, lifetime) {
  setTitle(title);
  const place = document.createElement("div");
  place.className = "page-body";
  outlet.append(place);
  render(html`<${Page} parameters=${parameters} lifetime=${lifetime} />`, place);
  lifetime.addEventListener("abort", () => render(null, place));
}
