/** A coder that goes in circles, at a real gateway: each request carries the results of its tools. */
import { expect, it } from "vitest";
import { gatewayLimits } from "../throw-away-home.ts";
import { answerWith, ask, endings, gateway, plain, reopen, seen, sse } from "./gateway-stand.ts";

const commands = ["cat a.txt", "npm test"];
const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

/** Repeats two calls, each answered by its tool with `resultOf`, until the gateway ends the run; returns the number of requests. */
async function rounds(resultOf: (request: number) => string): Promise<number> {
  await reopen({ limits: { ...gatewayLimits, repeated_calls: 6 } });
  answerWith((client) => {
    const number = seen.length;
    const block = { type: "tool_use", id: `toolu_${number}`, name: "Bash", input: {} };
    const input = JSON.stringify({ command: commands[number % 2] });
    client
      .writeHead(200, sse)
      .end(
        event("message_start", { message: { usage: { input_tokens: 3, output_tokens: 1 } } }) +
          event("content_block_start", { index: 0, content_block: block }) +
          event("content_block_delta", { index: 0, delta: { type: "input_json_delta", partial_json: input } }) +
          event("message_delta", { delta: { stop_reason: "tool_use" }, usage: { output_tokens: 5 } }) +
          event("message_stop", {}),
      );
  });
  const messages: object[] = [{ role: "user", content: "hi" }];
  for (let request = 1; request <= 16; request += 1) {
    expect((await ask({ ...plain, messages })).status).toBe(200);
    if (endings > 0) return request;
    const id = `toolu_${request}`;
    const call = { type: "tool_use", id, name: "Bash", input: { command: commands[request % 2] } };
    const content = [{ type: "tool_result", tool_use_id: id, content: resultOf(request) }];
    messages.push({ role: "assistant", content: [call] }, { role: "user", content });
  }
  return 16;
}

it("the gateway ends a run whose two alternating calls return the same each time", async () => {
  expect(await rounds((request) => `the same for ${commands[request % 2]}`)).toBe(6);
  expect(gateway.ending()).toMatchObject({
    code: "HOLD-NO-PROGRESS",
    stuck: { kind: "call-cycle", calls: ["runs npm test", "runs cat a.txt"], times: 3 },
  });
});

it("the gateway does not end a run that makes the same calls and gets other results", async () => {
  expect(await rounds((request) => `${request} of 40 tests pass`)).toBe(16);
  expect(gateway.ending()).toBeNull();
});
