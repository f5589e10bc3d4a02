import { h } from "../dom.js";

/**
 * A row of buttons of which exactly one is pressed.
 *
 * @param {object} content
 * @param {string} content.label names the group
 * @param {{value: string, label: string, title?: string}[]} content.choices
 * @param {string} content.chosen
 * @param {(value: string) => void} content.choose
 * @returns {HTMLElement}
 */
export function choiceGroup({ label, choices, chosen, choose }) {
  const buttons = choices.map((choice) =>
    h(
      "button",
      {
        class: "choice",
        type: "button",
        title: choice.title,
        "aria-pressed": String(choice.value === chosen),
        data: { value: choice.value },
      },
      choice.label,
    ),
  );
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      choose(button.dataset.value ?? "");
    });
  }
  return h("div", { class: "choice-group", role: "group", "aria-label": label }, buttons);
}
