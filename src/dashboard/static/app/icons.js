import { svg } from "./dom.js";

/** Strokes on a 16 by 16 grid. */
const PATHS = {
  brand: "M1.5 9.5h2.6l1.6-4.8 2.6 7.6 1.7-4.3h4.5",
  price_anomaly: "M1.5 11h3l2.2-7.5 2.6 9 1.6-4.5h3.6",
  volume_spike: "M2.5 13.5v-3M6.2 13.5V8M9.8 13.5v-11M13.5 13.5V9",
  sentiment_shift: "M2 3.5h12v7.5H8l-3.2 2.5V11H2zM5 6.2h6M5 8.4h4",
  pump: "M1.5 13.5h4L8 3l2.2 7.5 1.3-2 1.2 5h1.8M5.8 4.4 8 2l2.2 2.4",
  depeg: "M1.5 6h5.2M9.3 6h5.2M6.7 4v4M9.3 8v5M7.6 11.4 9.3 13.2l1.7-1.8",
  tvl_outflow: "M5.5 6.5h-3v7h11v-7h-3M8 10V2M5.6 4.2 8 1.8l2.4 2.4",
  source_trouble: "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.1",
  unusual_reading: "M2.2 12.5a6.5 6.5 0 1 1 11.6 0M8 9.5l3-3.6M8 10.3v-.1",
  search: "M7 11.8a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6zM10.6 10.6 14 14",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1",
  moon: "M13.6 9.6A6 6 0 0 1 6.4 2.4a6 6 0 1 0 7.2 7.2z",
  user: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.6 14c.6-2.6 2.8-3.9 5.4-3.9s4.8 1.3 5.4 3.9",
  chevron: "M4.5 6.2 8 9.7l3.5-3.5",
  back: "M9.7 4.5 6.2 8l3.5 3.5",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.4",
  overview: "M2.5 2.5h4.5v5H2.5zM9 2.5h4.5v3H9zM9 7.5h4.5v6H9zM2.5 9.5H7v4H2.5z",
  target: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 8.1v-.2",
  news: "M2.5 3h8.5v10H4a1.5 1.5 0 0 1-1.5-1.5zM11 6h2.5v5.5A1.5 1.5 0 0 1 12 13h-1M5 5.8h3.5M5 8h3.5M5 10.2h3.5",
  layers: "M8 2 14 5.2 8 8.4 2 5.2zM2 8l6 3.2L14 8M2 10.8 8 14l6-3.2",
  chain: "M6.6 9.4a2.6 2.6 0 0 0 3.8 0l2.2-2.2a2.6 2.6 0 0 0-3.8-3.8l-.8.8M9.4 6.6a2.6 2.6 0 0 0-3.8 0L3.4 8.8a2.6 2.6 0 0 0 3.8 3.8l.8-.8",
  star: "M8 2l1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z",
  bell: "M4 11.5V7.2a4 4 0 0 1 8 0v4.3l1.2 1H2.8zM6.8 14h2.4",
  report: "M4 2h5.5L12.5 5v9h-8.5zM9.2 2.2V5.3h3.2M6 8h4.5M6 10.8h4.5",
  notebook: "M4 2h8.5v12H4zM2.5 5H5M2.5 8H5M2.5 11H5M7.5 5.5h2.8",
  settings: "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M3.6 12.4 5 11M11 5l1.4-1.4",
  shield: "M8 2 13 4v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4zM5.8 8l1.6 1.6L10.4 6.4",
  more: "M3.5 8h.1M8 8h.1M12.4 8h.1",
  close: "M4 4l8 8M12 4l-8 8",
  plus: "M8 3v10M3 8h10",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 9h5.8l.6-9M6.8 7v4M9.2 7v4",
  download: "M8 2.5v7.5M5 7.5 8 10.5l3-3M3 13.5h10",
  external: "M9 3h4v4M13 3 7.5 8.5M6 4H3v9h9v-3",
  play: "M5 3.5 12 8l-7 4.5z",
  mute: "M4 11.5V7.2a4 4 0 0 1 8 0v4.3l1.2 1H2.8zM2.5 2.5l11 11",
  key: "M6 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8.2 8.4 13.5 13.5M11.5 11.6l-1.3 1.3",
  markets: "M2 4h12M2 8h12M2 12h12",
  check: "M3 8.5 6.5 12 13 4.5",
  pencil: "M2.5 13.5v-3l8-8 3 3-8 8zM8.7 4.3l3 3",
  coin: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM10 6.1C9.6 5.5 8.9 5.2 8 5.2c-1.1 0-2 .5-2 1.4 0 2 4 .8 4 2.8 0 .9-.9 1.4-2 1.4-.9 0-1.6-.3-2-.9M8 4.2v1M8 10.8v1",
  signout: "M6.5 2.5h-4v11h4M7 8h6.5M11 5.5 13.5 8 11 10.5",
};

/**
 * A decorative icon; the text beside it, or the control's label, carries the meaning.
 *
 * @param {keyof typeof PATHS} name
 * @param {string} [className]
 */
export function icon(name, className = "") {
  return svg(
    "svg",
    { class: `icon ${className}`.trim(), viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: PATHS[name] }),
  );
}
