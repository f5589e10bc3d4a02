import { wasCancelled } from "../../passkeys.js";
import { ProofDeclined, withProof } from "../../proof.js";
import { Failure, Skeleton } from "../../ui/page.js";
import { html, useCallback, useEffect, useState } from "../../ui/preact.js";

/**
 * What a section shows of the account: asked for when it appears, and again after a change.
 *
 * @template T
 * @param {() => Promise<T>} fetchIt
 * @returns {{data: T | null, error: any, reload: () => Promise<void>}}
 */
export function useAsked(fetchIt) {
  const [told, setTold] = useState(/** @type {any} */ ({ data: null, error: null }));
  const reload = useCallback(async () => {
    try {
      setTold({ data: await fetchIt(), error: null });
    } catch (error) {
      setTold((/** @type {any} */ before) => ({ ...before, error }));
    }
  }, []);
  useEffect(() => {
    reload();
  }, []);
  return { ...told, reload };
}

/** @param {{of: ReturnType<typeof useAsked>, children: (data: any) => any}} properties */
export function Asked({ of: asked, children }) {
  if (asked.data !== null) return children(asked.data);
  return asked.error ? html`<${Failure} error=${asked.error} retry=${asked.reload} />` : html`<${Skeleton} />`;
}

/**
 * Runs changes one after the other and says how it went; asks for a proof where one is needed.
 *
 * @returns {{busy: boolean, failure: string, done: string, clear: () => void,
 *   run: (action: () => Promise<any>, done?: string) => Promise<boolean>}}
 */
export function useAction() {
  const [state, setState] = useState({ busy: false, failure: "", done: "" });
  const run = useCallback(async (/** @type {() => Promise<any>} */ action, done = "") => {
    setState({ busy: true, failure: "", done: "" });
    try {
      await withProof(action);
      setState({ busy: false, failure: "", done });
      return true;
    } catch (error) {
      const quiet = error instanceof ProofDeclined || wasCancelled(error);
      setState({ busy: false, failure: quiet ? "" : /** @type {Error} */ (error).message, done: "" });
      return false;
    }
  }, []);
  const clear = useCallback(() => setState({ busy: false, failure: "", done: "" }), []);
  return { ...state, run, clear };
}

/** What came of an action. @param {{of: {failure: string, done: string}}} properties */
export function Outcome({ of: { failure, done } }) {
  return html`<p class=${failure ? "form-error" : "form-done"} role=${failure ? "alert" : "status"}>${failure || done}</p>`;
}

/** @param {{title: string, note?: any, children: any, action?: any}} properties */
export function Panel({ title, note, children, action }) {
  return html`<section class="panel settings-panel">
    <div class="panel-head"><h2 class="panel-title">${title}</h2>${action}</div>
    ${note && html`<p class="settings-note">${note}</p>`}
    ${children}
  </section>`;
}
