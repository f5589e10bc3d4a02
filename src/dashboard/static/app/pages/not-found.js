import { h } from "../dom.js";
import { setTitle } from "../router.js";

/** @type {import("../router.js").Page} */
export default function showNotFound(main) {
  setTitle("Page not found");
  main.append(
    h(
      "section",
      { class: "lone" },
      h("p", { class: "lone-code" }, "404"),
      h("h1", { class: "lone-title" }, "There is no page here"),
      h("p", { class: "lone-text" }, "The address may be mistyped, or the page has moved."),
      h(
        "p",
        { class: "lone-actions" },
        h("a", { class: "button button-primary", href: "/" }, "Go to the overview"),
      ),
    ),
  );
}
