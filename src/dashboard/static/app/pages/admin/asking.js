import { ApiError } from "../../api.js";

/**
 * @param {string} path
 * @param {string | null} cursor of a page behind the first
 * @param {AbortSignal} [signal]
 * @returns {Promise<{data: any[], meta: {next: string | null}}>} with where the next page begins
 * @throws {ApiError}
 */
export async function fetchPage(path, cursor, signal) {
  const address = cursor ? `${path}${path.includes("?") ? "&" : "?"}cursor=${cursor}` : path;
  const response = await fetch(address, { signal, headers: { Accept: "application/json" } }).catch((error) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "CryptoIntel could not be reached. Check your connection.");
  });
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new ApiError(response.status, body?.detail ?? `The server answered with status ${response.status}.`);
  }
  return body;
}
