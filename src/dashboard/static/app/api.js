/**
 * @import { Asked } from "./authorization.js"
 * @import { AssetView, Authorization, Overview, Revenue, User } from "./types.js"
 */

const OWN_REQUEST = { "X-Requested-With": "cryptointel" };

/** A request that was answered with a problem (RFC 9457), or not answered at all (`status` 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {string} [kind] the problem's stable word
   */
  constructor(status, detail, kind = "") {
    super(detail);
    this.status = status;
    this.kind = kind;
  }
}

/** @returns {Promise<Overview>} */
export function fetchOverview() {
  return request("/api/v1/dashboard/overview");
}

/**
 * @param {string} assetId
 * @param {number} days
 * @param {AbortSignal} signal
 * @returns {Promise<AssetView>}
 */
export function fetchAsset(assetId, days, signal) {
  const query = new URLSearchParams({ asset_id: assetId, days: String(days) });
  return request(`/api/v1/dashboard/asset?${query}`, { signal });
}

/**
 * @param {number} days UTC days, today included
 * @param {AbortSignal} signal
 * @returns {Promise<Revenue>}
 */
export function fetchRevenue(days, signal) {
  const query = new URLSearchParams({ days: String(days) });
  return request(`/api/v1/analytics/revenue?${query}`, { signal, cache: "no-store" });
}

/** @returns {Promise<User | null>} */
export async function fetchUser() {
  const { user } = await request("/session");
  return user;
}

/**
 * @param {string} email
 * @param {string} password
 */
export async function signIn(email, password) {
  await send("/session", { email, password });
}

export async function signOut() {
  await request("/session", { method: "DELETE", headers: OWN_REQUEST });
}

const AUTHORIZATION = "/api/v1/oauth/authorization";

/**
 * @param {Asked} asked
 * @param {AbortSignal} signal
 * @returns {Promise<Authorization>} what the reader is to decide on
 */
export function fetchAuthorization(asked, signal) {
  return request(`${AUTHORIZATION}?${new URLSearchParams(asked)}`, { signal, cache: "no-store" });
}

/**
 * @param {Asked} asked
 * @param {"allow" | "deny"} decision
 * @returns {Promise<{redirect_to: string}>}
 */
export function decideAuthorization(asked, decision) {
  return send(AUTHORIZATION, { ...asked, decision });
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<{site_key: string, action: string}>}
 */
export function fetchChallenge(signal) {
  return request("/api/v1/challenge", { signal });
}

/** @param {string} token what the widget gave for a passed check */
export async function passChallenge(token) {
  await send("/api/v1/challenge", { token });
}

/**
 * @param {string} path
 * @param {object} body
 */
function send(path, body) {
  return request(path, {
    method: "POST",
    headers: { ...OWN_REQUEST, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>} the answer's `data`
 * @throws {ApiError}
 */
async function request(path, options = {}) {
  let response;
  try {
    // Asked for is what is new: what the browser kept is revalidated by its ETag.
    response = await fetch(path, {
      cache: "no-cache",
      ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, "CryptoIntel could not be reached. Check your connection.");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    const detail =
      body?.detail ?? body?.title ?? `The server answered with status ${response.status}.`;
    const kind = String(body?.type ?? "").split("/").at(-1);
    throw new ApiError(response.status, String(detail), kind);
  }
  return body?.data;
}
