import { html } from "./preact.js";

/**
 * A row of buttons of which exactly one is pressed.
 *
 * @param {object} properties
 * @param {string} properties.label names the group
 * @param {{value: string, label: string, title?: string}[]} properties.choices
 * @param {string | null} properties.chosen
 * @param {(value: string) => void} properties.choose
 */
export function Choice({ label, choices, chosen, choose }) {
  return html`<div class="choice-group" role="group" aria-label=${label}>
    ${choices.map(
      (choice) => html`<button
        key=${choice.value}
        class="choice"
        type="button"
        title=${choice.title}
        aria-pressed=${String(choice.value === chosen)}
        onClick=${() => choose(choice.value)}
      >
        ${choice.label}
      </button>`,
    )}
  </div>`;
}
