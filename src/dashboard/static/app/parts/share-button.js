import { h, setText } from "../dom.js";
import { icon } from "../icons.js";

const TOLD_MS = 2_000;

/**
 * Hands a link of this site on: to the device's own sheet where there is one, else to the clipboard.
 *
 * @param {string} title
 * @param {string | (() => string)} path with its parameters
 * @returns {HTMLElement}
 */
export function shareButton(title, path) {
  const text = h("span", { role: "status" }, "Share");
  return h(
    "button",
    { class: "button button-small", type: "button", "aria-label": `Share: ${title}`, on: { click: share } },
    icon("external"),
    text,
  );

  async function share() {
    const url = new URL(typeof path === "function" ? path() : path, location.origin).href;
    try {
      if (navigator.share && matchMedia("(pointer: coarse)").matches) {
        await navigator.share({ title, url });
        return;
      }
      await navigator.clipboard.writeText(url);
      setText(text, "Link copied");
    } catch (error) {
      if (/** @type {Error} */ (error).name === "AbortError") return;
      setText(text, url); // without the permission the reader copies it from here
      return;
    }
    setTimeout(() => setText(text, "Share"), TOLD_MS);
  }
}
