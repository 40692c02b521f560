/** An upstream that fails for a while: the sandbox sees one answer, each try is in the journal, and only tries that may have been billed are charged. */
import { createServer, request } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readIndex, readJournal } from "../../src/gateway/journal.ts";
import { openUpstream } from "../../src/gateway/upstream.ts";
import { anthropicMessages } from "../../src/gateway/wire/anthropic-messages/anthropic-messages.ts";
import { gatewayLimits, token } from "../throw-away-home.ts";
import {
  answerWith,
  ask,
  endings,
  gateway,
  pauses,
  place,
  plain,
  reopen,
  seen,
  socketPath,
  sse,
  stream,
} from "./gateway-stand.ts";

const indexPath = () => join(place.home, "journal.jsonl");
const hello = { input_tokens: 3, output_tokens: 5, requests: 1 };

describe("an upstream that fails at first", () => {
  it.each([500, 502, 503, 529])("an upstream that answers %i is asked again, unseen by the sandbox", async (status) => {
    answerWith((client) => {
      if (seen.length < 3) client.writeHead(status, { "content-type": "application/json" }).end('{"type":"error"}');
      else client.writeHead(200, sse).end(stream("hello"));
    });
    expect(await ask(plain)).toMatchObject({ status: 200, body: stream("hello") });
    expect([seen.length, pauses]).toEqual([3, [500, 1000]]);
    expect(new Set(seen.map(({ body }) => body)).size).toBe(1);
    expect(gateway.usage()).toMatchObject(hello);
    expect(gateway.usage()).not.toHaveProperty("surcharge_tokens");
    const tries = [...readIndex(indexPath()).values()].map(({ closed }) => [closed?.status, closed?.again]);
    expect(tries).toEqual([
      [status, "free"],
      [status, "free"],
      [200, undefined],
    ]);
    // A gateway that continues the run counts the same.
    await gateway.close();
    await reopen();
    expect(gateway.usage()).toMatchObject(hello);
    expect(gateway.usage()).not.toHaveProperty("surcharge_tokens");
  });

  it("an upstream that drops the connection is asked again, and the dropped request is charged, since it may be billed", async () => {
    answerWith((client) => {
      if (seen.length === 1) client.destroy();
      else client.writeHead(200, sse).end(stream("hello"));
    });
    expect(await ask(plain)).toMatchObject({ status: 200, body: stream("hello") });
    expect(gateway.usage()).toMatchObject({ ...hello, surcharge_tokens: expect.any(Number) });
    const charged = gateway.usage();
    await gateway.close();
    await reopen();
    expect(gateway.usage()).toEqual(charged);
  });

  it("an upstream that refuses connections is asked again, at no cost", async () => {
    await gateway.close();
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const address = probe.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    await new Promise((resolve) => probe.close(resolve));
    const late = createServer((_, client) => void client.writeHead(200, sse).end(stream("late")));
    const credential = { kind: "oauth-token", value: token } as const;
    await reopen({
      source: openUpstream(anthropicMessages, `http://127.0.0.1:${address.port}`, credential),
      pacing: {
        now: () => 0,
        random: () => 1,
        // It listens again while the gateway waits.
        sleep: () => new Promise((resolve) => late.listen(address.port, "127.0.0.1", resolve)),
      },
    });
    expect(await ask(plain)).toMatchObject({ status: 200, body: stream("late") });
    expect(gateway.usage()).toMatchObject(hello);
    expect(gateway.usage()).not.toHaveProperty("surcharge_tokens");
    late.closeAllConnections();
    await new Promise((resolve) => late.close(resolve));
  });
});

describe("an upstream that keeps failing", () => {
  it.each([
    ["refuses connections", "http://127.0.0.1:9"],
    ["has no address", "http://no-such-host.invalid:80"],
  ])("an upstream that keeps failing because it %s costs nothing, even later", async (_how, origin) => {
    await gateway.close();
    const source = openUpstream(anthropicMessages, origin, { kind: "oauth-token", value: token });
    await reopen({ source });
    expect((await ask(plain)).status).toBe(502);
    expect(gateway.usage()).toMatchObject({ input_tokens: 0, requests: 1 });
    expect(gateway.usage()).not.toHaveProperty("surcharge_tokens");
    expect(gateway.usage().models).toMatchObject([{ unfinished_requests: 0, unfinished_tokens: 0 }]);
    await gateway.close();
    await reopen({ source });
    expect(gateway.usage()).not.toHaveProperty("surcharge_tokens");
  });

  it("is asked four times; then the sandbox gets the answer unchanged, and the run continues", async () => {
    answerWith((client) => client.writeHead(529, { "content-type": "application/json" }).end('{"type":"error"}'));
    expect(await ask(plain)).toMatchObject({ status: 529, body: '{"type":"error"}' });
    expect([seen.length, pauses.length, endings]).toEqual([4, 3, 0]);
    expect(gateway.lastAnswer()).toBe(529);
    expect(gateway.usage()).toMatchObject({ input_tokens: 0, requests: 1 });
    answerWith((client) => client.writeHead(200, sse).end(stream("hello")));
    expect((await ask(plain)).status).toBe(200);
  });

  it("an upstream that fails for longer than half a minute is not waited for", async () => {
    answerWith((client) => client.writeHead(503, { "retry-after": "31" }).end());
    expect((await ask(plain)).status).toBe(503);
    expect([seen.length, pauses]).toEqual([1, []]);
  });

  it("uses up no budget by free tries, and the run ends if dropped ones would exceed it", async () => {
    await gateway.close();
    await reopen({ limits: { ...gatewayLimits, run_tokens: 100 } });
    answerWith((client) => client.writeHead(503).end());
    for (let time = 0; time < 3; time += 1) expect((await ask(plain)).status).toBe(503);
    expect([seen.length, gateway.ending()]).toEqual([12, null]);
    answerWith((client) => client.destroy());
    expect((await ask(plain)).status).toBe(429);
    expect(gateway.ending()).toMatchObject({ code: "HOLD-BUDGET" });
  });
});

it("is not asked again for a sandbox that went away between two tries, which costs nothing", async () => {
  await gateway.close();
  const waiting = Promise.withResolvers<void>();
  await reopen({
    pacing: {
      now: () => 0,
      random: () => 1,
      sleep: (_ms, signal) => {
        waiting.resolve();
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      },
    },
  });
  answerWith((client) => client.writeHead(503).end());
  const leaving = request({ socketPath: socketPath(), agent: false, method: "POST", path: "/v1/messages?beta=true" });
  leaving.setHeader("content-type", "application/json");
  leaving.on("error", () => leaving.destroy());
  leaving.end(JSON.stringify(plain));
  await waiting.promise;
  leaving.destroy();
  await expect.poll(() => gateway.usage().requests).toBe(1);
  expect(seen).toHaveLength(1);
  expect(gateway.usage()).not.toHaveProperty("surcharge_tokens");
});

it.each([400, 401, 404, 429])("passes on %i at once, because the sandbox handles it", async (status) => {
  answerWith((client) => client.writeHead(status).end("{}"));
  expect((await ask(plain)).status).toBe(status);
  expect([seen.length, pauses]).toEqual([1, []]);
});

it("never repeats an answer if the sandbox has a part of it, which ends there", async () => {
  answerWith((client) => {
    client.writeHead(200, sse).write(stream("hello").slice(0, 60));
    setTimeout(() => client.destroy(), 20);
  });
  await expect(ask(plain)).rejects.toThrow();
  expect([seen.length, pauses]).toEqual([1, []]);
  const { digest } = await gateway.close();
  expect(readJournal(digest, place.blobs)).toMatchObject([{ status: 200, complete: false }]);
  await reopen();
});
