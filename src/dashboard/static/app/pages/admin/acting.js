import { change } from "../../api.js";
import { ProofDeclined, withProof } from "../../proof.js";
import { useState } from "../../ui/preact.js";

/**
 * @typedef {object} Acting
 * @property {boolean} busy
 * @property {string} problem why the last thing could not be done, "" when it was
 * @property {(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body: object) => Promise<any>} act
 *   resolves to the answer's data, to null when it was refused; asks first who it is where that is
 *   asked for
 * @property {() => void} forget
 */

/** @returns {Acting} what an administrator does, and whether it could be done */
export function useActing() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  /** @type {Acting["act"]} */
  const act = async (method, path, body) => {
    setBusy(true);
    setProblem("");
    try {
      return await withProof(() => change(method, path, body));
    } catch (error) {
      setProblem(error instanceof ProofDeclined ? "" : /** @type {Error} */ (error).message);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, act, forget: () => setProblem("") };
}
