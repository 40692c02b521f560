/** The registry proxy against hostile clients and registries: endless small pieces, many requests at once, invalid answers. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRegistryProxy, type RegistryProxy } from "../../../src/prepare/registry/proxy.ts";
import { clientHello } from "./hello.ts";

let folder: string;
let proxy: RegistryProxy;
let registry: Server;
let port: number;
let serve: (socket: Socket) => void;
let [open, openMax] = [0, 0];
let told: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "aedev-traffic-"));
  [open, openMax, told] = [0, 0, []];
  registry = createServer((socket) => {
    open += 1;
    openMax = Math.max(openMax, open);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      open -= 1;
    });
    serve(socket);
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  const address = registry.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  proxy = await openRegistryProxy({
    socketPath: join(folder, "p.sock"),
    owner: null,
    registries: [
      { host: "registry.example", port, secure: true, private: true },
      { host: "mirror.example", port, secure: false, private: true },
    ],
    bounds: { receivedBytes: 10_000_000, sentBytes: 60_000 },
    refused: (what) => told.push(what),
    resolve: async () => ["127.0.0.1"],
  });
});
afterEach(async () => {
  await proxy.close();
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function client(first: string): Socket {
  const socket = connect(join(folder, "p.sock"));
  socket.on("error", () => socket.destroy());
  socket.write(first);
  return socket;
}
const plainGet = (more = "") => `GET http://mirror.example:${port}/x${more} HTTP/1.1\r\nhost: a\r\n\r\n`;
async function answerTo(text: string): Promise<string> {
  const socket = client(text);
  let answer = "";
  socket.on("data", (bytes) => {
    answer += bytes.toString("latin1");
  });
  // The connection stays open for the next request.
  setTimeout(() => socket.destroy(), 400);
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}
async function tunnelled(hello: Buffer): Promise<Socket> {
  const socket = client(`CONNECT registry.example:${port} HTTP/1.1\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.write(hello);
  return socket;
}

describe("the registry proxy facing hostile traffic", () => {
  it("survives an answer with an invalid status", async () => {
    const answerAs = (status: string) => {
      serve = (socket) => {
        socket.once("data", () => socket.end(`HTTP/1.1 ${status} x\r\ncontent-length: 3\r\n\r\nabc`));
      };
    };
    for (const status of ["000", "099", "999"]) {
      answerAs(status);
      expect(await answerTo(plainGet())).toBe("");
    }
    answerAs("200");
    expect(await answerTo(plainGet())).toContain("abc");
  });

  it("bounds its connections, however many requests one client sends at once", async () => {
    serve = (socket) => socket.resume();
    const socket = client(plainGet().repeat(600));
    await expect.poll(() => openMax).toBeGreaterThan(100);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(openMax).toBeLessThanOrEqual(256);
    socket.destroy();
    await expect.poll(() => open).toBe(0);
    serve = (one) => void one.once("data", () => one.end("HTTP/1.1 200 x\r\ncontent-length: 3\r\n\r\nabc"));
    expect(await answerTo(plainGet())).toContain("abc");
  });

  it("delivers a registry's last bytes to a slow client too", async () => {
    let sizeBytes = 0;
    serve = (socket) => {
      socket.once("data", () => {
        let left = sizeBytes;
        const timer = setInterval(() => {
          left -= 10_000;
          socket.write(Buffer.alloc(10_000));
          if (left > 0) return;
          clearInterval(timer);
          socket.end();
        }, 1);
      });
    };
    const hello = await clientHello("registry.example");
    // Where the last bytes wait depends on how much sockets buffer; at one of these sizes they wait here.
    for (sizeBytes = 220_000; sizeBytes <= 320_000; sizeBytes += 20_000) {
      const socket = await tunnelled(hello);
      socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 200));
      let got = 0;
      socket.on("data", (bytes) => {
        got += bytes.length;
        socket.pause();
        setTimeout(() => socket.resume(), 2);
      });
      socket.resume();
      await new Promise((resolve) => socket.once("close", resolve));
      expect(got).toBe(sizeBytes);
    }
    await expect.poll(() => open).toBe(0);
  });

  it("counts the bytes of hellos and heads as sent", async () => {
    serve = (socket) =>
      void socket.on("data", (bytes) => socket.end(bytes[0] === 0x16 ? "welcome" : "HTTP/1.1 200 x\r\n\r\nabc"));
    const hello = await clientHello("registry.example");
    expect(hello.length).toBeLessThan(5_000);
    const socket = await tunnelled(hello);
    expect(String(await new Promise((resolve) => socket.once("data", resolve)))).toBe("welcome");
    const large = plainGet(`?${"a".repeat(14_000)}`);
    for (let times = 0; times < 4; times += 1) expect(await answerTo(large)).toContain("abc");
    expect(await answerTo(large)).toContain("403");
    expect(told).toEqual(["the fetch step has sent more than 60000 bytes"]);
    const late = await tunnelled(hello);
    late.on("data", () => told.push("answered"));
    await new Promise((resolve) => late.once("close", resolve));
    expect(told).toHaveLength(1);
  });
});
