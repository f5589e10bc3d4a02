import { get } from "../../api.js";
import { queued } from "../../offline.js";
import { Feature } from "../../ui/feature.js";
import { SignInFirst, Skeleton, Failure } from "../../ui/page.js";
import { html, useCallback, useEffect, useRef, useState } from "../../ui/preact.js";
import { useUser } from "../../ui/store.js";
import { setTitle } from "../../router.js";
import { Install } from "./install.js";
import { Devices } from "./notification-devices.js";
import { What, When } from "./notification-choices.js";

const SAVE_AFTER_MS = 600;

/**
 * What the reader is notified of, on which of his devices, and when not.
 *
 * Also a page of its own: `export default`.
 */
export function Notifications() {
  const { user, known } = useUser();
  useEffect(() => setTitle("Notifications"), []);
  if (!known) return html`<${Skeleton} />`;
  if (!user) {
    return html`<${SignInFirst} title="Sign in for notifications"
        text="CryptoIntel can tell you on your phone when a signal fires: of all assets, of a watchlist, or by your own rules." />
      <${Install} />`;
  }
  return html`<${Feature} name="web_push"><${Own} key=${user.email} /><//>`;
}

function Own() {
  const [state, setState] = useState(/** @type {any} */ (null));
  const [error, setError] = useState(/** @type {any} */ (null));
  const [lists, setLists] = useState(/** @type {any[]} */ ([]));
  const [preferences, change, saved] = usePreferences(state?.preferences ?? null);

  const load = useCallback(async () => {
    try {
      setState(await get("/api/v1/push"));
      setError(null);
    } catch (failed) {
      setError(failed);
    }
    setLists(await get("/api/v1/watchlists").catch(() => []));
  }, []);
  useEffect(() => {
    load();
    addEventListener("queuesent", load);
    return () => removeEventListener("queuesent", load);
  }, []);

  if (error && !state) return html`<${Failure} error=${error} retry=${load} />`;
  if (!state || !preferences) return html`<${Skeleton} />`;
  return html`<div class="notifications">
    <${Devices} state=${state} reload=${load} />
    <${What} preferences=${preferences} change=${change} lists=${lists} />
    <${When} preferences=${preferences} change=${change} />
    <p class="form-hint notifications-saved" role="status">${saved}</p>
    <${Install} />
  </div>`;
}

/**
 * The preferences as the reader changes them: saved a moment after the last change, and later
 * without a network.
 *
 * @param {any} loaded
 * @returns {[any, (changes: object) => void, string]}
 */
function usePreferences(loaded) {
  const [preferences, setPreferences] = useState(loaded);
  const [saved, setSaved] = useState("");
  const timer = useRef(0);
  useEffect(() => {
    if (loaded) setPreferences(loaded);
  }, [loaded]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const save = async (/** @type {any} */ wanted) => {
    if (wanted.scope === "watchlist" && !wanted.watchlist_id) {
      setSaved("Choose a watchlist.");
      return;
    }
    try {
      const { queued: waits } = await queued("PUT", "/api/v1/push/preferences", wanted, "Notification settings");
      setSaved(waits ? "Noted. It is saved when you are online again." : "Saved.");
    } catch (error) {
      setSaved(`Not saved: ${/** @type {Error} */ (error).message}`);
    }
  };
  const change = (/** @type {object} */ changes) => {
    const wanted = { ...preferences, ...changes };
    setPreferences(wanted);
    setSaved("");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => save(wanted), SAVE_AFTER_MS);
  };
  return [preferences, change, saved];
}

export default { title: "Notifications", Page: Notifications };
