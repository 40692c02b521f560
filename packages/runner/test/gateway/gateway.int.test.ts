/** The gateway on a real socket against a recording HTTP upstream: what reaches it, what is recorded, and what comes back. */
import { readdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readJournal } from "../../src/gateway/journal.ts";
import { gatewayLimits, token } from "../throw-away-home.ts";
import {
  answerWith,
  ask,
  endings,
  event,
  everyByte,
  gateway,
  origin,
  place,
  plain,
  raw,
  refusals,
  reopen,
  seen,
  socketPath,
  sse,
  stream,
} from "./gateway-stand.ts";

describe("a live gateway", () => {
  it("forwards a plain call with the gateway's credential, streams the answer, and records it without the credential", async () => {
    const got = await ask(plain, { headers: { cookie: "x=y", "x-evil": "1" } });
    expect(got).toMatchObject({ status: 200, body: stream("hello") });
    expect(got.headers).not.toHaveProperty("set-cookie");
    expect(got.headers).not.toHaveProperty("location");
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: "POST", url: "/v1/messages?beta=true" });
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${token}`);
    expect(seen[0]?.headers).not.toHaveProperty("cookie");
    expect(seen[0]?.headers).not.toHaveProperty("x-evil");
    expect(gateway.usage()).toMatchObject({
      input_tokens: 3,
      output_tokens: 5,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
      requests: 1,
    });
    const manifest = await gateway.close();
    const exchanges = readJournal(manifest.digest, place.blobs);
    expect(exchanges).toHaveLength(1);
    expect(Buffer.from(place.blobs.get(exchanges[0]?.response ?? "")).toString()).toBe(stream("hello"));
    expect(everyByte()).toContain('"hi"');
    expect(everyByte()).not.toContain(token);
    await reopen();
  });

  it.each<[string, unknown, Parameters<typeof ask>[1]]>([
    ["web search", { ...plain, tools: [{ type: "web_search_20250305", name: "web_search" }] }, {}],
    ["MCP servers", { ...plain, mcp_servers: [] }, {}],
    [
      "a file by id",
      {
        ...plain,
        messages: [{ role: "user", content: [{ type: "document", source: { type: "file", file_id: "f" } }] }],
      },
      {},
    ],
    ["batches", plain, { path: "/v1/messages/batches" }],
    ["files", plain, { path: "/v1/files", method: "GET" }],
    ["an absolute-form target", plain, { path: "http://evil.example/v1/messages" }],
    ["another query", plain, { path: "/v1/messages?x=1" }],
    ["a HEAD probe", "", { method: "HEAD", path: "/" }],
    ["trailers announced", plain, { headers: { trailer: "x-y" } }],
    ["an encoded body", plain, { headers: { "content-encoding": "gzip" } }],
    ["another model", { ...plain, model: "claude-opus-4-7" }, {}],
  ])("refuses %s before any upstream, logs it, and continues with a plain call", async (_name, body, other) => {
    expect((await ask(body, other)).status).toBe(403);
    expect(seen).toHaveLength(0);
    expect(refusals).toHaveLength(1);
    expect((await ask(plain)).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  it("lets no upgrade, CONNECT, smuggled second request, late trailer or broken body reach the upstream", async () => {
    const body = JSON.stringify(plain);
    const head = "Host: x\r\nContent-Type: application/json\r\n";
    await raw(`GET /v1/messages HTTP/1.1\r\n${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    await raw(`CONNECT evil.example:443 HTTP/1.1\r\n${head}\r\n`);
    await raw(`POST /v1/messages HTTP/1.1\r\n${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
    const size = Buffer.byteLength(body).toString(16);
    await raw(
      `POST /v1/messages HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${size}\r\n${body}\r\n0\r\nX-Late: 1\r\n\r\n`,
    );
    await raw(`POST /v1/messages HTTP/1.1\r\n${head}Content-Length: 500\r\n\r\n${body.slice(0, 20)}`);
    expect(seen).toHaveLength(0);
    expect(gateway.ending()).toBeNull();
    await raw(
      `POST /v1/messages HTTP/1.1\r\n${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\n${body}\r\n0\r\n\r\n`,
    );
    expect(seen).toHaveLength(1);
  });

  it("follows no redirect and passes on no credential from an answer", async () => {
    answerWith((client) => client.writeHead(307, { location: `${origin()}/elsewhere` }).end());
    expect((await ask(plain)).status).toBe(502);
    expect(seen).toHaveLength(1);
    answerWith((client, { headers }) => client.writeHead(200, sse).end(stream(`you sent ${headers.authorization}`)));
    await expect(ask(plain)).resolves.toMatchObject({ status: 502 });
    expect(everyByte()).not.toContain(token);
    expect(refusals).toHaveLength(2);
  });

  it("ignores the environment's proxies", async () => {
    process.env.HTTP_PROXY = "http://127.0.0.1:1";
    process.env.NODE_USE_ENV_PROXY = "1";
    try {
      expect((await ask(plain)).status).toBe(200);
    } finally {
      delete process.env.HTTP_PROXY;
      delete process.env.NODE_USE_ENV_PROXY;
    }
  });

  it("passes errors on for the CLI to retry, and ends the run at a usage limit", async () => {
    answerWith((client) => client.writeHead(500, { "content-type": "application/json" }).end('{"type":"error"}'));
    expect((await ask(plain)).status).toBe(500);
    answerWith((client) => client.writeHead(429, { "retry-after": "3" }).end("{}"));
    expect((await ask(plain)).headers["retry-after"]).toBe("3");
    expect(gateway.ending()).toBeNull();
    const reset = Math.floor(Date.now() / 1000) + 3600;
    answerWith((client) => client.writeHead(429, { "anthropic-ratelimit-unified-reset": String(reset) }).end("{}"));
    await ask(plain);
    expect(gateway.ending()).toEqual({
      code: "HOLD-USAGE-LIMIT",
      detail: null,
      resumesAt: new Date(reset * 1000).toISOString(),
    });
    expect(gateway.lastAnswer()).toBe(429);
    expect(endings).toBe(1);
  });

  it("refuses a request over the token budget before forwarding it, and ends the run", async () => {
    await gateway.close();
    await reopen({ limits: { ...gatewayLimits, run_tokens: 150 } });
    answerWith((client) => client.writeHead(200, sse).end(stream("x", { input_tokens: 60, output_tokens: 40 })));
    expect((await ask(plain)).status).toBe(200);
    expect((await ask(plain)).status).toBe(429);
    expect(seen).toHaveLength(1);
    expect(gateway.ending()).toMatchObject({ code: "HOLD-BUDGET", detail: "tokens" });
    expect(gateway.usage()).toMatchObject({ input_tokens: 60, output_tokens: 40 });
  });

  it("records a long answer while it streams, byte for byte, and a broken answer as far as it came", async () => {
    const long = stream("0123456789".repeat(300_000));
    answerWith((client) => client.writeHead(200, sse).end(long));
    expect((await ask(plain)).body).toBe(long);
    answerWith((client) => {
      client.writeHead(200, sse).write(long.slice(0, 2_000_000));
      setTimeout(() => client.destroy(), 200);
    });
    await ask(plain).catch(() => null);
    await expect.poll(() => gateway.usage().requests).toBe(2);
    const manifest = await gateway.close();
    const [whole, torn] = readJournal(manifest.digest, place.blobs);
    expect(Buffer.from(place.blobs.get(whole?.response ?? "")).toString()).toBe(long);
    const kept = Buffer.from(place.blobs.get(torn?.response ?? "")).toString();
    expect([torn?.complete, long.startsWith(kept), kept.length > 1_500_000]).toEqual([false, true, true]);
    const left = readdirSync(place.home, { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => name.includes(".recording-"))).toEqual([]);
    await reopen();
  });

  it("names the budget that ran out if it is not the run's own", async () => {
    await gateway.close();
    await reopen({ limits: { ...gatewayLimits, run_tokens: 10, token_budget: "limits.day_tokens" } });
    expect((await ask(plain)).status).toBe(429);
    expect(seen).toHaveLength(0);
    expect(gateway.ending()).toMatchObject({ code: "HOLD-BUDGET", detail: "tokens (limits.day_tokens)" });
  });

  it("ends the run before a request that could exceed its dollars, naming the budget and when it is renewed", async () => {
    const price = { input: 3_000_000, output: 15_000_000, cache_read: 300_000, cache_write: 3_750_000 };
    const resets_at = "2026-01-03T00:00:00.000Z";
    const spend = { budget: "limits.day_usd" as const, resets_at, prices: { "claude-sonnet-4-5": price } };
    await gateway.close();
    await reopen({ limits: { ...gatewayLimits, spend: { ...spend, nano_usd: 1000 } } });
    expect((await ask(plain)).status).toBe(429);
    expect(seen).toHaveLength(0);
    expect(gateway.ending()).toEqual({ code: "HOLD-BUDGET", detail: "usd (limits.day_usd)", resumesAt: resets_at });
    await gateway.close();
    const indexPath = join(place.home, "other.jsonl");
    await reopen({ limits: { ...gatewayLimits, spend: { ...spend, nano_usd: 1_000_000_000 } }, indexPath });
    expect((await ask(plain)).status).toBe(200);
    expect(gateway.ending()).toBeNull();
  });

  it("charges streams that are closed early by the same numbers that it reports", async () => {
    const early = (client: {
      writeHead: (status: number, headers: object) => { write: (text: string) => void };
      destroy: () => void;
    }) => {
      client
        .writeHead(200, sse)
        .write(event("message_start", { message: { usage: { input_tokens: 9, output_tokens: 1 } } }));
      setTimeout(() => client.destroy(), 20);
    };
    answerWith(early as never);
    await ask(plain).catch(() => null);
    await expect.poll(() => gateway.usage().surcharge_tokens ?? 0).toBeGreaterThan(plain.max_tokens - 10);
    const { surcharge_tokens } = gateway.usage();
    expect(gateway.usage()).toMatchObject({ input_tokens: 9, output_tokens: 1 });
    answerWith((client) => client.writeHead(200, sse).end(stream("hello")));
    await ask(plain);
    expect(gateway.usage()).toMatchObject({ input_tokens: 12, surcharge_tokens });
    await gateway.close();
    await reopen();
    expect(gateway.usage()).toMatchObject({ input_tokens: 12, surcharge_tokens });
  });

  it("reserves twice the input for a request that caches for an hour", async () => {
    await gateway.close();
    const text = "x".repeat(4000);
    const asking = (ttl: "5m" | "1h") => ({
      ...plain,
      messages: [{ role: "user", content: [{ type: "text", text, cache_control: { type: "ephemeral", ttl } }] }],
    });
    await reopen({ limits: { ...gatewayLimits, run_tokens: 1500 } });
    expect((await ask(asking("1h"))).status).toBe(429);
    expect(seen).toHaveLength(0);
    await gateway.close();
    await reopen({ limits: { ...gatewayLimits, run_tokens: 1500 }, indexPath: join(place.home, "other.jsonl") });
    expect((await ask(asking("5m"))).status).toBe(200);
  });

  it("accepts a bounded number of requests per minute, and tells the client that it can retry later", async () => {
    await gateway.close();
    await reopen({ limits: { ...gatewayLimits, requests_per_minute: 3 } });
    const statuses: number[] = [];
    for (let request = 0; request < 5; request += 1) statuses.push((await ask(plain)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(seen).toHaveLength(3);
    expect(gateway.ending()).toBeNull();
  });

  it("bounds the recorded bytes, even across a restart, and ends the run there", async () => {
    await gateway.close();
    const size = Buffer.byteLength(JSON.stringify(plain)) + Buffer.byteLength(stream("hello"));
    const limits = { ...gatewayLimits, recorded_bytes: 2 * size + 100 };
    await reopen({ limits });
    expect((await ask(plain)).status).toBe(200);
    await gateway.close();
    await reopen({ limits });
    expect((await ask(plain)).status).toBe(200);
    expect(gateway.ending()).toBeNull();
    await ask(plain).catch(() => null);
    expect(gateway.ending()).toMatchObject({ code: "HOLD-BUDGET", detail: "bytes" });
    expect(gateway.usage().requests).toBeLessThanOrEqual(3);
  });

  it("limits how many bodies it reads concurrently, because each is held in memory", async () => {
    const head =
      "POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n{";
    const slow = Array.from({ length: gatewayLimits.requests_in_flight }, () => connect(socketPath()));
    for (const socket of slow) socket.on("error", () => socket.destroy()).write(head);
    await expect.poll(async () => (await ask(plain)).status).toBe(429);
    expect((await raw(head)).split("\r\n")[0]).toBe("HTTP/1.1 429 Too Many Requests");
    for (const socket of slow) socket.destroy();
    await expect.poll(async () => (await ask(plain)).status).toBe(200);
  });

  it("bounds requests in flight, and aborts the upstream if the client goes away", async () => {
    await gateway.close();
    await reopen({ limits: { ...gatewayLimits, requests_in_flight: 1 } });
    let aborted = false;
    answerWith((client) => {
      client
        .writeHead(200, sse)
        .write(event("message_start", { message: { usage: { input_tokens: 9, output_tokens: 1 } } }));
      client.on("close", () => {
        aborted = true;
      });
    });
    const leaving = request({
      socketPath: socketPath(),
      method: "POST",
      path: "/v1/messages",
      headers: { "content-type": "application/json" },
    });
    leaving.on("error", () => leaving.destroy());
    leaving.end(JSON.stringify(plain));
    await expect.poll(() => seen.length).toBe(1);
    expect((await ask(plain)).status).toBe(429);
    leaving.destroy();
    await expect.poll(() => aborted).toBe(true);
    answerWith((client) => client.writeHead(200, sse).end(stream("hello")));
    await expect.poll(async () => (await ask(plain)).status).toBe(200);
    expect(gateway.usage()).toMatchObject({ input_tokens: 12, requests: 2 });
  });

  it("continues after a restart with the same numbers and the same journal", async () => {
    await ask(plain);
    await gateway.close();
    writeFileSync(join(place.home, "journal.jsonl"), '{"event":"opened","torn', { flag: "a" });
    await reopen();
    expect(gateway.usage()).toMatchObject({ input_tokens: 3, requests: 1 });
    await ask(plain);
    expect(gateway.usage()).toMatchObject({ input_tokens: 6, requests: 2 });
    expect(readJournal((await gateway.close()).digest, place.blobs)).toHaveLength(2);
    await reopen();
  });
});
