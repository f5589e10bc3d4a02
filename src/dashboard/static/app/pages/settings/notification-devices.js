import { change } from "../../api.js";
import { pushState, subscribe, subscription, unsubscribe } from "../../push.js";
import { Icon } from "../../ui/icon.js";
import { html, useEffect, useState } from "../../ui/preact.js";
import { Age } from "../../ui/times.js";

const CANNOT = {
  denied: "This browser blocks notifications of this site. Allow them in the browser's settings for this site, then come back.",
  "install-first": "On iPhone and iPad, notifications need the installed app: tap Share in Safari, then Add to Home Screen.",
  impossible: "This browser cannot receive notifications.",
};

/**
 * The reader's devices, this one first.
 *
 * @param {{state: any, reload: () => Promise<void>}} properties
 */
export function Devices({ state, reload }) {
  const [endpoint, setEndpoint] = useState(/** @type {string | null} */ (null));
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  useEffect(() => {
    subscription().then((found) => setEndpoint(found?.endpoint ?? null), () => {});
  }, [state]);

  const here = state.subscriptions.find((/** @type {any} */ one) => one.endpoint === endpoint);
  const others = state.subscriptions.filter((/** @type {any} */ one) => one !== here);
  const work = (/** @type {() => Promise<string>} */ doing) => async () => {
    setBusy(true);
    setTold("");
    try {
      setTold(await doing());
    } catch (error) {
      setTold(/** @type {Error} */ (error).message);
    }
    await reload();
    setBusy(false);
  };
  const turnOn = work(async () => {
    await subscribe(state.public_key);
    return "This device is notified from now on.";
  });
  const remove = (/** @type {any} */ device) =>
    work(async () => {
      if (device === here) await unsubscribe();
      await change("DELETE", `/api/v1/push/subscriptions/${device.subscription_id}`);
      return `${device.device} is no longer notified.`;
    });
  const test = (/** @type {any} */ device) =>
    work(async () => {
      const { state: how, error } = await change("POST", `/api/v1/push/subscriptions/${device.subscription_id}/test`, {});
      if (how === "delivered") return "Sent. It should show in a moment.";
      return how === "pending" ? "It could not be sent yet and is tried again within a minute." : `It was refused: ${error}`;
    });

  return html`<section class="panel" aria-labelledby="devices-title">
    <div class="panel-head">
      <h2 class="panel-title" id="devices-title">Devices</h2>
      ${here && html`<span class="chip" data-tone="good"><${Icon} name="check" />This device is notified</span>`}
    </div>
    ${!here && html`<${TurnOn} state=${state} busy=${busy} turnOn=${turnOn} />`}
    ${state.subscriptions.length > 0 &&
    html`<ul class="devices">
      ${[here, ...others].filter(Boolean).map(
        (device) => html`<li key=${device.subscription_id} class="device">
          <div class="device-text">
            <span class="device-name">${device.device}${device === here && html` <span class="quiet">(this one)</span>`}</span>
            <span class="form-hint"><${Since} device=${device} /></span>
          </div>
          <button class="button" type="button" disabled=${busy} onClick=${test(device)}
            aria-label=${`Test ${device.device}`}>Test</button>
          <button class="button" type="button" disabled=${busy} onClick=${remove(device)}
            aria-label=${`Remove ${device.device}`}>Remove</button>
        </li>`,
      )}
    </ul>`}
    <p class="form-hint" role="status">${told}</p>
  </section>`;
}

/** @param {{state: any, busy: boolean, turnOn: () => void}} properties */
function TurnOn({ state, busy, turnOn }) {
  const able = pushState();
  if (state.public_key === null) {
    return html`<p class="quiet">Notifications are not set up on this system. Its operator can do so.</p>`;
  }
  if (able !== "possible") return html`<p class="quiet">${CANNOT[able]}</p>`;
  return html`<p class="quiet">
      Be told of signals on this device, also while CryptoIntel is closed. The browser asks you first.
    </p>
    <p class="notifications-actions">
      <button class="button button-primary" type="button" disabled=${busy} onClick=${turnOn}>
        <${Icon} name="bell" />Turn on here
      </button>
    </p>`;
}

/** @param {{device: any}} properties */
function Since({ device }) {
  if (device.failing_since) {
    return html`<span class="device-wrong">fails since <${Age} at=${device.failing_since} />: ${device.failure}</span>`;
  }
  if (device.last_sent_at) return html`last notified <${Age} at=${device.last_sent_at} />`;
  return html`added <${Age} at=${device.created_at} />, not notified yet`;
}
