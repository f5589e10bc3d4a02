import { fetchView } from "../api.js";
import { html, useEffect, useRef, useState } from "./preact.js";

/**
 * Pages of a list behind the first one of its view.
 *
 * @param {string} view
 * @param {Record<string, string>} parameters of the first page
 * @param {string | null} first cursor that the first page told
 * @param {(data: any) => any[]} rowsOf
 */
export function useOlder(view, parameters, first, rowsOf) {
  const [older, setOlder] = useState(/** @type {any} */ ({ rows: [], next: undefined }));
  const [state, setState] = useState(/** @type {"idle" | "loading" | string} */ ("idle"));
  const asked = new URLSearchParams(parameters).toString();
  const current = useRef(asked);
  current.current = asked;
  useEffect(() => setOlder({ rows: [], next: undefined }), [asked]);
  const next = older.next === undefined ? first : older.next;

  const more = async () => {
    setState("loading");
    try {
      const query = new URLSearchParams({ ...parameters, cursor: String(next) });
      const { data, meta } = await fetchView(view, query.toString());
      if (current.current !== asked) return;
      setOlder((/** @type {any} */ before) => ({
        rows: [...before.rows, ...rowsOf(data)],
        next: meta.next,
      }));
      setState("idle");
    } catch (error) {
      setState(/** @type {Error} */ (error).message);
    }
  };
  return { rows: older.rows, next, more, state };
}

/** The button below a list that goes on. @param {{older: ReturnType<typeof useOlder>, label?: string}} properties */
export function MoreButton({ older, label = "Show older" }) {
  if (!older.next) return null;
  const failed = older.state !== "idle" && older.state !== "loading";
  return html`<p class="more">
    <button class="button" type="button" disabled=${older.state === "loading"} onClick=${older.more}>
      ${older.state === "loading" ? "Loading…" : label}
    </button>
    ${failed && html`<span class="form-error" role="alert">${older.state}</span>`}
  </p>`;
}
