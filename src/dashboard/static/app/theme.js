const KEY = "theme";
const PAGE_COLOURS = { dark: "#0c0f14", light: "#f6f7f9" };
const systemLight = matchMedia("(prefers-color-scheme: light)");

/** Fires `change` after the theme changed, for what is painted on a canvas. */
export const themeChanges = new EventTarget();

/** @returns {"dark" | "light"} */
export function currentTheme() {
  return document.documentElement.dataset.theme === "light" ? "light" : "dark";
}

/** @returns {string | null} the reader's own choice, if one was made */
function chosenTheme() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {"dark" | "light"} theme */
function apply(theme) {
  document.documentElement.dataset.theme = theme;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", PAGE_COLOURS[theme]);
  themeChanges.dispatchEvent(new Event("change"));
}

/** Switches between dark and light and remembers the choice. */
export function toggleTheme() {
  const theme = currentTheme() === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the choice lasts for this page view.
  }
  apply(theme);
}

/** Follows the system's preference until the reader chooses. */
export function followSystemTheme() {
  apply(currentTheme());
  systemLight.addEventListener("change", () => {
    if (chosenTheme() === null) apply(systemLight.matches ? "light" : "dark");
  });
}
