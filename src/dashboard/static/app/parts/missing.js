import { Panel } from "../ui/figures.js";
import { Empty } from "../ui/page.js";
import { html } from "../ui/preact.js";

/** A panel that no source fills at the moment. @param {{title: string}} properties */
export function Missing({ title }) {
  return html`<${Panel} title=${title}>
    <${Empty} title="No source tells this now" text="It appears here as soon as one does." />
  <//>`;
}
