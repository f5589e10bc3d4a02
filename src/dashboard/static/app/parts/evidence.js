/** @import { Calibration, Evidence, Outcome, Signal } from "../types.js" */
import { h } from "../dom.js";
import {
  formatCount,
  formatDayAndClock,
  formatDuration,
  formatPlain,
  formatRate,
  formatSpread,
} from "../format.js";
import { confidenceBar, hasProbability, noProbability, verdictOn } from "./confidence.js";
import { contextTexts, measuredText, numberName, words } from "./evidence-numbers.js";
import { signalActions } from "./signal-actions.js";
import { time } from "./time.js";

/**
 * Everything a signal rests on, for the reader who wants to check it.
 *
 * @param {Signal} signal
 * @returns {HTMLElement}
 */
export function evidence(signal) {
  const { metadata, created_at, ended_at, known_at, outcomes = [] } = signal;
  const { measured, window_seconds, detector, inputs, labels = {}, sources } = metadata;
  return h(
    "div",
    { class: "evidence-body" },
    metadata.statistic && statisticBar(metadata.statistic),
    h(
      "dl",
      { class: "facts" },
      measured && fact(numberName(measured.name), measuredText(measured)),
      window_seconds && fact("Window", formatDuration(window_seconds)),
      Object.entries(labels).map(([name, label]) => fact(words(name), label)),
      contextTexts(metadata).map(([name, text]) => fact(name, text)),
      sources && fact("Sources", sourcesText(sources)),
      fact("Fired", time(created_at, formatDayAndClock)),
      known_at && known_at > created_at && fact("Found", time(known_at, formatDayAndClock)),
      ended_at && fact("Over", time(ended_at, formatDayAndClock)),
      detector && fact("Detector", `${words(detector.name)}, version ${detector.version}`),
    ),
    horizonTable(metadata, outcomes),
    inputs && inputs.length > 0 && inputTable(inputs),
    signalActions(signal),
  );
}

/**
 * @param {string} name
 * @param {import("../dom.js").Child} value
 */
function fact(name, value) {
  return h("div", { class: "fact" }, h("dt", {}, name), h("dd", {}, value));
}

/** @param {NonNullable<Evidence["statistic"]>} statistic */
function statisticBar({ name, value, threshold }) {
  const size = Math.abs(value ?? 0);
  const full = 1.15 * Math.max(size, Math.abs(threshold ?? 0)) || 1;
  const level = h("span", { class: "bar-level" });
  level.style.width = `${(100 * size) / full}%`;
  const mark = threshold === null ? null : h("span", { class: "bar-mark" });
  if (mark) mark.style.left = `${(100 * Math.abs(threshold ?? 0)) / full}%`;
  return h(
    "div",
    { class: "statistic" },
    h(
      "p",
      { class: "statistic-text" },
      h("span", { class: "statistic-name" }, words(name)),
      h("span", { class: "statistic-value" }, formatPlain(value)),
      h("span", { class: "statistic-threshold" }, `threshold ${formatPlain(threshold)}`),
    ),
    h("div", { class: "bar statistic-bar", "aria-hidden": "true" }, level, mark),
  );
}

/** @param {NonNullable<Evidence["sources"]>} sources */
function sourcesText({ rejected, spread }) {
  const left = Object.entries(rejected).map(([name, why]) => `${name} left out: ${why}`);
  return [`agree within ${formatSpread(spread)}`, ...left].join("; ");
}

/**
 * What followed such signals, for each horizon; nothing for a signal that claims nothing.
 *
 * @param {Evidence} evidence
 * @param {Outcome[]} outcomes of this one, where they are known
 */
function horizonTable({ claim, calibration, horizons = {} }, outcomes) {
  const rows = Object.entries(horizons).sort(([one], [other]) => Number(one) - Number(other));
  if (rows.length === 0) return null;
  const came = outcomes.length > 0;
  return h(
    "table",
    { class: "evidence-table horizons" },
    h("caption", {}, `Followed by ${claim?.says ?? "what is claimed"}?`),
    tableHead(["Within", "Probability", "95 % interval", "Base", "n", ...(came ? ["This one"] : [])]),
    h(
      "tbody",
      {},
      rows.map(([seconds, told]) => {
        const row = horizonRow(Number(seconds), told);
        if (came) row.append(outcomeCell(outcomes.find((one) => one.horizon_seconds === Number(seconds))));
        return row;
      }),
    ),
    calibration?.note &&
      h("tfoot", {}, h("tr", {}, h("td", { colspan: came ? 6 : 5 }, calibration.note))),
  );
}

/**
 * @param {number} seconds
 * @param {Calibration} told
 */
function horizonRow(seconds, told) {
  const within = h("th", { scope: "row" }, formatDuration(seconds));
  if (!hasProbability(told)) return h("tr", {}, within, h("td", { colspan: 4 }, noProbability(told)));
  const verdict = verdictOn(told);
  const [low, high] = told.interval ?? [null, null];
  return h(
    "tr",
    {},
    within,
    h(
      "td",
      {},
      h("span", { class: "confidence-value" }, formatRate(told.p)),
      confidenceBar(told),
      verdict && h("span", { class: "confidence-verdict" }, verdict),
    ),
    h("td", {}, `${formatRate(low)} – ${formatRate(high)}`),
    h("td", {}, formatRate(told.base_rate)),
    h("td", {}, formatCount(told.n)),
  );
}

/** @param {Outcome | undefined} outcome */
function outcomeCell(outcome) {
  if (!outcome) return h("td", {}, "–");
  if (!outcome.judged_at && Date.parse(outcome.due_at) < Date.now()) {
    return h("td", { class: "outcome" }, "awaits judging");
  }
  if (!outcome.judged_at) {
    return h("td", { class: "outcome" }, "due ", time(outcome.due_at, formatDayAndClock));
  }
  if (outcome.hit === null) return h("td", { class: "outcome", title: outcome.reason }, "cannot be told");
  const tone = outcome.hit ? "good" : "bad";
  return h("td", { class: "outcome", data: { tone } }, outcome.hit ? "came true" : "did not");
}

/** @param {NonNullable<Evidence["inputs"]>} inputs */
function inputTable(inputs) {
  return h(
    "table",
    { class: "evidence-table" },
    h("caption", { class: "visually-hidden" }, "Inputs"),
    tableHead(["Input", "Observed", "Age when used"]),
    h(
      "tbody",
      {},
      inputs.map((input) =>
        h(
          "tr",
          {},
          h("td", {}, input.source),
          h("td", {}, time(input.observed_at)),
          h("td", {}, formatDuration(input.age_seconds)),
        ),
      ),
    ),
  );
}

/** @param {string[]} names of the columns */
function tableHead(names) {
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      names.map((name) => h("th", { scope: "col" }, name)),
    ),
  );
}
