/** The browser's part of WebAuthn: bytes cross as base64url, in both directions. */

/** Whether passkeys can be used here: they belong to a host's name, and need a secure page. */
export const hasPasskeys = () =>
  "PublicKeyCredential" in globalThis && isSecureContext && !isNumeric(location.hostname);

/** Whether the browser offers passkeys among a field's suggestions. @returns {Promise<boolean>} */
export async function offersPasskeys() {
  if (!hasPasskeys()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}

/** What the browser says when the reader closes its question. @param {unknown} error */
export const wasCancelled = (error) =>
  error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name);

/** The question that waits among a field's suggestions: the browser asks one at a time. */
let waiting = new AbortController();

/**
 * @param {any} options of POST /session/challenge
 * @param {AbortSignal} [quietly] asks only by a field's suggestions, until it aborts
 */
export async function answerChallenge(options, quietly) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: options.allowCredentials.map(withBytes),
  };
  waiting.abort();
  waiting = new AbortController();
  const how = quietly
    ? {
        mediation: /** @type {const} */ ("conditional"),
        signal: AbortSignal.any([quietly, waiting.signal]),
      }
    : {};
  const given = /** @type {PublicKeyCredential} */ (
    await navigator.credentials.get({ publicKey, ...how })
  );
  const response = /** @type {AuthenticatorAssertionResponse} */ (given.response);
  return {
    credentialId: given.id,
    clientData: toText(response.clientDataJSON),
    authenticatorData: toText(response.authenticatorData),
    signature: toText(response.signature),
    userHandle: response.userHandle ? toText(response.userHandle) : null,
  };
}

/** @param {any} options of POST /session/challenge */
export async function makePasskey(options) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: options.excludeCredentials.map(withBytes),
  };
  waiting.abort();
  const made = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  return { clientData: toText(response.clientDataJSON), attestation: toText(response.attestationObject) };
}

/** @param {{id: string, type: string}} credential */
const withBytes = (credential) => ({ ...credential, id: toBytes(credential.id) });

/** @param {string} host */
const isNumeric = (host) => /^[\d.]+$|^\[/.test(host);

/** @param {string} text */
function toBytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} bytes */
function toText(bytes) {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
