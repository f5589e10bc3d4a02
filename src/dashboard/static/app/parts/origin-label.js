import { h } from "../dom.js";
import { formatDate, parseTime } from "../format.js";
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
    const recorded = store.origin === "recorded" ? parseTime(store.tick) : null;
    label.textContent = (told?.text ?? "") + (recorded ? ` of ${formatDate(recorded)}` : "");
    label.title = told?.title ?? "";
  };
  for (const change of ["origin", "overview", "tick"]) store.on(change, update, lifetime);
  update();
  return label;
}
