import { h, setText } from "../dom.js";
import { formatCompact, formatCount, formatShare } from "../format.js";
import { store } from "../store.js";
import { changeValue, directionArrow, setChange } from "./change.js";

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
    const { up, down } = store.breadth ?? { up: 0, down: 0 };
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

/** @param {import("../types.js").Market | null} market */
function turnover(market) {
  if (!market?.total_volume || !market.total_market_cap) return "";
  return `${formatShare((100 * market.total_volume) / market.total_market_cap)} of market cap`;
}

function signalledAssets() {
  const assets = store.signalled24h;
  if (assets === 0) return "none yet";
  return assets === 1 ? "on one asset" : `on ${formatCount(assets)} assets`;
}
