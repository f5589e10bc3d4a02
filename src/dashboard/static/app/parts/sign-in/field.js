import { html, useState } from "../../ui/preact.js";

let fields = 0; // of the whole page: a dialog is a tree of its own, and useId counts in each anew

/**
 * A field with its label, and a hint below it.
 *
 * @param {any} properties `label`, `hint`, `change` (told the text), and the input's own attributes
 */
export function Field({ label, hint, change, inputRef, ...attributes }) {
  const [id] = useState(() => `field-${++fields}`);
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input class="input" id=${id} ref=${inputRef} aria-describedby=${hint ? `${id}-hint` : null}
      onInput=${(/** @type {any} */ event) => change(event.target.value)} ...${attributes} />
    ${hint && html`<p class="form-hint" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}
