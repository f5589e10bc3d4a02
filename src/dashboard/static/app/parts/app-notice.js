import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

/** @type {Map<string, HTMLElement>} */
const shown = new Map();
/** @type {HTMLElement | null} */
let place = null;

/**
 * Shows a line at the edge of the window, whatever page is open; it stays until it is closed.
 *
 * @param {string} name the same name again replaces it
 * @param {{text: string, icon?: Parameters<typeof icon>[0], wrong?: boolean, action?: {label: string, run: () => void}} | null} content
 */
export function showAppNotice(name, content) {
  const before = shown.get(name);
  if (!content) {
    before?.remove();
    shown.delete(name);
    return;
  }
  place ??= makePlace();
  const notice = before ?? h("div", { class: "app-notice" });
  if (content.wrong) notice.dataset.wrong = "";
  fill(
    notice,
    content.icon && icon(content.icon),
    h("span", { class: "app-notice-text" }, content.text),
    content.action &&
      h(
        "button",
        { class: "button button-primary", type: "button", on: { click: content.action.run } },
        content.action.label,
      ),
    h(
      "button",
      {
        class: "icon-button",
        type: "button",
        "aria-label": "Close this message",
        on: { click: () => showAppNotice(name, null) },
      },
      icon("close"),
    ),
  );
  if (!before) {
    place.append(notice);
    shown.set(name, notice);
  }
}

function makePlace() {
  const styles = h("link", { rel: "stylesheet", href: new URL("../../styles/app-notice.css", import.meta.url).href });
  const made = h("div", { class: "app-notices", role: "status" });
  document.head.append(styles);
  document.body.append(made);
  return made;
}
