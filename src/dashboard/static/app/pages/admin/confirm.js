import { html } from "../../ui/preact.js";
import { Dialog } from "../../ui/dialog.js";

/**
 * Asks once more before something is done that others will feel.
 *
 * @param {object} properties
 * @param {string} properties.title the question
 * @param {any} properties.text what it means
 * @param {string} properties.label of the button that does it
 * @param {import("./acting.js").Acting} properties.acting
 * @param {() => Promise<void>} properties.run
 * @param {() => void} properties.close
 */
export function Confirm({ title, text, label, acting, run, close }) {
  return html`<${Dialog} title=${title} close=${close}>
    <p>${text}</p>
    ${acting.problem && html`<p class="form-error" role="alert">${acting.problem}</p>`}
    <p class="question-actions">
      <button class="button" type="button" onClick=${close}>Cancel</button>
      <button class="button button-primary" type="button" disabled=${acting.busy} onClick=${run}>
        ${acting.busy ? "One moment …" : label}
      </button>
    </p>
  <//>`;
}
