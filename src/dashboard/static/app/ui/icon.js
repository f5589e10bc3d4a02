import { icon } from "../icons.js";
import { html, useLayoutEffect, useRef } from "./preact.js";

/** A decorative icon (icons.js). @param {{name: any}} properties */
export function Icon({ name }) {
  const place = useRef(/** @type {any} */ (null));
  useLayoutEffect(() => place.current.replaceChildren(icon(name)), [name]);
  return html`<span class="icon-place" ref=${place}></span>`;
}
