/**
 * @import { Asked } from "./authorization.js"
 * @import { Authorization, Overview, Revenue, User } from "./types.js"
 */

const OWN_REQUEST = { "X-Requested-With": "cryptointel" };
let csrfToken = ""; // of the session, told by GET /session
/** @type {string | null} */
let tokenOf = null; // whose session that is

/** A request that was answered with a problem (RFC 9457), or not answered at all (`status` 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {string} [kind] the problem's stable word
   * @param {Record<string, any>} [problem] all that was told
   */
  constructor(status, detail, kind = "", problem = {}) {
    super(detail);
    this.status = status;
    this.kind = kind;
    this.problem = problem;
  }
}

/** @returns {Promise<Overview>} */
export async function fetchOverview() {
  return (await fetchView("overview", "")).data;
}

/**
 * Everything that a view of the dashboard shows.
 *
 * @param {string} view
 * @param {string} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<{data: any, meta: any, keptAt: string | null}>} `keptAt` says when an answer was
 *   kept that the service worker gives for want of a connection (sw.js, its header X-Kept-At)
 */
export function fetchView(view, query, signal) {
  return ask(`/api/v1/dashboard/${view}${query && `?${query}`}`, { signal });
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
  const { user, csrf } = await request("/session", { cache: "no-store" });
  csrfToken = csrf ?? "";
  tokenOf = user?.email ?? null;
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
  await change("DELETE", "/session");
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
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} the answer's `data`
 * @throws {ApiError}
 */
export function get(path, signal) {
  return request(path, { signal });
}

/**
 * @param {string} path
 * @param {object} body
 */
export function send(path, body) {
  return change("POST", path, body);
}

/**
 * Changes something. A token that is no longer the session's is asked for anew, once; what one
 * reader wanted is not done as another one who signed in meanwhile, in another tab.
 *
 * @param {"POST" | "PUT" | "PATCH" | "DELETE"} method
 * @param {string} path
 * @param {object} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<any>} the answer's `data`
 * @throws {ApiError}
 */
export async function change(method, path, body, headers = {}) {
  const asked = () =>
    request(path, {
      method,
      headers: {
        ...OWN_REQUEST,
        ...(csrfToken && { "X-CSRF-Token": csrfToken }),
        ...(body && { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
  try {
    return await asked();
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "csrf") throw error;
    const before = tokenOf;
    const user = await fetchUser();
    if (before !== null && user?.email !== before) {
      dispatchEvent(new Event("otheruser"));
      throw new ApiError(409, "Somebody else is signed in here by now, so nothing was changed.");
    }
    return asked();
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>} the answer's `data`
 * @throws {ApiError}
 */
async function request(path, options = {}) {
  return (await ask(path, options)).data;
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<{data: any, meta: any, keptAt: string | null}>}
 * @throws {ApiError}
 */
async function ask(path, options = {}) {
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
    throw new ApiError(response.status, String(detail), kind, body ?? {});
  }
  return { data: body?.data, meta: body?.meta, keptAt: response.headers.get("X-Kept-At") };
}
