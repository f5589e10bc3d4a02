import { html } from "../ui/preact.js";

/**
 * Text between the cells: headings, paragraphs, lists and `code` of Markdown, as elements whose
 * texts are texts.
 *
 * @param {{source: string, name: string, edit: () => void}} properties
 */
export function Note({ source, name, edit }) {
  return html`<div class="note" onDblClick=${edit}>
    ${source.split(/\n\s*\n/).map((block, place) => html`<${Block} key=${place} text=${block.trim()} />`)}
    <button class="note-edit" type="button" aria-label=${`Edit ${name}`} onClick=${edit}>Edit</button>
  </div>`;
}

/** @param {{text: string}} properties */
function Block({ text }) {
  const heading = /^(#{1,4}) +([^\n]*)\n?([^]*)$/.exec(text);
  if (heading) {
    const title = html`<${Inline} text=${heading[2]} />`;
    return html`${heading[1].length === 1 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
    ${heading[3] && html`<${Block} text=${heading[3]} />`}`;
  }
  const lines = text.split("\n");
  if (lines.every((line) => /^[-*] /.test(line))) {
    return html`<ul>${lines.map((line, place) => html`<li key=${place}><${Inline} text=${line.slice(2)} /></li>`)}</ul>`;
  }
  return text && html`<p><${Inline} text=${text} /></p>`;
}

/** @param {{text: string}} properties */
function Inline({ text }) {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .map((part) =>
      part.startsWith("`") && part.length > 2
        ? html`<code>${part.slice(1, -1)}</code>`
        : part.startsWith("**") && part.length > 4
          ? html`<strong>${part.slice(2, -2)}</strong>`
          : part,
    );
}
