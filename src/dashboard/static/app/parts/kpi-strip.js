import { h, setText } from "../dom.js";
import { formatCompact, formatCount, formatShare } from "../format.js";
import { store } from "../store.js";
import { changeValue, directionArrow, directionOf, setChange } from "./change.js";

/**
 * The market in five numbers.
 *
 * @param {AbortSignal} lifetime
 * @returns {HTMLElement}
 */
export function kpiStrip(lifetime) {
  const cap = kpi("Market cap");
  const capChange = changeValue(null);
  cap.note.append(capChange, " 24 h");
  const volume = kpi("24 h volume");
  const dominance = kpi("BTC dominance");
  const breadth = kpi("Breadth, 24 h");
  const [bar, rising, falling] = breadthBar();
  breadth.note.append(bar);
  const signals = kpi("Signals, 24 h");
  const strip = h(
    "section",
    { class: "kpi-strip", "aria-label": "Market summary", "aria-busy": "true" },
    [cap, volume, dominance, breadth, signals].map((part) => part.element),
  );

  const update = () => {
    if (store.status === "loading") return;
    strip.removeAttribute("aria-busy");
    const { market } = store;
    setText(cap.value, formatCompact(market?.total_market_cap));
    setChange(capChange, market?.market_cap_change_24h ?? null);
    cap.note.hidden = !market;
    setText(volume.value, formatCompact(market?.total_volume));
    setText(volume.note, turnover(market));
    setText(dominance.value, formatShare(market?.btc_dominance));
    setText(dominance.note, market ? "of market cap" : "");
    const known = store.status === "ready";
    setText(signals.value, formatCount(known ? store.signals24h : null));
    setText(signals.note, known ? signalledAssets() : "");
    const { up, down } = countDirections();
    breadth.value.replaceChildren(
      directionCount("up", up),
      h("span", { class: "kpi-versus" }, " / "),
      directionCount("down", down),
    );
    bar.hidden = up + down === 0;
    rising.style.flexGrow = String(up);
    falling.style.flexGrow = String(down);
  };
  for (const event of ["overview", "tick", "signal"]) store.on(event, update, lifetime);
  update();
  return strip;
}

/**
 * @param {string} label
 * @returns {{element: HTMLElement, value: HTMLElement, note: HTMLElement}}
 */
export function kpi(label) {
  const value = h("p", { class: "kpi-value" });
  const note = h("div", { class: "kpi-note" });
  const element = h("div", { class: "kpi" }, h("h2", { class: "kpi-label" }, label), value, note);
  return { element, value, note };
}

/** @returns {[HTMLElement, HTMLElement, HTMLElement]} */
function breadthBar() {
  const rising = h("span", { class: "breadth-up" });
  const falling = h("span", { class: "breadth-down" });
  return [
    h("div", { class: "breadth-bar", "aria-hidden": "true" }, rising, falling),
    rising,
    falling,
  ];
}

/**
 * @param {"up" | "down"} direction
 * @param {number} assets
 */
function directionCount(direction, assets) {
  return h(
    "span",
    { class: "change", data: { direction } },
    directionArrow(direction),
    " ",
    formatCount(assets),
  );
}

function countDirections() {
  let up = 0;
  let down = 0;
  for (const asset of store.assets.values()) {
    const direction = directionOf(asset.change_24h);
    if (direction === "up") up += 1;
    if (direction === "down") down += 1;
  }
  return { up, down };
}

/** @param {import("../types.js").Market | null} market */
function turnover(market) {
  if (!market?.total_volume || !market.total_market_cap) return "";
  return `${formatShare((100 * market.total_volume) / market.total_market_cap)} of market cap`;
}

function signalledAssets() {
  const assets = new Set(store.signals.slice(0, store.signals24h).map((signal) => signal.asset_id));
  if (assets.size === 0) return "none yet";
  return assets.size === 1 ? "on one asset" : `on ${formatCount(assets.size)} assets`;
}
