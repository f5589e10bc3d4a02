/** @import { Evidence, Signal } from "../types.js" */
import { h } from "../dom.js";
import {
  formatChange,
  formatCount,
  formatDayAndClock,
  formatDuration,
  formatPlain,
  formatRate,
} from "../format.js";
import { time } from "./time.js";

/**
 * Everything a signal rests on, for the reader who wants to check it.
 *
 * @param {Signal} signal
 * @returns {HTMLElement}
 */
export function evidence({ metadata, created_at }) {
  const { measured, window_seconds, detector, inputs, calibration } = metadata;
  return h(
    "div",
    { class: "evidence-body" },
    metadata.statistic && statisticBar(metadata.statistic),
    h(
      "dl",
      { class: "facts" },
      measured && fact(words(measured.name), measuredText(measured)),
      window_seconds && fact("Window", formatDuration(window_seconds)),
      fact("Fired", time(created_at, formatDayAndClock)),
      calibration && fact("Calibration", calibrationText(calibration)),
      detector && fact("Detector", `${words(detector.name)}, version ${detector.version}`),
    ),
    inputs && inputs.length > 0 && inputTable(inputs),
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

/** @param {NonNullable<Evidence["measured"]>} measured */
function measuredText({ name, value, unit }) {
  if (name === "log_return" && value !== null) {
    return `${formatPlain(value)} (${formatChange(100 * Math.expm1(value))})`;
  }
  return unit && unit !== "1" ? `${formatPlain(value)} ${unit}` : formatPlain(value);
}

/** @param {NonNullable<Evidence["calibration"]>} calibration */
function calibrationText({ n, base_rate, interval, note }) {
  const parts = [`${formatCount(n)} judged`];
  if (base_rate !== null) parts.push(`base rate ${formatRate(base_rate)}`);
  if (interval) parts.push(`interval ${formatRate(interval[0])} to ${formatRate(interval[1])}`);
  return note ? `${parts.join(", ")}. ${note}` : parts.join(", ");
}

/** @param {NonNullable<Evidence["inputs"]>} inputs */
function inputTable(inputs) {
  return h(
    "table",
    { class: "input-table" },
    h("caption", { class: "visually-hidden" }, "Inputs"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["Input", "Observed", "Age when used"].map((text) => h("th", { scope: "col" }, text)),
      ),
    ),
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

/** @param {string} name such as robust_z_score */
function words(name) {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
