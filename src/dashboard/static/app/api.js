/** @import { AssetView, Overview, User } from "./types.js" */

const OWN_REQUEST = { "X-Requested-With": "cryptointel" };

/** A request that was answered with a problem (RFC 9457), or not answered at all (`status` 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   */
  constructor(status, detail) {
    super(detail);
    this.status = status;
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
  await request("/session", {
    method: "POST",
    headers: { ...OWN_REQUEST, "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
}

export async function signOut() {
  await request("/session", { method: "DELETE", headers: OWN_REQUEST });
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
    throw new ApiError(response.status, String(detail));
  }
  return body?.data;
}
