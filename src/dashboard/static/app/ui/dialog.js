import { html, useEffect, useRef } from "./preact.js";

/**
 * A question that must be answered before anything else: the browser keeps the focus in it, Escape
 * closes it, and the focus goes back to where it was. One at a time; not even useId would tell two
 * apart, which begins anew in each tree of components.
 *
 * @param {{title: string, close: () => void, children: any}} properties
 */
export function Dialog({ title, close, children }) {
  const place = useRef(/** @type {any} */ (null));
  useEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    place.current.showModal();
    return () => before?.focus?.();
  }, []);
  return html`<dialog class="question" ref=${place} aria-labelledby="question" onClose=${close}
    onClick=${(/** @type {Event} */ event) => event.target === place.current && place.current.close()}>
    <div class="question-body">
      <h2 class="question-title" id="question">${title}</h2>
      ${children}
    </div>
  </dialog>`;
}
