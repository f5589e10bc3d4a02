/**
 * @import { Asset, BeyondNumber, ConnectionState, Market, Origin, Overview, Signal, Source, User }
 *   from "./types.js"
 */
import { fetchOverview, fetchUser } from "./api.js";
import { parseTime, setPresent } from "./format.js";

const SPARKLINE_POINTS = 96;
const SIGNALS_KEPT = 200;

/**
 * What is known now, and who wants to hear of changes.
 *
 * Events: `overview` (all of it was loaded), `overview-failed`, `tick` (detail: the changed assets),
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
  /** @type {Map<string, Asset>} */
  assets = new Map();
  /** @type {Map<string, (number | null)[]>} */
  sparklines = new Map();
  /** @type {Signal[]} newest first */
  signals = [];
  signals24h = 0;
  /** @type {ConnectionState} */
  connection = "reconnecting";
  /** @type {User | null} */
  user = null;
  /** Whether it was asked yet who is signed in. */
  userKnown = false;

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
    // A cached overview may be older than what the stream brought; prices never go back in time.
    if (this.tick === null || overview.tick === null || overview.tick >= this.tick) {
      if (overview.tick !== this.tick) this.#setPresent(overview.tick);
      this.tick = overview.tick;
      this.assets = new Map(overview.assets.map((asset) => [asset.asset_id, asset]));
      this.sparklines = new Map(Object.entries(overview.sparklines));
    }
    const later = this.#signalsAfter(overview.signals);
    this.signals = [...later, ...this.#withEnds(overview.signals)];
    this.signals24h = overview.signals_24h + later.length;
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
      this.assets.set(asset.asset_id, asset);
      if (isNewer && asset.price !== null) this.#extendSparkline(asset.asset_id, asset.price);
    }
    this.#tell("tick", assets);
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
    const points = this.sparklines.get(assetId) ?? [];
    this.sparklines.set(assetId, [...points, price].slice(-SPARKLINE_POINTS));
  }

  /** @param {Signal} signal */
  #takeSignal(signal) {
    if (this.signals.some((known) => known.id === signal.id)) return;
    this.signals = [signal, ...this.signals].slice(0, SIGNALS_KEPT);
    this.signals24h += 1;
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
