import { html } from "./preact.js";

/** A link to somewhere else, or plain text when the address is not http(s). @param {{href: string | null, children: any}} properties */
export function OutsideLink({ href, children }) {
  const target = href && URL.canParse(href) ? new URL(href) : null;
  if (!target || !["http:", "https:"].includes(target.protocol)) return html`<span>${children}</span>`;
  return html`<a href=${target.href} target="_blank" rel="noopener noreferrer">${children}</a>`;
}
