/**
 * What pages want to hear of: `all`, `market`, `type:<signal type>`, `asset:<id>`, `watchlist:<id>`.
 *
 * @typedef {object} Subscription
 * @property {Set<string>} topics
 * @property {(message: any) => void} handler
 */

/** @type {Set<Subscription>} */
const subscriptions = new Set();
const changes = new EventTarget();

/**
 * Calls `handler` with each event on `topics` until `lifetime` is over, and with `{event: "gap"}`
 * when some may have been missed: load anew what you show.
 *
 * @param {string[]} topics
 * @param {(message: any) => void} handler
 * @param {AbortSignal} [lifetime]
 */
export function subscribe(topics, handler, lifetime) {
  const subscription = { topics: new Set(topics), handler };
  subscriptions.add(subscription);
  changes.dispatchEvent(new Event("change"));
  lifetime?.addEventListener("abort", () => {
    subscriptions.delete(subscription);
    changes.dispatchEvent(new Event("change"));
  });
}

/** @param {() => void} listener is told when the topics may be others */
export function onTopicsChanged(listener) {
  changes.addEventListener("change", listener);
}

/** @returns {string[]} what the server alone can tell: which events are on a watchlist */
export function watchlistTopics() {
  const all = [...subscriptions].flatMap(({ topics }) => [...topics]);
  return [...new Set(all)].filter((topic) => topic.startsWith("watchlist:")).sort();
}

/** @param {any} message an event, or `{event: "gap"}` */
export function dispatch(message) {
  for (const { topics, handler } of [...subscriptions]) {
    if (message.event !== "gap" && !matches(message, topics)) continue;
    try {
      handler(message);
    } catch (error) {
      reportError(error); // one page's fault is not another's
    }
  }
}

/**
 * @param {any} message
 * @param {Set<string>} topics
 */
function matches(message, topics) {
  if (topics.has("all")) return true;
  if (message.watchlists?.some((/** @type {string} */ id) => topics.has(`watchlist:${id}`))) {
    return true;
  }
  if (message.event === "tick") {
    return (
      topics.has("market") ||
      message.assets.some((/** @type {any} */ { asset_id }) => topics.has(`asset:${asset_id}`))
    );
  }
  const { type, asset_id } = message.signal ?? {};
  return topics.has(`type:${type}`) || topics.has(`asset:${asset_id}`);
}
