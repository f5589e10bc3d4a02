import { formatDuration, formatUtc, parseTime } from "../../format.js";
import { html } from "../../ui/preact.js";

/**
 * Whose a number is, and how old it was when it was told; the moment it was observed at on hover.
 *
 * @param {{of: {source: string, observed_at: string | null, age_seconds: number | null}}} properties
 */
export function Source({ of: { source, observed_at, age_seconds } }) {
  const date = parseTime(observed_at);
  const old = age_seconds === null ? "" : `, ${formatDuration(Math.max(0, age_seconds))} old`;
  return html`<span class="report-source" title=${date ? `Observed ${formatUtc(date)}` : null}>${source}${old}</span>`;
}
