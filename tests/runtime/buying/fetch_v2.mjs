// Buys with @x402/fetch: node fetch_v2.mjs URL [INIT], INIT being JSON for fetch.
// The wallet's key comes as BUYER_KEY. Prints one line of JSON, as told.mjs says.
import { registerExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { privateKeyToAccount } from "viem/accounts";

import { tell } from "./told.mjs";

const client = new x402Client();
registerExactEvmScheme(client, { signer: privateKeyToAccount(process.env.BUYER_KEY) });
await tell(wrapFetchWithPayment(fetch, client));
