/** A sandbox that tries to mislead people through its gateway: the run continues, and the log never quotes the sandbox's bytes. */
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { readJournal } from "../../src/gateway/journal.ts";
import { gatewayLimits, token } from "../throw-away-home.ts";
import {
  answerWith,
  ask,
  everyByte,
  gateway,
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

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const toolUse = (input: string) =>
  JSON.stringify({ ...plain, messages: [] }).replace(
    '"messages":[]',
    `"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"b","input":${input}}]}]`,
  );

describe("the gateway facing a hostile sandbox", () => {
  it("refuses a body nested too deeply to be serialized, and accepts the next", async () => {
    expect((await ask(toolUse(nested(50)))).status).toBe(200);
    expect((await ask(toolUse(nested(100_000)))).status).toBe(403);
    const counted = toolUse(nested(100_000)).replace('"max_tokens":50,', "").replace(',"stream":true', "");
    expect((await ask(counted, { path: "/v1/messages/count_tokens" })).status).toBe(403);
    expect(refusals).toEqual(Array(2).fill("gateway: the body is nested too deeply"));
    expect(gateway.ending()).toBeNull();
    expect((await ask(plain)).status).toBe(200);
    expect(seen).toHaveLength(2);
  });

  it("answers a body that is too large, but reads only as much again of one that never ends", async () => {
    const bytesMax = gatewayLimits.request_bytes;
    expect((await ask("x".repeat(bytesMax + 1))).status).toBe(413);
    const socket = connect(socketPath());
    socket.write(
      "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    const piece = `${(1 << 20).toString(16)}\r\n${"x".repeat(1 << 20)}\r\n`;
    let said = "";
    socket.on("data", (bytes) => {
      said += bytes;
    });
    socket.on("error", () => undefined);
    const closed = new Promise((resolve) => socket.on("close", resolve));
    const take = () => new Promise<boolean>((resolve) => socket.write(piece, (error) => resolve(error == null)));
    let written = 0;
    while (written < 20 * bytesMax && (await take())) written += 1 << 20;
    expect(written).toBeLessThan(20 * bytesMax);
    await closed;
    expect(said).toMatch(/^(HTTP\/1\.1 413 |$)/);
    expect(refusals).toEqual(Array(2).fill("gateway: the request is larger than allowed"));
    expect((await ask(plain)).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  it("forwards and records no credential that is in an answer's headers", async () => {
    answerWith((client) => client.writeHead(200, { ...sse, "request-id": "req-1" }).end(stream("hello")));
    expect((await ask(plain)).headers["request-id"]).toBe("req-1");
    answerWith((client) => client.writeHead(200, { ...sse, "request-id": `req-${token}` }).end(stream("hello")));
    expect((await ask(plain)).status).toBe(502);
    expect(refusals).toEqual(["the upstream's answer contained the credential: not forwarded"]);
    expect(everyByte()).not.toContain(token);
  });

  it("records nothing of a credential that comes in pieces, but every byte of an answer without one", async () => {
    answerWith((client) => {
      client.writeHead(200, sse).write(stream(`it begins ${token.slice(0, -1)}`).slice(0, -1));
      setTimeout(() => client.end("\n"), 50);
    });
    // The control: text that only starts like it is passed on and recorded.
    expect((await ask(plain)).body).toBe(stream(`it begins ${token.slice(0, -1)}`));
    const harmless = await gateway.close();
    const [whole] = readJournal(harmless.digest, place.blobs);
    expect(Buffer.from(place.blobs.get(whole?.response ?? "")).toString()).toBe(
      stream(`it begins ${token.slice(0, -1)}`),
    );
    rmSync(place.blobs.pathOf(whole?.response ?? ""));
    await reopen();
    answerWith((client) => {
      client.writeHead(200, sse).write(`data: it begins ${token.slice(0, -1)}`);
      setTimeout(() => client.end(token.slice(-1)), 50);
    });
    await expect(ask(plain)).rejects.toThrow();
    expect(refusals).toEqual(["the upstream's answer contained the credential: not forwarded"]);
    expect(everyByte()).toContain("data: it begins");
    expect(everyByte()).not.toContain(token.slice(0, 12));
  });

  it("asks nothing for a sandbox that pipelines requests, because no connection could slow it down", async () => {
    answerWith((client) => client.writeHead(200, sse).end(`: ${"x".repeat(7_000_000)}\n\n${stream("hello")}`));
    const body = JSON.stringify(plain);
    const head = "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    const one = `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const socket = connect(socketPath());
    let back = "";
    const answers = () => back.match(/HTTP\/1\.1 \d+/g);
    socket.write(one + one + one);
    await expect.poll(() => refusals.length).toBe(2);
    socket.setEncoding("latin1").on("data", (text) => {
      back += text;
    });
    await expect.poll(answers).toEqual(["HTTP/1.1 200", "HTTP/1.1 403"]);
    expect(seen).toHaveLength(1);
    expect(refusals).toEqual(Array(2).fill("gateway: a request did not wait for the previous answer"));
    // The control: one request after another, on one connection.
    const second = connect(socketPath()).setEncoding("latin1");
    back = "";
    second.on("data", (text) => {
      back += text;
    });
    for (const count of [1, 2]) {
      second.write(one);
      await expect.poll(() => back.split("\r\n0\r\n\r\n").length - 1).toBe(count);
    }
    expect(answers()).toEqual(["HTTP/1.1 200", "HTTP/1.1 200"]);
    for (const open of [socket, second]) open.destroy();
  });

  it("reports a bounded number of refusals of all kinds, because each becomes an event", async () => {
    const head = "Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    await raw(`GET /v1/messages HTTP/1.1\r\n${head}`);
    await raw(`CONNECT evil.example:443 HTTP/1.1\r\n${head}`);
    expect(refusals).toEqual([
      "gateway: an upgrade is not a plain model call",
      "gateway: CONNECT is not a plain model call",
    ]);
    for (let time = 0; time < 40; time += 1) {
      await raw(`GET /v1/messages HTTP/1.1\r\n${head}`);
      await raw(`CONNECT evil.example:443 HTTP/1.1\r\n${head}`);
      await ask({ ...plain, model: "another" });
    }
    expect(refusals).toHaveLength(51);
    expect(refusals.at(-1)).toBe("further refusals of this run are not reported");
    expect((await ask(plain)).status).toBe(200);
  });

  it("reports a refusal in plain characters", async () => {
    await ask({ ...plain, "\u001b]0;a title\u0007\u202e\n": 1 });
    await ask({ ...plain, model: "\u009b2J" });
    expect(refusals).toEqual([
      "gateway: body: unrecognized_keys ?]0;a title???",
      'gateway: model "?2J" is not the run\'s',
    ]);
  });
});
