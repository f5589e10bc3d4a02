/** @import { Asset, Fired, Signal } from "../types.js" */
import { firedWith } from "./all-assets.js";

/** @type {("change_1h" | "change_24h" | "volume_24h" | "market_cap")[]} */
const TOLD_BY_TICKS = ["change_1h", "change_24h", "volume_24h", "market_cap"];
const NUMBERS = ["price", "change_1h", "change_24h", "change_7d", "volume_24h", "market_cap"];

/**
 * All assets by columns, and which of them are shown in which order. A row is a number: the
 * asset's place in the columns, which is its rank by market cap less one.
 */
export class Market {
  /**
   * @param {any} data of the view
   * @param {any} meta
   */
  constructor({ columns, source_names, signals, tick }, meta) {
    this.tick = tick;
    this.size = columns.asset_id.length;
    /** @type {string[]} */
    this.asset_id = columns.asset_id;
    /** @type {string[]} */
    this.symbol = columns.symbol;
    /** @type {string[]} */
    this.name = columns.name;
    /** @type {string[]} */
    this.trend = columns.trend;
    /** @type {Record<string, Float64Array>} of numbers that are not known NaN */
    this.numbers = {};
    for (const key of NUMBERS) {
      this.numbers[key] = Float64Array.from(columns[key], (value) => value ?? NaN);
    }
    this.numbers.sources = Float64Array.from(columns.sources);
    const told = Date.parse(meta.generated_at);
    this.numbers.observed = Float64Array.from(columns.age_seconds, (age) => told - 1000 * age);
    this.numbers.turnover = this.numbers.volume_24h.map((volume, row) => volume / this.numbers.market_cap[row]);
    /** @type {string[]} */
    this.source = columns.source.map((/** @type {number} */ place) => source_names[place]);
    /** @type {Map<string, Fired>} */
    this.fired = new Map(Object.entries(signals));
    this.place = new Map(this.asset_id.map((id, row) => [id, row]));
    this.words = this.name.map((name, row) => `${name}\n${this.symbol[row]}`.toLocaleLowerCase());
    this.numbers.name = ranks(this.words);
    this.countSignals();
  }

  countSignals() {
    this.numbers.signals = Float64Array.from(this.asset_id, (id) => this.fired.get(id)?.signals_24h ?? NaN);
  }

  /**
   * Takes the prices that a tick brought.
   *
   * @param {Asset[]} assets
   * @param {string | null} tick
   */
  takeTick(assets, tick) {
    const { price, change_7d, observed, turnover } = this.numbers;
    this.tick = tick;
    for (const asset of assets) {
      const row = this.place.get(asset.asset_id);
      if (row === undefined) continue;
      const before = price[row];
      price[row] = asset.price ?? NaN;
      // The price of a week ago is the one that the last change was against.
      change_7d[row] = 100 * ((price[row] / before) * (1 + change_7d[row] / 100) - 1);
      for (const key of TOLD_BY_TICKS) this.numbers[key][row] = asset[key] ?? NaN;
      turnover[row] = this.numbers.volume_24h[row] / this.numbers.market_cap[row];
      observed[row] = Date.parse(asset.observed_at ?? "");
      this.source[row] = asset.source ?? this.source[row];
    }
  }

  /** @param {Signal} signal that has just come */
  takeSignal(signal) {
    const row = this.place.get(signal.asset_id);
    if (row === undefined) return;
    this.fired.set(signal.asset_id, firedWith(signal, this.fired.get(signal.asset_id)));
    this.numbers.signals[row] = this.fired.get(signal.asset_id)?.signals_24h ?? NaN;
  }

  /**
   * @param {import("./state.js").State} state
   * @param {Set<string> | null} listed the asset ids of the chosen watchlist
   * @returns {Int32Array} the rows to show, in their order
   */
  arrange(state, listed) {
    const kept = this.#filter(state, listed);
    if (state.sort === "rank") return state.order === "ascending" ? kept : kept.reverse();
    return sortBy(kept, this.numbers[state.sort], state.order === "ascending" ? 1 : -1);
  }

  /**
   * @param {import("./state.js").State} state
   * @param {Set<string> | null} listed
   */
  #filter({ text, leastCap, leastVolume, leastChange, mostChange, signalled }, listed) {
    const { market_cap, volume_24h, change_24h } = this.numbers;
    const wanted = text.trim().toLocaleLowerCase();
    const kept = new Int32Array(this.size);
    let count = 0;
    for (let row = 0; row < this.size; row += 1) {
      // What is not known is neither above nor below anything.
      if (leastCap !== null && !(market_cap[row] >= leastCap)) continue;
      if (leastVolume !== null && !(volume_24h[row] >= leastVolume)) continue;
      if (leastChange !== null && !(change_24h[row] >= leastChange)) continue;
      if (mostChange !== null && !(change_24h[row] <= mostChange)) continue;
      if (signalled && !(this.fired.get(this.asset_id[row])?.lasting ?? 0)) continue;
      if (listed && !listed.has(this.asset_id[row])) continue;
      if (wanted && !this.words[row].includes(wanted)) continue;
      kept[count] = row;
      count += 1;
    }
    return kept.subarray(0, count);
  }
}

/**
 * @param {Int32Array} rows in the order of their rank, which equal ones keep
 * @param {Float64Array} keys
 * @param {1 | -1} sign
 * @returns {Int32Array} what is not known comes last in either order
 */
function sortBy(rows, keys, sign) {
  const known = rows.filter((row) => !Number.isNaN(keys[row]));
  const unknown = rows.filter((row) => Number.isNaN(keys[row]));
  known.sort((a, b) => sign * (keys[a] - keys[b]) || a - b);
  const sorted = new Int32Array(rows.length);
  sorted.set(known);
  sorted.set(unknown, known.length);
  return sorted;
}

/**
 * @param {string[]} words
 * @returns {Float64Array} the place of each in their alphabetical order
 */
function ranks(words) {
  const { compare } = new Intl.Collator();
  const order = words.map((_, row) => row).sort((a, b) => compare(words[a], words[b]));
  const placed = new Float64Array(words.length);
  order.forEach((row, place) => {
    placed[row] = place;
  });
  return placed;
}
