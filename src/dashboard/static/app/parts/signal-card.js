/** @import { Signal } from "../types.js" */
import { fill, h } from "../dom.js";
import { formatDuration, parseTime } from "../format.js";
import { icon } from "../icons.js";
import { directionArrow } from "./change.js";
import { confidence } from "./confidence.js";
import { evidence } from "./evidence.js";
import { words } from "./evidence-numbers.js";
import { assetDirection, typeIcon, typeLabel } from "./signal-types.js";
import { age } from "./time.js";

/** Labels that say what kind of finding it is; the others are told by its sentence. */
const CHIPS = ["stage", "pattern", "shape", "trouble"];
const FOUND_LATER_SECONDS = 3600;

/**
 * @typedef {object} Card
 * @property {HTMLElement} element
 * @property {HTMLElement} head where the asset may be put in front
 * @property {(signal: Signal) => void} update shows the same signal as it is now: it may be over
 * @property {() => void} open shows its evidence
 */

/**
 * One signal: what, why, when, whether it is over, how far to believe it; its evidence on request.
 *
 * @param {Signal} first
 * @param {(signal: Signal) => void} [opened] its evidence was opened
 * @returns {Card}
 */
export function signalCard(first, opened) {
  let signal = first;
  const evidenceId = `evidence-${signal.id}`;
  const details = h("div", { class: "evidence", id: evidenceId, hidden: true });
  const marks = h("ul", { class: "signal-marks" });
  const toggle = h(
    "button",
    {
      class: "evidence-toggle",
      type: "button",
      "aria-expanded": "false",
      "aria-controls": evidenceId,
    },
    "Evidence",
    h("span", { class: "visually-hidden" }, ` for ${typeLabel(signal.type)} of ${signal.symbol}`),
    icon("chevron"),
  );
  /** @param {boolean} open */
  const show = (open) => {
    if (open) fill(details, evidence(signal));
    details.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (open) opened?.(signal);
  };
  toggle.addEventListener("click", () => show(details.hidden));
  const head = h(
    "p",
    { class: "signal-head" },
    h(
      "span",
      { class: "signal-type" },
      icon(typeIcon(signal.type)),
      typeLabel(signal.type),
      directionArrow(assetDirection(signal)),
    ),
    age(signal.created_at, { className: "signal-age" }),
  );
  const element = h(
    "div",
    {
      class: "signal",
      data: { signal: signal.id, signalType: signal.type, signalAsset: signal.asset_id },
    },
    head,
    marks,
    h("p", { class: "signal-text" }, signal.explanation),
    h("div", { class: "signal-foot" }, confidence(signal), toggle),
    details,
  );
  /** @param {Signal} now */
  const update = (now) => {
    const same = now.ended_at === signal.ended_at && judged(now) === judged(signal);
    signal = now;
    element.toggleAttribute("data-ended", Boolean(now.ended_at));
    const told = marksOf(now);
    marks.hidden = told.length === 0;
    fill(
      marks,
      told.map(({ text, tone }) => h("li", { class: "signal-mark", data: tone ? { tone } : {} }, text)),
    );
    if (!same && !details.hidden) fill(details, evidence(now));
  };
  update(first);
  return { element, head, update, open: () => show(true) };
}

/**
 * @param {Signal} signal
 * @returns {{text: string, tone?: "good" | "bad"}[]}
 */
function marksOf({ metadata: { labels = {}, claim }, created_at, ended_at, known_at, outcomes }) {
  /** @type {{text: string, tone?: "good" | "bad"}[]} */
  const told = CHIPS.flatMap((name) => (labels[name] ? [{ text: words(labels[name]) }] : []));
  const lasted = secondsBetween(created_at, ended_at);
  if (lasted !== null) told.push({ text: `over after ${formatDuration(lasted)}` });
  const later = secondsBetween(created_at, known_at);
  if (later !== null && later >= FOUND_LATER_SECONDS) told.push({ text: "found later" });
  const hit = outcomes?.find((one) => one.horizon_seconds === claim?.horizon)?.hit ?? null;
  if (hit !== null) {
    const text = `${hit ? "came true" : "did not come true"} in ${formatDuration(claim?.horizon)}`;
    told.push({ text, tone: hit ? "good" : "bad" });
  }
  return told;
}

/** @param {Signal} signal */
function judged({ outcomes = [] }) {
  return outcomes.filter((one) => one.judged_at !== null).length;
}

/**
 * @param {string} from
 * @param {string | null} to
 * @returns {number | null}
 */
function secondsBetween(from, to) {
  const [start, end] = [parseTime(from), parseTime(to)];
  return start && end ? (end.getTime() - start.getTime()) / 1000 : null;
}
