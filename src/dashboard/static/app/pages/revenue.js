/** @import { ApiError } from "../api.js" */
import { fetchRevenue } from "../api.js";
import { fill, h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { choiceGroup } from "../parts/choice-group.js";
import { emptyState } from "../parts/notices.js";
import { originLabel } from "../parts/origin-label.js";
import { revenueChart } from "../parts/revenue-chart.js";
import { revenueTable } from "../parts/revenue-table.js";
import { revenueTotals } from "../parts/revenue-totals.js";
import { usageTabs } from "../parts/section-tabs.js";
import { time } from "../parts/time.js";
import { setTitle } from "../router.js";
import { store } from "../store.js";
import { signInForm } from "./login.js";

const RANGES = ["7", "30", "90"];
const RENEW_EVERY_MS = 60_000;

/** @type {import("../router.js").Page} */
export default function showRevenue(main, _parameters, lifetime) {
  setTitle("Revenue");
  let days = daysAsked();
  let turn = 0;
  let parts = content();
  let shown = false; // whether the parts are on the page, with the numbers of these days
  const counted = h("span", { class: "revenue-counted" });
  const stale = h("span", {});
  const staleNotice = h(
    "p",
    { class: "notice notice-stale", role: "status", hidden: true },
    icon("clock"),
    stale,
  );
  const place = h("div", { class: "revenue-page" });
  const head = pageHead(
    days,
    counted,
    lifetime,
    (chosen) => {
      days = chosen;
      history.replaceState(history.state, "", `?days=${days}`);
      begin();
    },
    () => load(),
  );
  main.append(head, usageTabs("/revenue", lifetime), staleNotice, place);

  /** @param {...(Node | Node[])} children that take the place of everything but the head */
  const instead = (...children) => {
    shown = false;
    staleNotice.hidden = true;
    fill(counted);
    fill(place, ...children);
  };
  const begin = () => {
    head.hidden = store.userKnown && !store.user;
    if (head.hidden) return instead(signInFirst());
    instead(skeleton());
    if (store.userKnown) load();
  };
  const load = async () => {
    const mine = ++turn;
    try {
      const told = await fetchRevenue(days, lifetime);
      if (mine !== turn) return;
      if (!shown) fill(place, parts.elements);
      shown = true;
      parts.update(told, days);
      staleNotice.hidden = true;
      fill(counted, "Counted at ", time(new Date().toISOString()));
    } catch (error) {
      if (mine !== turn || lifetime.aborted) return;
      fail(/** @type {ApiError} */ (error));
    }
  };
  /** @param {ApiError} problem */
  const fail = (problem) => {
    const signedOut = problem.status === 401 || problem.kind === "views-only";
    head.hidden = signedOut || problem.status === 403;
    if (signedOut) return instead(signInFirst());
    if (problem.status === 403) return instead(refused(problem));
    if (!shown) return instead(failed(problem, begin));
    const since = counted.querySelector("time")?.textContent ?? "";
    setText(stale, `These numbers are of ${since} and could not be renewed. ${problem.message}`);
    staleNotice.hidden = false;
  };

  const renew = () => {
    if (shown && !document.hidden) load();
  };
  const timer = setInterval(renew, RENEW_EVERY_MS);
  lifetime.addEventListener("abort", () => clearInterval(timer));
  // Nobody sees what was shown to the account before, not for a moment.
  store.on(
    "user",
    () => {
      turn += 1;
      parts = content();
      begin();
    },
    lifetime,
  );
  begin();
}

/** @returns {number} of the address, so that it can be kept and sent; else the first */
function daysAsked() {
  const asked = new URLSearchParams(location.search).get("days") ?? "";
  return Number(RANGES.includes(asked) ? asked : RANGES[0]);
}

/**
 * @param {number} days
 * @param {HTMLElement} counted
 * @param {AbortSignal} lifetime
 * @param {(days: number) => void} choose
 * @param {() => void} renew
 */
function pageHead(days, counted, lifetime, choose, renew) {
  return h(
    "div",
    { class: "page-head revenue-head" },
    h("h1", { class: "page-title" }, "Revenue"),
    originLabel(lifetime),
    h(
      "div",
      { class: "revenue-controls" },
      counted,
      h("button", { class: "button", type: "button", on: { click: renew } }, "Renew"),
      choiceGroup({
        label: "Days",
        choices: RANGES.map((value) => ({ value, label: `${value} days` })),
        chosen: String(days),
        choose: (value) => choose(Number(value)),
      }),
    ),
  );
}

function content() {
  const totals = revenueTotals();
  const chart = revenueChart();
  const table = revenueTable();
  return {
    elements: [...totals.elements, chart.element, table.element, note()],
    /**
     * @param {import("../types.js").Revenue} told
     * @param {number} days
     */
    update: (told, days) => {
      totals.update(told);
      chart.update(told, days);
      table.update(told);
    },
  };
}

function note() {
  return h(
    "p",
    { class: "revenue-note" },
    "Days are UTC. A payment is counted with the statement that settles it, a request some seconds" +
      " after its answer.",
  );
}

function signInFirst() {
  return h(
    "section",
    { class: "lone login" },
    heading("Sign in to see the revenue"),
    h("p", { class: "lone-text" }, "It is shown to administrators."),
    signInForm(() => {}), // the store tells of the user, and the page begins anew
  );
}

/** @param {ApiError} problem which says whose it is */
function refused(problem) {
  return h(
    "section",
    { class: "lone" },
    h("p", { class: "lone-code" }, "403"),
    heading("This is not for your role"),
    h("p", { class: "lone-text" }, problem.message),
    h(
      "p",
      { class: "lone-actions" },
      h("a", { class: "button button-primary", href: "/" }, "Go to the overview"),
    ),
  );
}

/**
 * @param {ApiError} problem
 * @param {() => void} retry
 */
function failed(problem, retry) {
  return emptyState({
    title: "The revenue could not be loaded",
    text: problem.message,
    action: { label: "Try again", run: retry },
  });
}

/** @param {string} text */
function heading(text) {
  return h("h1", { class: "lone-title" }, text);
}

function skeleton() {
  return h(
    "div",
    { "aria-busy": "true" },
    h("p", { class: "visually-hidden", role: "status" }, "Loading"),
    h("span", { class: "skeleton skeleton-strip" }),
    h("span", { class: "skeleton skeleton-days" }),
    h("span", { class: "skeleton skeleton-strip" }),
  );
}
