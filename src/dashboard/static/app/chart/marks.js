/** @import { Signal } from "../types.js" */
/** @import { Bar } from "./bars.js" */
import { assetDirection } from "../parts/signal-types.js";
import { barOf } from "./bars.js";

/**
 * @param {Signal[]} signals
 * @param {Bar[]} bars
 * @param {ReturnType<typeof import("./look.js").chartColours>} colours
 * @returns {any[]} marks of the chart library, ascending
 */
export function marksOf(signals, bars, colours) {
  const marks = signals.flatMap((signal) => {
    const bar = barOf(signal.created_at, bars);
    return bar ? [{ id: signal.id, time: bar.time, ...look(signal, colours) }] : [];
  });
  return marks.sort((a, b) => a.time - b.time);
}

/**
 * @param {Signal} signal
 * @param {ReturnType<typeof import("./look.js").chartColours>} colours
 */
function look(signal, colours) {
  const direction = assetDirection(signal);
  if (direction === "up") return { position: "belowBar", shape: "arrowUp", color: colours.up };
  if (direction === "down") {
    return { position: "aboveBar", shape: "arrowDown", color: colours.down };
  }
  return { position: "aboveBar", shape: "circle", color: colours.flat };
}
