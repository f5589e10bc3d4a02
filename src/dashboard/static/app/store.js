/**
 * @import { Asset, BeyondNumber, Breadth, ConnectionState, Fired, Market, Mood, Origin, Overview,
 *   Signal, Source, User } from "./types.js"
 */
import { fetchOverview, fetchUser } from "./api.js";
import { parseTime, setPresent } from "./format.js";
import { directionOf } from "./parts/change.js";
import { fetchAssets, firedWith } from "./screener/all-assets.js";

const SPARKLINE_POINTS = 96;
const SIGNALS_KEPT = 200;

/**
 * What is known now, and who wants to hear of changes.
 *
 * The overview brings the largest assets and those that moved most; all others become known by
 * `loadAssets`, and with the first tick of the stream.
 *
 * Events: `overview` (all of it was loaded), `assets` (all of them are known), `overview-failed`,
 * `tick` (detail: the changed assets),
 * `signal` (detail: the new signal), `ended` (detail: the signal that is over), `origin`, `connection`, `user`.
 */
class Store extends EventTarget {
  /** @type {"loading" | "ready" | "failed"} */
  status = "loading";
  /** @type {Error | null} */
  failure = null;
  /** @type {string | null} */
  tick = null;
  /** @type {Origin} */
  origin = "live";
  /** @type {Source[]} */
  sources = [];
  /** @type {Market | null} */
  market = null;
  /** @type {BeyondNumber[]} */
  beyond = [];
  /** @type {Breadth | null} */
  breadth = null;
  /** @type {Mood | null} */
  sentiment = null;
  /** @type {Map<string, Fired>} by asset, of those that the overview shows */
  reasons = new Map();
  /** US dollars a day below which nothing is called a mover. */
  leastVolume = 0;
  /** @type {Map<string, Asset>} */
  assets = new Map();
  /** @type {Map<string, (number | null)[]>} */
  sparklines = new Map();
  /** @type {Signal[]} newest first */
  signals = [];
  signals24h = 0;
  signalled24h = 0;
  /** @type {ConnectionState} */
  connection = "reconnecting";
  /** @type {User | null} */
  user = null;
  /** Whether it was asked yet who is signed in. */
  userKnown = false;
  /** @type {Promise<void> | null} */
  #loadingAssets = null;

  /**
   * @param {string} type
   * @param {(detail: any) => void} listener
   * @param {AbortSignal} [lifetime] the listener is removed when it aborts
   */
  on(type, listener, lifetime) {
    this.addEventListener(type, (event) => listener(/** @type {CustomEvent} */ (event).detail), {
      signal: lifetime,
    });
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Loads the overview anew; what was there stays on the page when that fails. */
  async loadOverview() {
    try {
      this.#take(await fetchOverview());
    } catch (error) {
      if (this.status !== "ready") this.status = "failed";
      this.failure = /** @type {Error} */ (error);
      this.#tell("overview-failed");
      throw error;
    }
  }

  /** @param {Overview} overview */
  #take(overview) {
    this.status = "ready";
    this.failure = null;
    this.setOrigin(overview.origin);
    this.sources = overview.sources;
    this.market = overview.market;
    this.beyond = overview.beyond;
    this.sentiment = overview.sentiment;
    this.reasons = new Map(Object.entries(overview.reasons));
    this.leastVolume = overview.least_volume;
    // A cached overview may be older than what the stream brought; prices never go back in time.
    if (this.tick === null || overview.tick === null || overview.tick >= this.tick) {
      if (overview.tick !== this.tick) this.#setPresent(overview.tick);
      this.tick = overview.tick;
      this.breadth = overview.breadth;
      for (const asset of overview.assets) this.assets.set(asset.asset_id, asset);
      this.sparklines = new Map(Object.entries(overview.sparklines));
    }
    const later = this.#signalsAfter(overview.signals);
    this.signals = [...later, ...this.#withEnds(overview.signals)];
    this.signals24h = overview.signals_24h + later.length;
    this.signalled24h = overview.signalled_24h;
    this.#tell("overview");
  }

  /**
   * @param {Signal[]} loaded newest first
   * @returns {Signal[]} what the stream brought while these were under way
   */
  #signalsAfter(loaded) {
    const known = new Set(loaded.map((signal) => signal.id));
    const newest = loaded[0]?.created_at ?? "";
    return this.signals.filter((signal) => !known.has(signal.id) && signal.created_at >= newest);
  }

  /**
   * @param {Signal[]} loaded may come from a cache, older than an end that the stream told
   * @returns {Signal[]}
   */
  #withEnds(loaded) {
    const over = new Map(this.signals.map((signal) => [signal.id, signal.ended_at]));
    return loaded.map((signal) => ({
      ...signal,
      ended_at: signal.ended_at ?? over.get(signal.id) ?? null,
    }));
  }

  /** @param {any} message one live event */
  receive(message) {
    if (message.event === "tick") this.#takeTick(message.tick, message.assets);
    if (message.event === "signal" && message.signal) this.#takeSignal(message.signal);
    if (message.event === "ended" && message.signal) this.#takeEnded(message.signal);
  }

  /**
   * @param {string} tick
   * @param {Asset[]} assets
   */
  #takeTick(tick, assets) {
    if (this.status === "failed") this.loadOverview().catch(() => {});
    if (this.status !== "ready") return;
    const isNewer = this.tick === null || tick > this.tick;
    if (isNewer) this.#setPresent(tick);
    this.tick = isNewer ? tick : this.tick;
    for (const asset of assets) {
      this.assets.set(asset.asset_id, { ...asset, change_7d: this.#changeOfWeek(asset) });
      if (isNewer && asset.price !== null) this.#extendSparkline(asset.asset_id, asset.price);
    }
    this.#countDirections();
    this.#tell("tick", assets);
  }

  /**
   * @param {Asset} asset as a tick tells it: without its change of a week
   * @returns {number | null} against the price of a week ago that the last one was against
   */
  #changeOfWeek({ asset_id, price }) {
    const before = this.assets.get(asset_id);
    if (!before?.price || price === null || typeof before.change_7d !== "number") return null;
    return 100 * ((price / before.price) * (1 + before.change_7d / 100) - 1);
  }

  /** Counts what rose and fell anew, where all are known. */
  #countDirections() {
    if (!this.breadth || this.assets.size < this.breadth.assets) return;
    const counted = { assets: this.assets.size, up: 0, down: 0 };
    for (const { change_24h } of this.assets.values()) {
      const direction = directionOf(change_24h);
      if (direction !== "flat") counted[direction] += 1;
    }
    this.breadth = counted;
  }

  /** Makes all assets known, for whoever looks for one by its name. */
  loadAssets() {
    const taken = (/** @type {Asset[]} */ all) => {
      // What the stream brought is newer.
      for (const one of all) if (!this.assets.has(one.asset_id)) this.assets.set(one.asset_id, one);
      this.#tell("assets");
    };
    const failed = () => void (this.#loadingAssets = null);
    this.#loadingAssets ??= fetchAssets().then(taken, failed);
    return this.#loadingAssets;
  }

  /** @param {string | null} tick that has just come */
  #setPresent(tick) {
    setPresent(this.origin === "recorded" ? parseTime(tick) : null);
  }

  /**
   * @param {string} assetId
   * @param {number} price
   */
  #extendSparkline(assetId, price) {
    const points = this.sparklines.get(assetId);
    if (points) this.sparklines.set(assetId, [...points, price].slice(-SPARKLINE_POINTS));
  }

  /** @param {Signal} signal */
  #takeSignal(signal) {
    if (this.signals.some((known) => known.id === signal.id)) return;
    this.signals = [signal, ...this.signals].slice(0, SIGNALS_KEPT);
    this.signals24h += 1;
    this.reasons.set(signal.asset_id, firedWith(signal, this.reasons.get(signal.asset_id)));
    this.#tell("signal", signal);
  }

  /** @param {Signal} signal */
  #takeEnded(signal) {
    this.signals = this.signals.map((known) => (known.id === signal.id ? signal : known));
    this.#tell("ended", signal);
  }

  /** @param {Origin} origin */
  setOrigin(origin) {
    this.origin = origin;
    this.#tell("origin");
  }

  /** @param {ConnectionState} connection */
  setConnection(connection) {
    if (connection === this.connection) return;
    this.connection = connection;
    this.#tell("connection");
  }

  /** Asks who is signed in; nobody is when that cannot be told. */
  async loadUser() {
    this.user = await fetchUser().catch(() => null);
    this.userKnown = true;
    this.#tell("user");
  }
}

export const store = new Store();
