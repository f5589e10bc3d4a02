import { fetchChallenge, passChallenge } from "../api.js";
import { fill, h } from "../dom.js";
import { setTitle } from "../router.js";
import { currentTheme } from "../theme.js";

// Only the policy of this page's address lets it in (_headers).
const SCRIPT = "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit";
const LOAD_WITHIN_MS = 8_000;

/** @type {import("../router.js").Page} */
export default function showChallenge(main, _parameters, lifetime) {
  setTitle("A quick check");
  const widget = h("div", { class: "challenge-widget" });
  const status = h("p", { class: "challenge-status", role: "status" });
  const again = h("button", { class: "button button-primary", type: "button" }, "Try again");
  const page = h("section", { class: "lone challenge" }, why(), box(widget, status, again), note());
  main.append(page);

  /** @param {string} text while something is under way; nothing when it is the reader's turn */
  const wait = (text) => {
    status.textContent = text;
    again.hidden = true;
  };
  /** @param {string} text */
  const fail = (text) => {
    fill(widget);
    status.textContent = text;
    again.hidden = false;
  };
  /** @param {string} token */
  const pass = async (token) => {
    wait("Checking…");
    try {
      await passChallenge(token);
      fill(page, done());
      page.querySelector("h1")?.focus({ preventScroll: true });
    } catch (error) {
      fail(/** @type {Error} */ (error).message);
    }
  };
  const begin = async () => {
    wait("Loading the check…");
    try {
      const { site_key: sitekey, action } = await fetchChallenge(lifetime);
      const turnstile = await loadTurnstile();
      const place = h("div");
      fill(widget, place);
      turnstile.render(place, {
        sitekey,
        action, // the API looks for it in what Turnstile confirms
        theme: currentTheme(),
        size: "flexible",
        callback: pass,
        "expired-callback": () => fail("The check has expired."),
        "timeout-callback": () => fail("The check was not answered in time."),
        "unsupported-callback": () => fail("This browser is too old for the check."),
        "error-callback": () => fail("The check did not work in this browser."),
      });
      wait("");
    } catch (error) {
      if (!lifetime.aborted) fail(/** @type {Error} */ (error).message);
    }
  };
  again.addEventListener("click", begin);
  begin();
}

function why() {
  return [
    heading("A quick check"),
    h(
      "p",
      { class: "lone-text" },
      "Many odd requests came from your network's address: wrong keys, or pages that do not exist." +
        " It may have been somebody else who shares it. Show that you are a person, and" +
        " CryptoIntel answers this address again.",
    ),
  ];
}

/** @param {...HTMLElement} children */
function box(...children) {
  return h("div", { class: "challenge-box" }, children);
}

function note() {
  return h(
    "p",
    { class: "challenge-note" },
    "The check is made by Cloudflare Turnstile. Programs with a valid API key do not need it.",
  );
}

function done() {
  return [
    heading("Done, go on"),
    h(
      "p",
      { class: "lone-text" },
      "CryptoIntel answers your address again. You are not asked again for a day.",
    ),
    h(
      "p",
      { class: "lone-actions" },
      h("a", { class: "button button-primary", href: wayBack() }, "Go on"),
    ),
  ];
}

/** @param {string} text */
function heading(text) {
  return h("h1", { class: "lone-title", tabindex: "-1" }, text);
}

/** @returns {string} the page of ours that led here, else the overview; never another site */
function wayBack() {
  const from = URL.canParse(document.referrer) ? new URL(document.referrer) : null;
  const own = from?.origin === location.origin && from.pathname !== location.pathname;
  return from && own ? from.href : "/";
}

/** @returns {Promise<any>} Turnstile's own object; the script is asked for anew after a failure */
function loadTurnstile() {
  const loaded = /** @type {any} */ (window).turnstile;
  if (loaded) return Promise.resolve(loaded);
  return new Promise((resolve, reject) => {
    const script = h("script", { src: SCRIPT, async: true });
    const giveUp = () => {
      clearTimeout(timer);
      script.remove();
      reject(
        new Error(
          "The check does not load. A blocker in the browser, or the network, holds" +
            " challenges.cloudflare.com back.",
        ),
      );
    };
    const timer = setTimeout(giveUp, LOAD_WITHIN_MS);
    script.addEventListener("error", giveUp);
    script.addEventListener("load", () => {
      clearTimeout(timer);
      resolve(/** @type {any} */ (window).turnstile);
    });
    document.head.append(script);
  });
}
