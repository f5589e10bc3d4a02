import { Cell } from "../notebook/cell.js";
import { fromFile, newCell, toFile } from "../notebook/document.js";
import { EXAMPLES } from "../notebook/examples.js";
import { example, kept, linkTo, sharedIn } from "../notebook/keeping.js";
import { KernelNotice, StrangerNotice, Told, VisitorNotice } from "../notebook/notices.js";
import { Toolbar } from "../notebook/toolbar.js";
import { useNotebook } from "../notebook/use-notebook.js";
import { store } from "../store.js";
import { Feature } from "../ui/feature.js";
import { Icon } from "../ui/icon.js";
import { PageHead, Skeleton } from "../ui/page.js";
import { html, useEffect, useState } from "../ui/preact.js";

/** @import { Notebook } from "../notebook/document.js" */

export default { title: "Notebook", Page };

/** @typedef {{notebook: Notebook, trusted: boolean, own?: boolean, said?: string}} Opened */

function Page() {
  const [opened, setOpened] = useState(/** @type {Opened | null} */ (null));
  useEffect(() => {
    store.loadOverview().catch(() => {}); // says whether the data is simulated
    firstNotebook().then(setOpened);
  }, []);
  return html`
    <${PageHead}
      title="Notebook"
      lead="Python on CryptoIntel's data, in this browser: nothing to install, and your code stays here."
    />
    <${Feature} name="notebook">
      ${opened ? html`<${Shown} opened=${opened} />` : html`<${Skeleton} rows=${3} />`}
    <//>
  `;
}

/** @param {{opened: Opened}} properties */
function Shown({ opened }) {
  const own = useNotebook(opened.notebook);
  const [told, setTold] = useState(
    /** @type {{text: string, link?: string, undo?: () => void} | null} */ (null),
  );
  const { kernel, notebook } = own;
  /** @param {Opened} next */
  const open = ({ notebook: next, trusted, own: isOwn, said }) => {
    own.flush();
    const before = kept();
    const undo = () => {
      if (before) own.open(before, { trusted: true });
      setTold(null);
    };
    own.open(next, { trusted });
    if (said) setTold({ text: said });
    else setTold(before && !isOwn ? { text: "Your own notebook is still here.", undo } : null);
  };
  useEffect(() => open(opened), []);
  const actions = {
    ...own,
    addBelow: (/** @type {string | null} */ id, /** @type {any} */ type) => focus(own.addBelow(id, type)),
    run: (/** @type {string} */ id, /** @type {{next: boolean}} */ { next }) => {
      own.run(id);
      if (next) goOn(id);
    },
  };
  /** @param {string} id the cell behind it gets the focus, a new one at the end */
  const goOn = (id) => {
    const { cells } = own.notebook;
    const next = cells[cells.findIndex((cell) => cell.id === id) + 1];
    focus(next ? next.id : own.addBelow(null, "code"));
  };
  const files = {
    runAll: () => own.runAll(),
    interrupt: () => kernel.interrupt(),
    restart: () => kernel.restart(),
    download: () => download(`${notebook.name}.ipynb`, toFile(notebook)),
    share: async () => {
      const link = await linkTo(notebook);
      if (!link) return setTold({ text: "This is too much code for a link. Send the file instead." });
      const copied = await navigator.clipboard?.writeText(link).then(() => true, () => false);
      setTold({ text: copied ? "Copied: a link with the code, without results." : "A link with the code, without results:", link });
    },
    openFile: async (/** @type {File} */ file) => {
      try {
        const read = fromFile(await file.text(), file.name.replace(/\.ipynb$/, ""));
        open({ notebook: read, trusted: false });
      } catch (error) {
        setTold({ text: `${file.name} could not be opened. ${/** @type {Error} */ (error).message}` });
      }
    },
    openExample: async (/** @type {string} */ id) => {
      const { title } = EXAMPLES.find((one) => one.id === id) ?? EXAMPLES[0];
      try {
        open({ notebook: await example(id, title), trusted: true });
      } catch (error) {
        setTold({ text: /** @type {Error} */ (error).message });
      }
    },
  };
  return html`
    <div class="notebook">
      <${Toolbar} state=${kernel.state} version=${kernel.version} locked=${!own.trusted} actions=${files} />
      <${VisitorNotice} />
      <${KernelNotice} kernel=${kernel} />
      ${!own.trusted && html`<${StrangerNotice} trust=${own.trust} />`}
      ${told && html`<${Told} ...${told} close=${() => setTold(null)} />`}
      <p id="notebook-keys" class="notebook-keys">
        <kbd>Shift</kbd> <kbd>Enter</kbd> runs a cell and goes on, <kbd>Ctrl</kbd> <kbd>Enter</kbd> stays. <kbd>Tab</kbd> indents;
        after <kbd>Esc</kbd> it leaves the cell. Python is 13 MB, loaded when you first run a cell.
      </p>
      ${notebook.cells.map(
        (cell, place) => html`<${Cell} key=${cell.id} cell=${cell} place=${place} last=${place === notebook.cells.length - 1} locked=${!own.trusted} actions=${actions} />`,
      )}
      <div class="notebook-add">
        <button class="button" type="button" onClick=${() => actions.addBelow(null, "code")}><${Icon} name="plus" />Python</button>
        <button class="button" type="button" onClick=${() => actions.addBelow(null, "markdown")}><${Icon} name="plus" />Text</button>
        <span class="quiet">${own.isKept ? "Code is saved in this browser; results are not." : "This browser saves nothing: download the notebook to keep it."}</span>
      </div>
      <p class="visually-hidden" role="status">${own.said}</p>
    </div>
  `;
}

/** @returns {Promise<Opened>} what was shared with the reader, else what is kept, else an example */
async function firstNotebook() {
  try {
    const shared = await sharedIn(location.hash);
    if (shared) {
      history.replaceState(history.state, "", location.pathname);
      return { notebook: shared, trusted: false };
    }
  } catch {
    return { ...(await own()), said: "The link is damaged: nothing could be read from it." };
  }
  return own();
}

/** @returns {Promise<Opened>} */
async function own() {
  const before = kept();
  if (before) return { notebook: before, trusted: true, own: true };
  const [{ id, title }] = EXAMPLES;
  const notebook = await example(id, title).catch(() => ({ name: "Notebook", cells: [newCell()] }));
  return { notebook, trusted: true };
}

/** @param {string} id of a cell, which may not be on the page yet */
function focus(id) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const cell = document.getElementById(`cell-${id}`);
      cell?.querySelector("textarea")?.focus({ preventScroll: true });
      cell?.scrollIntoView({ block: "nearest" });
    }),
  );
}

/**
 * @param {string} name
 * @param {string} text
 */
function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
