import { h } from "../dom.js";
import { store } from "../store.js";

const LABELS = {
  simulated: {
    text: "Simulated data",
    title: "Generated for demonstration. These are not market prices.",
  },
  recorded: {
    text: "Recorded data",
    title: "Replayed from a recording. These are not today's prices.",
  },
};

/**
 * Says plainly when what is shown is not the market; nothing when it is.
 *
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement}
 */
export function originLabel(lifetime) {
  const label = h("span", { class: "origin-label" });
  const update = () => {
    const told = store.origin === "live" ? null : LABELS[store.origin];
    label.hidden = !told;
    label.textContent = told?.text ?? "";
    label.title = told?.title ?? "";
  };
  store.on("origin", update, lifetime);
  update();
  return label;
}
