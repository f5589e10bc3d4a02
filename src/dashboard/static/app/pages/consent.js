/** @import { Asked } from "../authorization.js" */
import { ApiError, decideAuthorization, fetchAuthorization, fetchUser } from "../api.js";
import { destination, mayOpen, readAsked } from "../authorization.js";
import { fill, h } from "../dom.js";
import { consentQuestion } from "../parts/consent-question.js";
import { setTitle } from "../router.js";
import { store } from "../store.js";
import { signInForm } from "./login.js";

/**
 * What is said of a request that cannot be decided on, by the problem's kind.
 *
 * @type {Record<string, string>}
 */
const REFUSALS = {
  "client-unknown": "This app is not known",
  "redirect-refused": "This app may not send you there",
};
const TWICE = new ApiError(400, "A parameter is in the address twice, which is not allowed.");
const STRANGE = new ApiError(502, "The answer would have led somewhere else than was said.");

/** @type {import("../router.js").Page} */
export default function showConsent(main, _parameters, lifetime) {
  setTitle("Allow an app");
  const place = h("div", { class: "consent" }, h("p", { class: "consent-wait" }, "One moment…"));
  const status = h("p", { class: "visually-hidden", role: "status" });
  main.append(place, status);

  /** @param {HTMLElement} content whose heading then says what has changed */
  const show = (content) => {
    status.textContent = "";
    fill(place, content);
    content.querySelector("h1")?.focus({ preventScroll: true });
  };
  /** @param {unknown} error */
  const fail = (error) => {
    if (lifetime.aborted) return;
    const problem = /** @type {ApiError} */ (error);
    const signedOut = problem.status === 401 || problem.kind === "views-only";
    show(signedOut ? signInFirst() : refusal(problem));
  };

  const asked = readAsked(location.search);
  if (asked === null) return show(refusal(TWICE));

  /** @param {"allow" | "deny"} decision */
  const decide = async (decision) => {
    status.textContent = "Sending your answer…";
    try {
      // Another tab may have signed in somebody else: what was not shown is not allowed.
      if ((await fetchUser())?.email !== store.user?.email) return store.loadUser();
      const { redirect_to: address } = await decideAuthorization(asked, decision);
      if (!mayOpen(address, asked.redirect_uri)) throw STRANGE;
      show(farewell(decision, asked));
      location.assign(address);
    } catch (error) {
      fail(error);
    }
  };
  const ask = async () => {
    if (!store.user) return show(signInFirst());
    try {
      const told = await fetchAuthorization(asked, lifetime);
      const { client, redirect_to: address } = told;
      if (address === null) return show(consentQuestion(told, asked, store.user.email, decide));
      if (!mayOpen(address, asked.redirect_uri)) throw STRANGE;
      show(mistake(client.name, asked, address));
    } catch (error) {
      fail(error);
    }
  };
  store.on("user", ask, lifetime);
  if (store.userKnown) ask(); // it was told while this page was being loaded
}

function signInFirst() {
  return h(
    "section",
    { class: "lone login" },
    heading("Sign in to go on"),
    h(
      "p",
      { class: "lone-text" },
      "An app wants to use your CryptoIntel account. Sign in here, then decide what it may do." +
        " The app does not see your password.",
    ),
    signInForm(() => {}), // the store tells of the user, and the question follows
  );
}

/** @param {ApiError} problem */
function refusal(problem) {
  const passes = problem.status === 0 || problem.status === 429 || problem.status >= 500;
  const again = { class: "button button-primary", type: "button", on: { click: reload } };
  const home = { class: passes ? "button" : "button button-primary", href: "/" };
  return h(
    "section",
    { class: "lone" },
    h("p", { class: "lone-code" }, "Nothing was allowed"),
    heading(
      passes
        ? "That did not work just now"
        : (REFUSALS[problem.kind] ?? "This request cannot be answered"),
    ),
    h("p", { class: "lone-text" }, problem.message),
    !passes &&
      h(
        "p",
        { class: "lone-text" },
        "You were sent nowhere. The developer of the app can mend this.",
      ),
    h(
      "p",
      { class: "lone-actions lone-choices" },
      passes && h("button", again, "Try again"),
      h("a", home, "Go to the overview"),
    ),
  );
}

function reload() {
  location.reload();
}

/**
 * The app is told what is wrong, but nobody is sent to it without having said so: anybody can
 * register an app, and make such an address.
 *
 * @param {string} app
 * @param {Asked} asked
 * @param {string} address
 */
function mistake(app, asked, address) {
  const said = new URL(address).searchParams.get("error_description");
  return h(
    "section",
    { class: "lone" },
    h("p", { class: "lone-code" }, "Nothing was allowed"),
    heading("The app asked in a wrong way"),
    h("p", { class: "lone-text" }, h("bdi", {}, app), " made a mistake in its request. ", said),
    h(
      "p",
      { class: "lone-actions lone-choices" },
      h("a", { class: "button", href: address }, `Back to ${destination(asked.redirect_uri).name}`),
      h("a", { class: "button button-primary", href: "/" }, "Go to the overview"),
    ),
  );
}

/**
 * What stays to be seen when the address opens an app and not a page.
 *
 * @param {"allow" | "deny"} decision
 * @param {Asked} asked
 */
function farewell(decision, asked) {
  const { name } = destination(asked.redirect_uri);
  return h(
    "section",
    { class: "lone" },
    heading(decision === "allow" ? "Allowed" : "Denied"),
    h("p", { class: "lone-text" }, "You are being taken to ", h("bdi", {}, name), "."),
    h(
      "p",
      { class: "lone-text" },
      "If nothing happens, go back to the app and start there again. You can close this page.",
    ),
  );
}

/** @param {string} text */
function heading(text) {
  return h("h1", { class: "lone-title", tabindex: "-1" }, text);
}
