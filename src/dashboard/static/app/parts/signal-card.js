/** @import { Signal } from "../types.js" */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { assetBadge } from "./asset-badge.js";
import { directionArrow } from "./change.js";
import { confidence } from "./confidence.js";
import { evidence } from "./evidence.js";
import { typeIcon, typeLabel } from "./signal-types.js";
import { age } from "./time.js";

/**
 * One signal: what, of which asset, why, when, how far to believe it; its evidence on request.
 *
 * @param {Signal} signal
 * @param {{linkAsset?: boolean, opened?: (signal: Signal) => void}} [options]
 * @returns {HTMLElement}
 */
export function signalCard(signal, { linkAsset = true, opened } = {}) {
  const evidenceId = `evidence-${signal.id}`;
  const details = h("div", { class: "evidence", id: evidenceId, hidden: true });
  const toggle = h(
    "button",
    {
      class: "evidence-toggle",
      type: "button",
      "aria-expanded": "false",
      "aria-controls": evidenceId,
    },
    "Evidence",
    h("span", { class: "visually-hidden" }, ` for ${typeLabel(signal.type)} of ${signal.symbol}`),
    icon("chevron"),
  );
  toggle.addEventListener("click", () => {
    const open = details.hidden;
    if (!details.hasChildNodes()) details.append(evidence(signal));
    details.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (open) opened?.(signal);
  });
  return h(
    "li",
    {
      class: "signal",
      data: { signal: signal.id, signalType: signal.type, signalAsset: signal.asset_id },
    },
    h(
      "p",
      { class: "signal-head" },
      linkAsset && assetLink(signal),
      h(
        "span",
        { class: "signal-type" },
        icon(typeIcon(signal.type)),
        typeLabel(signal.type),
        directionArrow(signal.metadata.direction),
      ),
      age(signal.created_at, { className: "signal-age" }),
    ),
    h("p", { class: "signal-text" }, signal.explanation),
    h("div", { class: "signal-foot" }, confidence(signal), toggle),
    details,
  );
}

/** @param {Signal} signal */
function assetLink(signal) {
  return h(
    "a",
    {
      class: "signal-asset",
      href: `/asset/${encodeURIComponent(signal.asset_id)}`,
      title: signal.name,
    },
    assetBadge(signal.symbol),
    signal.symbol,
  );
}
