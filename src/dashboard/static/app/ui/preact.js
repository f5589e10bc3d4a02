/** Components: Preact, with htm's templates instead of a build step. */
import htm from "../../vendor/htm.mjs";
import { Fragment, h, render } from "../../vendor/preact.mjs";

export {
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "../../vendor/preact-hooks.mjs";
export { Fragment, render };
export const html = htm.bind(h);
