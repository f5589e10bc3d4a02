import { html, useCallback, useState } from "./preact.js";
import { Icon } from "./icon.js";

/**
 * What was just done, or why it could not be, with a way back. It stays until the next thing is
 * done or the reader closes it: nobody has to be quick.
 *
 * @typedef {object} Undo
 * @property {{text: string, wrong?: boolean, back?: () => void} | null} told
 * @property {(text: string, back?: () => void) => void} tell
 * @property {(error: any) => void} fail
 * @property {() => void} close
 */

/** @returns {Undo} */
export function useUndo() {
  const [told, setTold] = useState(/** @type {Undo["told"]} */ (null));
  const tell = useCallback(
    (/** @type {string} */ text, /** @type {(() => void) | undefined} */ back) => setTold({ text, back }),
    [],
  );
  const fail = useCallback(
    (/** @type {any} */ error) => setTold({ text: error?.message ?? "This could not be done.", wrong: true }),
    [],
  );
  const close = useCallback(() => setTold(null), []);
  return { told, tell, fail, close };
}

/** @param {{of: Undo}} properties */
export function UndoBar({ of: { told, close } }) {
  const undo = () => {
    close();
    told?.back?.();
  };
  return html`<div class="undo-place" role="status">
    ${told && html`<p class="undo-bar" data-wrong=${told.wrong ? "" : null}>
      <span>${told.text}</span>
      ${told.back && html`<button class="button" type="button" onClick=${undo}>Undo</button>`}
      <button class="icon-button" type="button" aria-label="Close this message" onClick=${close}><${Icon} name="close" /></button>
    </p>`}
  </div>`;
}
