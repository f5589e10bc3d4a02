import { fetchPage } from "./asking.js";
import { Failure, Skeleton } from "../../ui/page.js";
import { html, useCallback, useEffect, useState } from "../../ui/preact.js";

/**
 * @typedef {object} Pages a list that goes on page by page
 * @property {any[] | null} rows null until the first page came
 * @property {string | null} next where the next page begins
 * @property {any} error
 * @property {boolean} busy
 * @property {() => void} more
 * @property {() => void} again
 */

/**
 * @param {string} path with all its parameters but the cursor; another path is another list
 * @returns {Pages}
 */
export function usePages(path) {
  const [told, setTold] = useState(/** @type {any} */ ({ path, rows: null, next: null, error: null }));
  const [busy, setBusy] = useState(false);
  const current = told.path === path ? told : { rows: null, next: null, error: null };

  const load = useCallback(
    async (/** @type {string | null} */ cursor, /** @type {AbortSignal | undefined} */ lifetime) => {
      setBusy(true);
      try {
        const { data, meta } = await fetchPage(path, cursor, lifetime);
        setTold((/** @type {any} */ before) => ({
          path,
          rows: cursor && before.path === path ? [...before.rows, ...data] : data,
          next: meta.next,
          error: null,
        }));
      } catch (error) {
        if (lifetime?.aborted) return;
        setTold((/** @type {any} */ before) => ({
          path,
          rows: before.path === path ? before.rows : null,
          next: before.path === path ? before.next : null,
          error,
        }));
      } finally {
        setBusy(false);
      }
    },
    [path],
  );
  useEffect(() => {
    const lifetime = new AbortController();
    load(null, lifetime.signal);
    return () => lifetime.abort();
  }, [load]);
  return { ...current, busy, more: () => load(current.next), again: () => load(null) };
}

/**
 * @param {{of: Pages, empty: any, children: (rows: any[]) => any}} properties
 */
export function MorePages({ of: pages, empty, children }) {
  if (pages.rows === null) {
    return pages.error ? html`<${Failure} error=${pages.error} retry=${pages.again} />` : html`<${Skeleton} rows=${4} />`;
  }
  if (pages.rows.length === 0) return empty;
  return html`
    ${children(pages.rows)}
    ${pages.error && html`<p class="form-error" role="alert">${pages.error.message}</p>`}
    ${pages.next && html`<p class="more"><button class="button" type="button" disabled=${pages.busy} onClick=${pages.more}>
      ${pages.busy ? "Loading …" : "Show older"}</button></p>`}
  `;
}
