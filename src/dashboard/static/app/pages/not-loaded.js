import { h } from "../dom.js";
import { emptyState } from "../parts/notices.js";
import { setTitle } from "../router.js";

/**
 * Stands in for a page whose module could not be had.
 *
 * @type {import("../router.js").Page}
 */
export default function showNotLoaded(main) {
  setTitle("Not loaded");
  main.append(
    h("h1", { class: "visually-hidden" }, "Page not loaded"),
    emptyState({
      title: navigator.onLine ? "This page could not be loaded" : "You are offline",
      text: "It was not opened before on this device, so nothing of it is kept here.",
      action: { label: "Try again", run: () => location.reload() },
    }),
  );
}
