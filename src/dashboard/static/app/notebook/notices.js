import { Icon } from "../ui/icon.js";
import { html } from "../ui/preact.js";
import { useUser } from "../ui/store.js";

const megabytes = new Intl.NumberFormat(undefined, {
  style: "unit",
  unit: "megabyte",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** @param {{kernel: import("./kernel.js").Kernel}} properties */
export function KernelNotice({ kernel }) {
  if (kernel.state === "loading") {
    const { loaded, total } = kernel;
    const all = total > 0 && loaded >= total;
    return html`<div class="notice kernel-loading">
      <label class="kernel-progress">
        <span>${total === 0 ? "Python is asked for" : all ? "Python starts" : `Python is loaded: ${megabytes.format(loaded / 1e6)} of ${megabytes.format(total / 1e6)}`}</span>
        <progress max="1" value=${all || total === 0 ? undefined : loaded / total}></progress>
      </label>
      <span class="quiet">Once; this browser keeps it.</span>
    </div>`;
  }
  if (kernel.state === "failed") {
    return html`<div class="notice notice-stale" role="alert">
      <span>Python could not be loaded. ${kernel.failure}</span>
      <button class="button" type="button" onClick=${() => kernel.restart()}>Try again</button>
    </div>`;
  }
  return null;
}

/** What a visitor may read, and how to read the rest. */
export function VisitorNotice() {
  const { user, known } = useUser();
  if (!known || user) return null;
  return html`<p class="notice notebook-visitor">
    <${Icon} name="user" />
    <span>
      You are not signed in: cells can read what everybody may see on the dashboard, such as
      ${" "}<code>client.dashboard("overview")</code>. For signals, history, news and everything else,
      ${" "}<a href="/login?next=%2Fnotebook">sign in</a>; requests then count against your own limits.
    </span>
  </p>`;
}

/** @param {{trust: () => void}} properties */
export function StrangerNotice({ trust }) {
  return html`<div class="notice notice-stale notebook-stranger" role="alert">
    <${Icon} name="shield" />
    <span>
      This code is not yours. Whatever it does, it does as you: it can read what you can, and change
      what is yours. Read it before you run it.
    </span>
    <button class="button" type="button" onClick=${trust}>I have read it</button>
  </div>`;
}

/** @param {{text: string, link?: string, undo?: () => void, close: () => void}} properties */
export function Told({ text, link, undo, close }) {
  return html`<div class="notice notebook-told" role="status">
    <span>${text}</span>
    ${link && html`<input class="input notebook-link" readonly aria-label="Link" value=${link} onFocus=${select} />`}
    ${undo && html`<button class="button" type="button" onClick=${undo}>Go back to it</button>`}
    <button class="icon-button" type="button" aria-label="Close" onClick=${close}><${Icon} name="close" /></button>
  </div>`;
}

/** @param {any} event */
function select({ target }) {
  target.select();
}
