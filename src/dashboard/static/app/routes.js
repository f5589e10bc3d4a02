/** @import { Route } from "./router.js" */

/**
 * The modules that each page is made of besides the frame's, by its name: told by the build
 * (tools/system/site.py), so that a browser fetches them all at once and not one after the other.
 *
 * @type {Record<string, string[]>}
 */
export const MODULES = /*MODULES*/ {};

/**
 * Every page: its address, its module in pages/, and the styles it needs besides the frame's.
 *
 * @type {Route[]}
 */
export const ROUTES = [
  {
    pattern: /^\/$/,
    page: "overview",
    styles: ["overview", "kpi", "heat-map", "movers", "mood", "beyond", "sparkline"],
  },
  {
    pattern: /^\/market$/,
    page: "market",
    styles: ["market", "market-tools", "sparkline"],
  },
  {
    pattern: /^\/asset\/([^/]+)\/?$/,
    page: "asset",
    styles: ["kpi", "asset", "asset-context", "news-lane", "price-sources"],
  },
  { pattern: /^\/signals$/, page: "signals", styles: ["signals-page"] },
  {
    pattern: /^\/track-record$/,
    page: "track-record",
    styles: ["track-record"],
  },
  { pattern: /^\/news$/, page: "news", styles: ["news"] },
  {
    pattern: /^\/entity\/([^/]+)\/([^/]+)$/,
    page: "entity",
    styles: ["entity", "news"],
  },
  { pattern: /^\/defi$/, page: "defi", styles: ["defi"] },
  { pattern: /^\/on-chain$/, page: "on-chain", styles: ["on-chain"] },
  {
    pattern: /^\/watchlists(?:\/([^/]+))?$/,
    page: "watchlists",
    styles: ["controls-own", "watchlists"],
  },
  {
    pattern: /^\/alerts(?:\/([^/]+))?$/,
    page: "alert-rules",
    styles: ["controls-own", "alert-rules"],
  },
  { pattern: /^\/reports$/, page: "reports", styles: ["reports"] },
  {
    pattern: /^\/reports\/([^/]+)\/([^/]+)$/,
    page: "report",
    styles: ["report", "report-print"],
  },
  { pattern: /^\/usage$/, page: "usage", styles: ["sections", "usage"] },
  {
    pattern: /^\/revenue\/?$/,
    page: "revenue",
    styles: ["kpi", "revenue", "revenue-table", "sections", "login"],
  },
  {
    pattern: /^\/admin(?:\/([^/]+))?$/,
    page: "admin",
    styles: ["sections", "admin", "admin-log", "proof"],
  },
  { pattern: /^\/system$/, page: "system", styles: ["sections", "system"] },
  {
    pattern: /^\/settings(?:\/([^/]+))?$/,
    page: "settings",
    styles: ["settings", "notifications", "security", "login", "proof"],
  },
  { pattern: /^\/share$/, page: "share" },
  { pattern: /^\/login\/?$/, page: "login", styles: ["login"] },
  { pattern: /^\/sign-up$/, page: "sign-up", styles: ["login"] },
  {
    pattern: /^\/notebook$/,
    page: "notebook",
    styles: ["notebook", "notebook-cell", "notebook-output"],
    alone: true,
  },
  {
    pattern: /^\/oauth\/authorize$/,
    page: "consent",
    styles: ["login"],
    alone: true,
  },
  { pattern: /^\/challenge$/, page: "challenge", alone: true },
  { pattern: /^/, page: "not-found" },
];
