import { formatCount, formatUtcDay } from "../../format.js";
import { html } from "../../ui/preact.js";

const HEIGHT = 96;

/** How often the rule would have fired on each day (UTC). @param {{days: {day: string, fired: number}[]}} properties */
export function DayBars({ days }) {
  const most = Math.max(1, ...days.map(({ fired }) => fired));
  const width = 100 / days.length;
  const says = `Fires a day: ${days.map(({ day, fired }) => `${formatUtcDay(day)} ${fired}`).join(", ")}`;
  return html`<figure class="day-bars">
    <span class="day-bars-most">${formatCount(most)}</span>
    <svg viewBox=${`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${says}>
      <line class="day-bars-base" x1="0" x2="100" y1=${HEIGHT} y2=${HEIGHT} />
      ${days.map(({ day, fired }, index) => html`<rect key=${day} class="day-bar" x=${(index + 0.12) * width} width=${0.76 * width}
        y=${HEIGHT * (1 - fired / most)} height=${(HEIGHT * fired) / most}><title>${formatUtcDay(day)}: ${fired}</title></rect>`)}
    </svg>
    <figcaption class="day-bars-foot"><span>${formatUtcDay(days[0].day)}</span><span>fires a day (UTC)</span><span>${formatUtcDay(days[days.length - 1].day)}</span></figcaption>
  </figure>`;
}
