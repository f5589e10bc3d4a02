import { formatDay, formatDayAndClock, formatHour } from "../format.js";

const DAY_OR_LONGER = 2;

/** @returns {Record<"text" | "grid" | "line" | "area" | "areaEnd" | "up" | "down" | "volume" | "crosshair" | "label" | "flat", string>} */
export function chartColours() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: token("text-quiet"),
    grid: token("chart-grid"),
    line: token("accent"),
    area: token("chart-area"),
    areaEnd: token("chart-area-end"),
    up: token("up"),
    down: token("down"),
    flat: token("text-quiet"),
    volume: token("chart-volume"),
    crosshair: token("text-faint"),
    label: token("chart-label"),
  };
}

/** @param {ReturnType<typeof chartColours>} colours */
export function chartLook(colours) {
  return {
    layout: {
      background: { type: "solid", color: "transparent" },
      textColor: colours.text,
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 11,
      panes: { separatorColor: colours.grid, enableResize: false },
      // The logo brings a <style> element, which the content security policy refuses; the footer
      // carries the attribution instead.
      attributionLogo: false,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: colours.grid } },
    crosshair: {
      vertLine: { color: colours.crosshair, labelBackgroundColor: colours.label },
      horzLine: { color: colours.crosshair, labelBackgroundColor: colours.label },
    },
  };
}

/**
 * @param {string} style "line" or "candles"
 * @param {ReturnType<typeof chartColours>} colours
 */
export function priceLook(style, { line, area, areaEnd, up, down }) {
  return style === "line"
    ? { lineColor: line, lineWidth: 2, topColor: area, bottomColor: areaEnd }
    : { upColor: up, wickUpColor: up, downColor: down, wickDownColor: down, borderVisible: false };
}

/** Times on the axis and at the crosshair in the reader's time zone. */
export const LOCAL_TIMES = {
  /** @param {number} time epoch seconds */
  timeFormatter: (time) => formatDayAndClock(new Date(time * 1000)),
  /**
   * @param {number} time epoch seconds
   * @param {number} kind year, month and day marks fall on UTC midnight
   */
  tickMarkFormatter: (time, kind) => {
    const date = new Date(time * 1000);
    if (kind > DAY_OR_LONGER) return formatHour(date);
    return date.getHours() + date.getMinutes() === 0 ? formatDay(date) : formatDayAndClock(date);
  },
};
