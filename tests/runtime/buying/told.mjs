// Makes the one call of a buyer and prints what came of it:
// {"status", "length" of the body in bytes, "text": its beginning, "receipt": decoded or null}
// or {"error": what the client threw}.
const [url, init] = process.argv.slice(2);
const RECEIPTS = ["payment-response", "x-payment-response"];

export async function tell(paying) {
  let told;
  try {
    const answer = await paying(url, init ? JSON.parse(init) : undefined);
    const body = Buffer.from(await answer.arrayBuffer());
    const receipt = RECEIPTS.map((name) => answer.headers.get(name)).find(Boolean);
    told = {
      status: answer.status,
      length: body.length,
      text: body.toString("utf8").slice(0, 2000),
      receipt: receipt ? JSON.parse(Buffer.from(receipt, "base64").toString("utf8")) : null,
    };
  } catch (error) {
    told = { error: String(error) };
  }
  console.log(JSON.stringify(told));
}
