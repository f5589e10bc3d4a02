import { startInstall } from "./install.js";
import { finishLeaving } from "./leaving.js";
import { LiveConnection } from "./live.js";
import { startOffline } from "./offline.js";
import { announceSignals } from "./parts/announcer.js";
import { showFooter } from "./parts/footer.js";
import { showHeader } from "./parts/header.js";
import { showNavigation } from "./parts/navigation.js";
import { keepTimesCurrent } from "./parts/time.js";
import { standsAlone, startRouter } from "./router.js";
import { MODULES, ROUTES } from "./routes.js";
import { store } from "./store.js";
import { followSystemTheme } from "./theme.js";

const REFETCH_AFTER_HIDDEN_MS = 5 * 60 * 1000;
const API_CACHE_MS = 60_000;

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** What surrounds every page of the dashboard, and keeps it up to date. */
function showDashboard() {
  showFooter(part("footer"));
  showNavigation(part("navigation"));
  announceSignals(part("announcer"));
  keepTimesCurrent();

  // The stream first: an event that comes while the overview is under way is in the overview too.
  new LiveConnection({
    onEvent: (event) => store.receive(event),
    onState: (state) => store.setConnection(state),
    refresh: () => store.loadOverview(),
  }).start();
  store.loadOverview().catch(() => {});
  keepDataCurrent();
}

function keepDataCurrent() {
  // A tick brings prices, not the market's totals. They are fetched once the API's cache has
  // expired, by each reader at another moment.
  let totalsTimer = 0;
  store.on("tick", () => {
    clearTimeout(totalsTimer);
    totalsTimer = setTimeout(
      () => store.loadOverview().catch(() => {}),
      API_CACHE_MS * (1 + Math.random()),
    );
  });

  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hiddenAt = Date.now();
    } else if (hiddenAt && Date.now() - hiddenAt > REFETCH_AFTER_HIDDEN_MS) {
      store.loadOverview().catch(() => {});
    }
  });
}

followSystemTheme();
startInstall();
startRouter(part("main"), ROUTES, MODULES);
const alone = standsAlone(location.pathname);
showHeader(part("header"), { alone });
for (const id of ["footer", "navigation"]) part(id).hidden = alone;
if (!alone) {
  showDashboard();
  startOffline();
}
addEventListener("otheruser", () => store.loadUser());
finishLeaving().then(() => store.loadUser());
