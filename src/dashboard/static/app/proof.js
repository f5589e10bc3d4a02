import { ApiError } from "./api.js";
import { ProofDialog } from "./parts/sign-in/proof-dialog.js";
import { html, render } from "./ui/preact.js";

const NEEDED = "step-up-required";

/** The reader closed the question: what was to be done is not done, and nothing is wrong. */
export class ProofDeclined extends Error {
  constructor() {
    super("Nothing was changed.");
  }
}

/**
 * Does something that may need a fresh proof that it is the reader: asks for it then, and does it
 * again.
 *
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 * @throws {ProofDeclined}
 */
export async function withProof(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== NEEDED) throw error;
  }
  await askForProof();
  return action();
}

/** @returns {Promise<void>} once the proof was accepted */
function askForProof() {
  const place = document.createElement("div");
  document.body.append(place);
  return new Promise((resolve, reject) => {
    /** @param {boolean} proved */
    const done = (proved) => {
      render(null, place);
      place.remove();
      if (proved) resolve();
      else reject(new ProofDeclined());
    };
    render(html`<${ProofDialog} done=${done} />`, place);
  });
}
