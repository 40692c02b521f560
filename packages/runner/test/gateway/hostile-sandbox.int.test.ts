/** What a sandbox may send to its gateway to mislead whoever reads of the run: the run goes on, and nothing of it is told in the sandbox's own bytes. */
import { describe, expect, it } from "vitest";
import { token } from "../throw-away-home.ts";
import { answerWith, ask, everyByte, gateway, plain, refusals, seen, sse, stream } from "./gateway-stand.ts";

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const toolUse = (input: string) =>
  JSON.stringify({ ...plain, messages: [] }).replace(
    '"messages":[]',
    `"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"b","input":${input}}]}]`,
  );

describe("the gateway among the hostile", () => {
  it("refuses a body nested deeper than it can be written anew, and takes the next", async () => {
    expect((await ask(toolUse(nested(50)))).status).toBe(200);
    expect((await ask(toolUse(nested(100_000)))).status).toBe(403);
    const counted = toolUse(nested(100_000)).replace('"max_tokens":50,', "").replace(',"stream":true', "");
    expect((await ask(counted, { path: "/v1/messages/count_tokens" })).status).toBe(403);
    expect(refusals).toEqual(Array(2).fill("gateway: the body is nested too deep"));
    expect(gateway.ending()).toBeNull();
    expect((await ask(plain)).status).toBe(200);
    expect(seen).toHaveLength(2);
  });

  it("gives no credential back that stands in an answer's head, and keeps none", async () => {
    answerWith((client) => client.writeHead(200, { ...sse, "request-id": "req-1" }).end(stream("hello")));
    expect((await ask(plain)).headers["request-id"]).toBe("req-1");
    answerWith((client) => client.writeHead(200, { ...sse, "request-id": `req-${token}` }).end(stream("hello")));
    expect((await ask(plain)).status).toBe(502);
    expect(refusals).toEqual(["the upstream's answer carried the credential: not passed on"]);
    expect(everyByte()).not.toContain(token);
  });

  it("tells of a refusal in plain characters", async () => {
    await ask({ ...plain, "\u001b]0;a title\u0007\u202e\n": 1 });
    await ask({ ...plain, model: "\u009b2J" });
    expect(refusals).toEqual([
      "gateway: body: unrecognized_keys ?]0;a title???",
      'gateway: model "?2J" is not the run\'s',
    ]);
  });
});
