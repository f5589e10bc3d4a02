// Buys with the legacy x402-fetch, which speaks version 1 alone: node fetch_v1.mjs URL [INIT].
// NETWORK is the network's name in version 1; otherwise as fetch_v2.mjs.
import { createSigner, wrapFetchWithPayment } from "x402-fetch";

import { tell } from "./told.mjs";

const signer = await createSigner(process.env.NETWORK ?? "base-sepolia", process.env.BUYER_KEY);
await tell(wrapFetchWithPayment(fetch, signer));
