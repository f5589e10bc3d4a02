import { get } from "./api.js";
import { store } from "./store.js";

/** @type {Promise<Record<string, boolean>> | null} */
let asked = null;
store.on("user", () => {
  asked = null;
});

/**
 * Whether a feature is switched on for the reader. What cannot be asked counts as on: the API
 * refuses what is off, and nobody loses a page to a lost answer.
 *
 * @param {string} name
 * @returns {Promise<boolean>}
 */
export async function isOn(name) {
  asked ??= get("/api/v1/me/flags").then(
    ({ flags }) => flags,
    () => ({}),
  );
  const flags = await asked;
  return flags[name] ?? true;
}
