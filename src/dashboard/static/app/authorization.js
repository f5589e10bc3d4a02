/**
 * What an app asks for in the address that it sends a browser to (RFC 6749, 4.1.1; RFC 7636, 4.3;
 * RFC 8707, 2).
 *
 * @typedef {Record<string, string>} Asked by parameter
 */

const PARAMETERS = [
  "client_id",
  "redirect_uri",
  "response_type",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
  "resource",
];
const THIS_COMPUTER = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Reads the parameters that are known; others are ignored (RFC 6749, 3.1).
 *
 * @param {string} search an address's query
 * @returns {Asked | null} null when one of them is there twice, which is not allowed
 */
export function readAsked(search) {
  const query = new URLSearchParams(search);
  const known = PARAMETERS.filter((name) => query.has(name));
  if (known.some((name) => query.getAll(name).length > 1)) return null;
  return Object.fromEntries(known.map((name) => [name, query.get(name) ?? ""]));
}

/**
 * @param {string} redirectUri
 * @returns {{name: string, note: string}} where it leads, as a reader can check it
 */
export function destination(redirectUri) {
  const { protocol, hostname, host } = new URL(redirectUri);
  if (protocol === "https:") return { name: host, note: "" };
  if (THIS_COMPUTER.includes(hostname)) {
    return { name: host, note: "a program that runs on this computer" };
  }
  return { name: protocol.slice(0, -1), note: "an app that is installed on this device" };
}

/**
 * Whether a browser may be sent to `address`: only to where the app asked for, and never to
 * something that runs in this page. An app's own scheme is a domain name turned round (RFC 8252,
 * 7.1); javascript:, data: and their like have no dot.
 *
 * @param {unknown} address
 * @param {string} redirectUri what the reader was told
 */
export function mayOpen(address, redirectUri) {
  if (typeof address !== "string" || !redirectUri || !URL.canParse(address)) return false;
  const added = address.slice(redirectUri.length);
  if (!address.startsWith(redirectUri) || !/^[?&]/.test(added)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol === "http:") return THIS_COMPUTER.includes(hostname);
  return protocol === "https:" || /^[a-z0-9-]+(\.[a-z0-9-]+)+:$/.test(protocol);
}
