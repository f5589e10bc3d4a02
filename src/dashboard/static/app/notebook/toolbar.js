import { Icon } from "../ui/icon.js";
import { html, useRef } from "../ui/preact.js";
import { EXAMPLES } from "./examples.js";

/**
 * @typedef {object} ToolbarActions
 * @property {() => void} runAll
 * @property {() => void} interrupt
 * @property {() => void} restart
 * @property {(file: File) => void} openFile
 * @property {() => void} download
 * @property {() => void} share
 * @property {(id: string) => void} openExample
 */

/** @param {{state: string, version: string, locked: boolean, actions: ToolbarActions}} properties */
export function Toolbar({ state, version, locked, actions }) {
  const file = useRef(/** @type {any} */ (null));
  const busy = state === "busy";
  return html`<div class="notebook-bar" role="group" aria-label="Notebook">
    <button class="button button-primary" type="button" disabled=${locked || busy || state === "loading"} onClick=${actions.runAll}>
      <${Icon} name="play" />Run all
    </button>
    <button class="button" type="button" disabled=${!busy} onClick=${actions.interrupt}>Interrupt</button>
    <button class="button" type="button" disabled=${state === "off" || locked} onClick=${actions.restart}>Restart</button>
    <span class="kernel-state" data-state=${state}>${STATES[state]}${version && ` · Python ${version}`}</span>
    <span class="notebook-files">
      <select class="input" aria-label="Examples" onChange=${choose}>
        <option value="">Examples</option>
        ${EXAMPLES.map(({ id, title }) => html`<option key=${id} value=${id}>${title}</option>`)}
      </select>
      <input class="visually-hidden" type="file" accept=".ipynb,application/json" aria-label="Notebook to open" tabindex="-1" ref=${file} onChange=${open} />
      <button class="button" type="button" onClick=${() => file.current.click()}>Open</button>
      <button class="button" type="button" onClick=${actions.download}><${Icon} name="download" />.ipynb</button>
      <button class="button" type="button" onClick=${actions.share}>Share</button>
    </span>
  </div>`;

  /** @param {any} event */
  function choose({ target }) {
    const { value } = target;
    target.value = "";
    if (value) actions.openExample(value);
  }

  /** @param {any} event */
  function open({ target }) {
    const [chosen] = target.files;
    target.value = "";
    if (chosen) actions.openFile(chosen);
  }
}

/** @type {Record<string, string>} */
const STATES = {
  off: "Python is not loaded",
  loading: "Python is loading",
  ready: "Ready",
  busy: "Running",
  failed: "Python could not be loaded",
};
