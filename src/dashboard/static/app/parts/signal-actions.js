/** @import { Signal } from "../types.js" */
import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { store } from "../store.js";
import { mutes } from "./mutes.js";
import { shareButton } from "./share-button.js";
import { typeLabel } from "./signal-types.js";

/** @param {string} id of a signal */
export const linkTo = (id) => `/signals?id=${encodeURIComponent(id)}`;

/**
 * What can be done with a signal: a link to it, and for a signed-in reader to mute its asset or type.
 *
 * @param {Signal} signal
 */
export function signalActions({ id, asset_id, type, symbol }) {
  return h(
    "div",
    { class: "signal-actions" },
    shareButton(`Signal on ${symbol}`, linkTo(id)),
    store.user && [
      muteButton("asset", asset_id, symbol),
      muteButton("type", type, `all of type ${typeLabel(type).toLocaleLowerCase()}`),
    ],
  );
}

/**
 * @param {import("./mutes.js").Kind} kind
 * @param {string} subject
 * @param {string} name
 */
function muteButton(kind, subject, name) {
  const text = h("span", {});
  const button = h(
    "button",
    { class: "button button-small", type: "button", on: { click: press } },
    icon("mute"),
    text,
  );
  const tell = () => setText(text, `${mutes.has(kind, subject) ? "Unmute" : "Mute"} ${name}`);
  async function press() {
    button.disabled = true;
    await mutes.set(kind, subject, !mutes.has(kind, subject)).then(tell, (error) => {
      setText(text, error.message);
    });
    button.disabled = false;
  }
  tell();
  return button;
}
