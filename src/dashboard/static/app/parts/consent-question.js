/** @import { Asked } from "../authorization.js" */
/** @import { Authorization } from "../types.js" */
import { signOut } from "../api.js";
import { destination } from "../authorization.js";
import { h, outsideLink } from "../dom.js";
import { icon } from "../icons.js";
import { store } from "../store.js";
import { assetBadge } from "./asset-badge.js";

// A click sooner after the page came to the front was meant for what lay over it: nobody is made to
// allow something by a double click on a window that closes in between.
const LOOK_MS = 500;
let inFrontSince = 0;
addEventListener("focus", () => {
  inFrontSince = performance.now();
});

/**
 * Who asks, for which account, what it may then do, where it leads, and the two answers.
 *
 * @param {Authorization} told
 * @param {Asked} asked
 * @param {string} email of the account
 * @param {(decision: "allow" | "deny") => void} decide
 * @returns {HTMLElement}
 */
export function consentQuestion(told, asked, email, decide) {
  const { client } = told;
  return h(
    "section",
    { class: "consent-card", "aria-labelledby": "consent-title" },
    h(
      "p",
      { class: "consent-parties", "aria-hidden": "true" },
      assetBadge(client.name, "large"),
      h("span", { class: "consent-link" }),
      h("span", { class: "brand-mark consent-brand" }, icon("brand")),
    ),
    h(
      "h1",
      { class: "lone-title", id: "consent-title", tabindex: "-1" },
      "Allow ",
      h("bdi", { class: "consent-app" }, client.name),
      " to use your account?",
    ),
    h(
      "p",
      { class: "consent-origin" },
      client.website && "Says it is from ",
      client.website && outsideLink(client.website, hostOf(client.website)),
      client.website && ". ",
      client.self_registered
        ? "Not verified: this app registered itself, and anybody can choose any name."
        : "CryptoIntel has not checked this app.",
    ),
    account(email),
    told.already_granted &&
      h(
        "p",
        { class: "notice consent-before" },
        icon("check"),
        "You allowed this app all of this before.",
      ),
    powers(told.scopes),
    leadsTo(asked.redirect_uri),
    answers(decide),
    h(
      "p",
      { class: "consent-note" },
      "It never gets your password or your keys. What you allow lasts until you take it back.",
    ),
  );
}

/** @param {string} email */
function account(email) {
  const change = async () => {
    await signOut().catch(() => {});
    await store.loadUser();
  };
  return h(
    "div",
    { class: "consent-account" },
    icon("user"),
    h("span", { class: "consent-email" }, email),
    h(
      "button",
      {
        class: "button",
        type: "button",
        "aria-label": "Switch to another account",
        on: { click: change },
      },
      "Switch",
    ),
  );
}

/** @param {Authorization["scopes"]} scopes what changes something is told first */
function powers(scopes) {
  const changes = scopes.filter(({ scope }) => scope.endsWith(":write"));
  const reads = scopes.filter(({ scope }) => !scope.endsWith(":write"));
  return [
    h("h2", { class: "consent-heading" }, "If you allow it, it can"),
    h(
      "ul",
      { class: "consent-list" },
      changes.map((one) => power(one, "pencil")),
      reads.map((one) => power(one, "check")),
    ),
  ];
}

/**
 * @param {Authorization["scopes"][number]} power
 * @param {"pencil" | "check"} mark
 */
function power({ scope, meaning }, mark) {
  return h("li", { data: { scope, mark } }, icon(mark), meaning);
}

/** @param {string} redirectUri */
function leadsTo(redirectUri) {
  const { name, note } = destination(redirectUri);
  return h(
    "div",
    { class: "consent-destination" },
    h("h2", { class: "consent-heading" }, "Then you are taken to"),
    h("p", { class: "consent-host" }, h("bdi", {}, name)),
    note && h("p", { class: "consent-origin" }, note),
  );
}

/** @param {(decision: "allow" | "deny") => void} decide */
function answers(decide) {
  const allow = h("button", { class: "button button-primary", type: "button" }, "Allow");
  const deny = h("button", { class: "button", type: "button" }, "Deny");
  const hint = h("p", { class: "consent-hint", role: "status" });
  const drawnAt = performance.now();
  /** @param {"allow" | "deny"} decision */
  const answer = (decision) => {
    allow.disabled = true;
    deny.disabled = true;
    decide(decision);
  };
  allow.addEventListener("click", () => {
    if (performance.now() - Math.max(drawnAt, inFrontSince) >= LOOK_MS) return answer("allow");
    hint.textContent = "This page has just come to the front. Press Allow again if you mean it.";
  });
  deny.addEventListener("click", () => answer("deny"));
  return [h("div", { class: "consent-answers" }, deny, allow), hint];
}

/** @param {string} url untrusted */
function hostOf(url) {
  return URL.canParse(url) ? new URL(url).host : url;
}
