// Calls a paid MCP tool with npm `agents` over the official SDK:
// node mcp_agents.mjs URL '{"name", "arguments"}'. The wallet's key comes as BUYER_KEY.
// Prints one line of JSON: {"status": 200, "length", "text", "receipt"} or {"error"}.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { withX402Client } from "agents/x402";
import { privateKeyToAccount } from "viem/accounts";

const [url, call] = process.argv.slice(2);
let told;
try {
  const client = new Client({ name: "buyer", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const account = privateKeyToAccount(process.env.BUYER_KEY);
  const paying = withX402Client(client, { network: "base-sepolia", account });
  const result = await paying.callTool(null, JSON.parse(call));
  const text = JSON.stringify(result.structuredContent ?? null);
  told = result.isError
    ? { error: result.content[0].text }
    : {
        status: 200,
        length: text.length,
        text: text.slice(0, 2000),
        receipt: result._meta?.["x402/payment-response"] ?? null,
      };
  await client.close();
} catch (error) {
  told = { error: String(error) };
}
console.log(JSON.stringify(told));
process.exit(0);
