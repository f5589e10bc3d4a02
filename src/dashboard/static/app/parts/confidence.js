/** @import { Calibration, Signal } from "../types.js" */
import { h } from "../dom.js";
import { formatCount, formatDuration, formatRate } from "../format.js";

const HEADLINE_SECONDS = 4 * 3600;
/** Judged signals of a type without which no probability is given. */
const FEWEST = 30;
const FEWEST_DAYS = 10;
const MEANING =
  "How often what the signal says did follow. Upright mark: how often it follows anyway." +
  " Thin line: 95 % interval.";

/**
 * How far to believe a signal: the probability that what it says will follow, beside how often that
 * follows anyway; or the plain statement that too few signals like it were judged.
 *
 * @param {Signal} signal
 * @returns {HTMLElement}
 */
export function confidence({ metadata: { calibration, claim } }) {
  if (!hasProbability(calibration)) {
    return h(
      "span",
      { class: "confidence", data: { confidence: "none" }, title: calibration?.note },
      h("span", { class: "confidence-text" }, noProbability(calibration)),
    );
  }
  const verdict = verdictOn(calibration);
  return h(
    "span",
    {
      class: "confidence",
      data: { confidence: verdict ? "no-edge" : "edge" },
      title: `${MEANING} ${calibration.note ?? ""}`.trim(),
    },
    confidenceBar(calibration),
    h(
      "span",
      { class: "confidence-text" },
      h("span", { class: "visually-hidden" }, "Confidence "),
      h("span", { class: "confidence-value" }, formatRate(calibration.p)),
      calibration.interval && ` (${intervalText(calibration.interval)})`,
      together(` in ${formatDuration(claim?.horizon ?? HEADLINE_SECONDS)}`),
      verdict && `, ${together(verdict)}`,
      "\u00a0· ",
      together(`n ${formatCount(calibration.n)} · base ${formatRate(calibration.base_rate)}`),
    ),
  );
}

/**
 * @param {[number, number]} interval 0..1
 * @returns {string} "33–50%"
 */
export function intervalText([low, high]) {
  return `${formatRate(low).replace(/\s?%$/, "")}–${formatRate(high)}`;
}

/**
 * @param {Calibration | undefined} calibration
 * @returns {calibration is Calibration & {p: number, base_rate: number}}
 */
export function hasProbability(calibration) {
  return typeof calibration?.p === "number" && typeof calibration.base_rate === "number";
}

/**
 * @param {Calibration | undefined} calibration one without a probability
 * @returns {string}
 */
export function noProbability(calibration) {
  const judged = calibration?.n_type ?? calibration?.n ?? 0;
  const days = calibration?.days ?? FEWEST_DAYS;
  const count = judged < FEWEST ? `${formatCount(judged)} of ${FEWEST}` : formatCount(judged);
  const lacking = judged >= FEWEST && days < FEWEST_DAYS ? `, on ${days} of ${FEWEST_DAYS} days` : "";
  return `no probability yet (${count} judged${lacking})`;
}

/**
 * @param {Calibration} calibration one with a probability
 * @returns {string} empty where there is an edge
 */
export function verdictOn({ edge, interval, base_rate }) {
  if (edge) return "";
  return interval && base_rate !== null && interval[1] < base_rate ? "less than chance" : "no edge";
}

/**
 * @param {Calibration} calibration one with a probability
 * @returns {HTMLElement} from 0 to 100 %; the text beside it says the same
 */
export function confidenceBar(calibration) {
  const level = h("span", { class: "bar-level" });
  level.style.width = share(calibration.p);
  const mark = h("span", { class: "bar-mark" });
  mark.style.left = share(calibration.base_rate);
  const { interval } = calibration;
  const line = interval && h("span", { class: "bar-interval" });
  if (line && interval) {
    line.style.left = share(interval[0]);
    line.style.width = share(interval[1] - interval[0]);
  }
  const data = calibration.edge ? {} : { neutral: "" };
  return h("span", { class: "bar confidence-bar", "aria-hidden": "true", data }, level, line, mark);
}

/** @param {string} text written with no break between its words */
const together = (text) => text.replaceAll(" ", "\u00a0");

/** @param {number | null} rate 0..1 */
const share = (rate) => `${100 * (rate ?? 0)}%`;
