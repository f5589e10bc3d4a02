import { formatCount, formatDuration, formatRate, formatShare } from "../format.js";

export const FEWEST = 30; // judged signals, and
export const FEWEST_DAYS = 10; // days, without which no probability is given

/** @typedef {"edge" | "unconfirmed" | "none" | "below" | "unknown"} Verdict */

/** @type {Record<Verdict, {text: string, tone: string}>} */
export const VERDICTS = {
  edge: { text: "Edge", tone: "good" },
  unconfirmed: { text: "Not confirmed", tone: "warn" },
  none: { text: "No edge", tone: "" },
  below: { text: "Less than chance", tone: "bad" },
  unknown: { text: "Too few judged", tone: "" },
};

/**
 * What the record of a type and horizon shows, by the rule that confidences go by: an edge is an
 * interval that lies wholly above the base rate.
 *
 * @param {any} record
 * @returns {Verdict}
 */
export function verdictOf({ calibration }) {
  const { n, days, control_n: controls, interval, base_rate: base, flat } = calibration;
  if (n < FEWEST || days < FEWEST_DAYS || !controls) return "unknown";
  if (interval[0] > base) return flat ? "unconfirmed" : "edge";
  return interval[1] < base ? "below" : "none";
}

/**
 * @param {any} record
 * @returns {string} the record in plain words
 */
export function sentenceOf(record) {
  const { calibration, report, horizon_seconds: horizon } = record;
  const within = `within ${formatDuration(horizon)}`;
  const verdict = verdictOf(record);
  if (verdict === "unknown") {
    const counts = `${formatCount(calibration.n)} judged on ${formatCount(calibration.days)} days`;
    const soFar = report.n ? ` ${formatCount(report.hits)} of them came true.` : "";
    return `Nothing can be said yet: ${counts}, and it takes ${FEWEST} on ${FEWEST_DAYS}.${soFar}`;
  }
  const hits = `came true ${formatRate(report.share)} of the time ${within}`;
  const anyway = `the market does that by itself ${formatRate(calibration.base_rate)} of the time`;
  if (verdict === "edge") return `Edge: it ${hits}; ${anyway}.`;
  if (verdict === "below") return `Less than chance: it ${hits}; ${anyway}. Do not trade on it.`;
  if (verdict === "unconfirmed") {
    return `It ${hits}; ${anyway}. On signals held back that was not confirmed, so the base rate is given as its confidence.`;
  }
  return `No edge: it ${hits}; ${anyway}. The difference is within chance.`;
}

/**
 * @param {any} record
 * @returns {string} how good the probabilities themselves were
 */
export function skillOf({ report }) {
  const { skill, brier, brier_base: base, n_scored: n, basis } = report;
  if (skill === null || !n) return "";
  const size = formatShare(100 * Math.abs(skill));
  const how =
    Math.abs(skill) < 0.0005
      ? "exactly as good as always saying the base rate"
      : `${size} ${skill > 0 ? "better" : "worse"} than always saying the base rate`;
  const on = `on ${formatCount(n)} signals`;
  const measured =
    basis === "issued"
      ? `${on} that were published with a probability`
      : `${on} that it was fitted to, which flatters`;
  return `Its probabilities were ${how} (Brier ${brier.toFixed(3)} against ${base.toFixed(3)}), measured ${measured}.`;
}
