/**
 * Signing in and what belongs to it: everything below /session, and the account at the API.
 *
 * @typedef {"google" | "github"} Provider
 *
 * @typedef {object} Who
 * @property {{email: string, role: string} | null} user
 * @property {"code" | null} next what a sign-in still waits for
 * @property {Provider[]} providers that are offered here
 *
 * @typedef {object} Passkey
 * @property {string} credential_id
 * @property {string} name
 * @property {boolean} backed_up
 * @property {string} created_at
 * @property {string | null} last_used_at
 *
 * @typedef {object} Security how the reader signs in
 * @property {boolean} has_password
 * @property {boolean} mfa
 * @property {string | null} mfa_since
 * @property {number} recovery_codes_left
 * @property {Passkey[]} passkeys
 * @property {{provider: Provider, label: string, created_at: string, last_used_at: string | null}[]} linked
 */
import { change, get, send } from "./api.js";
import { answerChallenge, makePasskey } from "./passkeys.js";

/** @type {Record<Provider, string>} */
export const PROVIDERS = { github: "GitHub", google: "Google" };

const START = "Start again";
/** What is said of a sign-in elsewhere that came to nothing, by its kind. @type {Record<string, string>} */
export const FAILURES = {
  "step-expired": `That took too long, or was done in another tab. ${START}.`,
  "provider-refused": "You did not agree there, so nothing was changed.",
  "provider-failed": `The other side did not answer as it should. ${START}.`,
  "address-taken":
    "An account with your e-mail address exists here. Sign in to it, then link the other one in the settings.",
  "account-closed": "This account was closed. Ask an administrator.",
  "linked-elsewhere": "That account is linked with another account here already.",
  "not-linked": "That is not the account that is linked here.",
  "proof-refused": "That does not prove that it is you. Use the way that is asked for.",
};

/** @returns {Promise<Who>} */
export const fetchSession = () => get("/session");

/**
 * @param {string} email
 * @param {string} password
 * @returns {Promise<Who>}
 */
export const signInByPassword = (email, password) => send("/session", { email, password });

/** @param {string} code of the app, or a recovery code @returns {Promise<Who>} */
export const signInByCode = (code) => send("/session/code", { code });

/**
 * @param {{quietly?: AbortSignal}} [how] quietly: only offered in the list of a field's suggestions
 * @returns {Promise<Who>}
 */
export async function signInByPasskey({ quietly } = {}) {
  const options = await send("/session/challenge", { purpose: "sign-in" });
  return send("/session/passkey", await answerChallenge(options, quietly));
}

/**
 * Leaves for another provider's page.
 *
 * @param {Provider} provider
 * @param {"sign-in" | "link" | "proof"} purpose
 * @param {string} next path of ours that follows
 */
export async function leaveFor(provider, purpose, next) {
  const { location: address } = await send(`/session/oauth/${provider}`, { purpose, next });
  location.assign(address);
}

/**
 * @param {string} email
 * @param {string} password
 */
export const register = (email, password) => send("/api/v1/auth/register", { email, password });

/** @returns {Promise<Security>} */
export const fetchSecurity = () => get("/session/security");
/** @returns {Promise<{ways: string[]}>} */
export const fetchProofs = () => get("/session/proof");
/** @param {{password?: string, code?: string}} proof */
export const prove = (proof) => send("/session/proof", proof);

export async function proveByPasskey() {
  const options = await send("/session/challenge", { purpose: "proof" });
  await send("/session/proof/passkey", await answerChallenge(options));
}

/** @param {string} name */
export async function addPasskey(name) {
  const options = await send("/session/challenge", { purpose: "register" });
  await send("/session/passkeys", { name, ...(await makePasskey(options)) });
}

/**
 * @param {string} id
 * @param {string} name
 */
export const renamePasskey = (id, name) => change("PATCH", `/session/passkeys/${id}`, { name });
/** @param {string} id */
export const removePasskey = (id) => change("DELETE", `/session/passkeys/${id}`);

/** @returns {Promise<{secret: string, uri: string}>} */
export const beginSecondFactor = () => send("/session/totp", {});
/** @param {string} code @returns {Promise<{recovery_codes: string[]}>} */
export const confirmSecondFactor = (code) => send("/session/totp/confirm", { code });
export const endSecondFactor = () => change("DELETE", "/session/totp");
/** @returns {Promise<{recovery_codes: string[]}>} */
export const renewRecoveryCodes = () => send("/session/recovery-codes", {});
/** @param {Provider} provider */
export const unlink = (provider) => change("DELETE", `/session/linked/${provider}`);

export const fetchSessions = () => get("/session/list");
/** @param {string} id */
export const endSession = (id) => change("DELETE", `/session/list/${id}`);
export const endOtherSessions = () => change("DELETE", "/session/list");

/** @param {string} password */
export const setPassword = (password) => send("/api/v1/me/password", { new_password: password });
export const eraseAccount = () => change("DELETE", "/api/v1/me", {});

/**
 * Where a sign-in leads: a path of ours that the address names, the overview for any other.
 *
 * @returns {string}
 */
export function nextPath() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "/";
  if (!URL.canParse(wanted, location.origin)) return "/";
  const address = new URL(wanted, location.origin);
  const ours = address.origin === location.origin && /^\/(?![/\\])/.test(wanted);
  return ours && address.pathname !== "/login" ? wanted : "/";
}
