// A classic script in <head>: the theme must be known before the first paint, modules run after it.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // Storage may be blocked; the system's preference then decides.
  }
  const light = matchMedia("(prefers-color-scheme: light)").matches;
  document.documentElement.dataset.theme = theme ?? (light ? "light" : "dark");
})();
