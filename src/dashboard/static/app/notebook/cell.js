import { Icon } from "../ui/icon.js";
import { Native } from "../ui/native.js";
import { html, useRef, useState } from "../ui/preact.js";
import { editor } from "./editor.js";
import { Outputs } from "./outputs.js";
import { Note } from "./note.js";

/** @import { Cell as CellData } from "./document.js" */

/**
 * @typedef {object} CellActions
 * @property {(id: string, source: string) => void} write
 * @property {(id: string, how: {next: boolean}) => void} run
 * @property {(id: string, by: number) => void} move
 * @property {(id: string) => void} remove
 * @property {(id: string, type: "code" | "markdown") => void} addBelow
 */

/**
 * @param {{cell: CellData & {state?: string, milliseconds?: number}, place: number, last: boolean,
 *   locked: boolean, actions: CellActions}} properties
 */
export function Cell({ cell, place, last, locked, actions }) {
  const [writing, setWriting] = useState(cell.type === "code" || cell.source === "");
  const latest = useRef(actions);
  latest.current = actions;
  const name = `Cell ${place + 1}`;
  const isNote = cell.type === "markdown";
  const make = () =>
    editor({
      source: cell.source,
      label: `${name}, ${isNote ? "text" : "Python"}`,
      helpId: "notebook-keys",
      coloured: !isNote,
      onInput: (source) => latest.current.write(cell.id, source),
      onRun: (how) => {
        if (isNote) setWriting(false);
        latest.current.run(cell.id, how);
      },
    });
  return html`<section class="cell" data-type=${cell.type} data-state=${cell.state ?? ""} aria-label=${name} id=${`cell-${cell.id}`}>
    <div class="cell-side">
      <span class="cell-number" title="The how manyth it was to run">${isNote ? "" : `[${cell.number ?? " "}]`}</span>
      ${!isNote && html`<${RunButton} name=${name} busy=${cell.state} locked=${locked} run=${() => actions.run(cell.id, { next: false })} />`}
    </div>
    <div class="cell-body">
      ${writing
        ? html`<${Native} class="cell-editor" make=${make} />`
        : html`<${Note} source=${cell.source} edit=${() => setWriting(true)} name=${name} />`}
      <${Outputs} outputs=${cell.outputs} />
      ${cell.state === "done" && html`<p class="cell-time">${seconds(cell.milliseconds ?? 0)}</p>`}
    </div>
    <div class="cell-tools" role="group" aria-label=${`${name}, change`}>
      <${Tool} icon="chevron" turned label=${`Move ${name} up`} disabled=${place === 0} act=${() => actions.move(cell.id, -1)} />
      <${Tool} icon="chevron" label=${`Move ${name} down`} disabled=${last} act=${() => actions.move(cell.id, 1)} />
      <${Tool} icon="plus" label=${`Add a cell below ${name}`} act=${() => actions.addBelow(cell.id, "code")} />
      <${Tool} icon="trash" label=${`Delete ${name}`} act=${() => actions.remove(cell.id)} />
    </div>
  </section>`;
}

/** @param {any} properties */
function RunButton({ name, busy, locked, run }) {
  const waits = busy === "running" || busy === "waiting";
  return html`<button
    class="icon-button cell-run"
    type="button"
    aria-label=${`Run ${name}`}
    title="Run (Shift+Enter)"
    disabled=${waits || locked}
    onClick=${run}
  >
    ${waits ? html`<span class="spinner" data-waits=${busy === "waiting"}></span>` : html`<${Icon} name="play" />`}
  </button>`;
}

/** @param {any} properties */
function Tool({ icon, label, act, disabled, turned }) {
  return html`<button class="icon-button" type="button" data-turned=${turned} aria-label=${label} title=${label} disabled=${disabled} onClick=${act}>
    <${Icon} name=${icon} />
  </button>`;
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  const told = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
  return `${told.format(milliseconds / 1000)} s`;
}
