/** @import { Calibration, Signal } from "../types.js" */
import { h } from "../dom.js";
import { formatCount, formatRate } from "../format.js";

const MEANING =
  "Calibrated probability that the signal is right. The mark is the base rate: what chance gives.";

/**
 * How far to believe a signal: a calibrated probability beside what chance alone gives, or the
 * plain statement that too few signals of this kind were judged.
 *
 * @param {Signal} signal
 * @returns {HTMLElement}
 */
export function confidence({ confidence_score: score, metadata }) {
  const calibration = metadata.calibration;
  if (score === null || score === undefined) {
    return h(
      "span",
      { class: "confidence", data: { confidence: "learning" }, title: calibration?.note ?? null },
      h("span", { class: "confidence-learning" }, "Learning"),
      h("span", { class: "confidence-basis" }, basisWhileLearning(calibration)),
    );
  }
  return h(
    "span",
    {
      class: "confidence",
      data: { confidence: "calibrated" },
      title: `${MEANING} ${calibration?.note ?? ""}`.trim(),
    },
    confidenceBar(score, calibration?.base_rate ?? null),
    h("span", { class: "visually-hidden" }, "Confidence "),
    h("span", { class: "confidence-value" }, formatRate(score)),
    h("span", { class: "confidence-basis" }, basis(calibration)),
  );
}

/** @param {Calibration | undefined} calibration */
function basisWhileLearning(calibration) {
  return calibration?.n ? `n=${formatCount(calibration.n)}` : "not yet calibrated";
}

/**
 * @param {Calibration | undefined} calibration
 * @returns {string}
 */
function basis(calibration) {
  if (!calibration) return "";
  const count = `n=${formatCount(calibration.n)}`;
  if (calibration.base_rate === null) return count;
  return `${count}, base rate ${formatRate(calibration.base_rate)}`;
}

/**
 * @param {number} score 0..1
 * @param {number | null} baseRate 0..1, drawn as a mark
 */
function confidenceBar(score, baseRate) {
  const level = h("span", { class: "bar-level" });
  level.style.width = `${100 * score}%`;
  const mark = baseRate === null ? null : h("span", { class: "bar-mark" });
  if (mark && baseRate !== null) mark.style.left = `${100 * baseRate}%`;
  return h("span", { class: "bar confidence-bar", "aria-hidden": "true" }, level, mark);
}
