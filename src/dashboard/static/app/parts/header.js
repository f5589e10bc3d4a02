import { signOut } from "../api.js";
import { signOutLater } from "../leaving.js";
import { fill, h, setText } from "../dom.js";
import { formatUtc, isStale, parseTime } from "../format.js";
import { icon } from "../icons.js";
import { store } from "../store.js";
import { currentTheme, themeChanges, toggleTheme } from "../theme.js";
import { showAppNotice } from "./app-notice.js";
import { searchBox } from "./search.js";
import { age, setAge } from "./time.js";

const CONNECTIONS = {
  live: { text: "Live", title: "Prices and signals arrive as they happen." },
  reconnecting: {
    text: "Reconnecting",
    title: "Looking for the live stream; prices are renewed every minute meanwhile.",
  },
  polling: {
    text: "Every minute",
    title: "The live stream cannot be had; prices and signals are renewed every minute.",
  },
  offline: {
    text: "Offline",
    title: "CryptoIntel cannot be reached. What you see does not update.",
  },
};

/**
 * @param {HTMLElement} header
 * @param {{alone: boolean}} page one that stands alone needs neither markets nor a way to sign in
 */
export function showHeader(header, { alone }) {
  header.append(
    h(
      "div",
      { class: "header-row" },
      h(
        "a",
        { class: "brand", href: "/", "aria-label": "CryptoIntel, overview" },
        h("span", { class: "brand-mark" }, icon("brand")),
        h("span", { class: "brand-name" }, "CryptoIntel"),
      ),
      !alone && searchBox(),
      h(
        "div",
        { class: "header-end" },
        !alone && connectionBadge(),
        themeButton(),
        !alone && account(),
      ),
    ),
  );
}

function connectionBadge() {
  const text = h("span", { class: "connection-text" });
  const tickAge = age(null, { className: "connection-age", prefix: "Tick " });
  const badge = h(
    "span",
    { class: "connection", data: { connection: store.connection } },
    h("span", { class: "connection-dot", "aria-hidden": "true" }),
    text,
    tickAge,
  );
  const update = () => {
    const { text: label, title } = CONNECTIONS[store.connection];
    badge.dataset.connection = store.connection;
    const tick = parseTime(store.tick);
    badge.title = tick ? `${title} Last tick ${formatUtc(tick)}.` : title;
    setText(text, label);
    setAge(tickAge, store.tick);
    tickAge.toggleAttribute("data-old", tick !== null && isStale(tick));
  };
  for (const event of ["connection", "overview", "tick"]) store.on(event, update);
  addEventListener("clock", update);
  update();
  return badge;
}

function themeButton() {
  const button = h("button", { class: "icon-button", type: "button", on: { click: toggleTheme } });
  const update = () => {
    const dark = currentTheme() === "dark";
    const label = dark ? "Use light theme" : "Use dark theme";
    button.setAttribute("aria-label", label);
    button.title = label;
    fill(button, icon(dark ? "sun" : "moon"));
  };
  themeChanges.addEventListener("change", update);
  update();
  return button;
}

function account() {
  const place = h("div", { class: "account" });
  const update = () => fill(place, store.user ? signedIn(store.user.email) : signInLink());
  store.on("user", update);
  update();
  return place;
}

function signInLink() {
  return h(
    "a",
    { class: "button account-link", href: "/login", "aria-label": "Sign in" },
    icon("user"),
    h("span", { class: "account-text" }, "Sign in"),
  );
}

/** @param {string} email */
function signedIn(email) {
  const leave = async () => {
    try {
      await signOut();
      showAppNotice("signout", null);
    } catch (error) {
      const why = /** @type {Error} */ (error).message;
      signOutLater();
      showAppNotice("signout", {
        text: `You are not signed out yet: it is done as soon as it can be. ${why}`,
        wrong: true,
      });
    }
    await store.loadUser();
  };
  return [
    h("a", { class: "account-email", href: "/settings", title: `Settings of ${email}` }, email),
    h(
      "button",
      {
        class: "icon-button",
        type: "button",
        "aria-label": `Sign out ${email}`,
        title: "Sign out",
        on: { click: leave },
      },
      icon("signout"),
    ),
  ];
}
