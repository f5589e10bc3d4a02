/** @import { Signal } from "../types.js" */
import { get } from "../api.js";
import { queued } from "../offline.js";
import { parseTime } from "../format.js";
import { store } from "../store.js";

const PATH = "/api/v1/mutes";

/** @typedef {"asset" | "type"} Kind */
/** @typedef {{kind: Kind, subject: string, until: string | null}} Mute */

/**
 * What the reader muted: assets and types whose signals are left out of lists. Only a signed-in
 * reader has any. Event: `change`.
 */
class Mutes extends EventTarget {
  /** @type {Mute[]} */
  #all = [];
  #asked = "";

  constructor() {
    super();
    store.on("user", () => this.#load());
    this.#load();
  }

  /** Asks for the reader's, once for each reader. */
  async #load() {
    const reader = store.user?.email ?? "";
    if (reader === this.#asked) return;
    this.#asked = reader;
    this.#set(reader ? await get(PATH).catch(() => []) : []);
  }

  /** @param {Signal} signal */
  hides({ asset_id, type }) {
    return this.has("asset", asset_id) || this.has("type", type);
  }

  /**
   * @param {Kind} kind
   * @param {string} subject
   */
  has(kind, subject) {
    return this.#all.some(
      (mute) => mute.kind === kind && mute.subject === subject && !isOver(mute.until),
    );
  }

  /**
   * @param {Kind} kind
   * @param {string} subject
   * @param {boolean} muted
   */
  async set(kind, subject, muted) {
    const path = `${PATH}/${kind}/${encodeURIComponent(subject)}`;
    const others = this.#all.filter((mute) => mute.kind !== kind || mute.subject !== subject);
    if (muted) {
      const { data } = await queued("PUT", path, {}, `Mute ${subject}`);
      this.#set([data ?? { kind, subject, until: null }, ...others]);
    } else {
      await queued("DELETE", path, undefined, `Unmute ${subject}`);
      this.#set(others);
    }
  }

  /** @param {Mute[]} all */
  #set(all) {
    this.#all = all;
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {string | null} until */
function isOver(until) {
  const date = parseTime(until);
  return date !== null && date.getTime() < Date.now();
}

export const mutes = new Mutes();
