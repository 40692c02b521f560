/** Many connections over one stream, on real sockets: complete data, half-closed connections, a slow reader next to a fast one, and invalid frames. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMultiplexer, type Multiplexer } from "../../src/link/inside/multiplex.ts";

let folder: string;
let servers: Server[];
let [inside, outside]: Multiplexer[] = [];
/** Number of bytes that the outer end has sent. */
let sentBytes: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-multiplex-"));
  servers = [];
  sentBytes = 0;
});
afterEach(() => {
  inside?.close();
  outside?.close();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(name: string, take: (socket: Socket) => void): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    take(socket);
  });
  servers.push(server);
  const path = join(folder, name);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

/** Makes a socket inside whose connections end at a socket outside; returns its path. */
async function linked(serve: (socket: Socket) => void): Promise<string> {
  const target = await listen("gateway.sock", serve);
  const [left, right] = [
    createMultiplexer({ send: (bytes) => setImmediate(() => right.receive(bytes)), connect: null }),
    createMultiplexer({
      send: (bytes) => {
        sentBytes += bytes.length;
        setImmediate(() => left.receive(bytes));
      },
      connect: () => connect({ path: target, allowHalfOpen: true }),
    }),
  ];
  [inside, outside] = [left, right];
  return listen("relay.sock", (socket) => left.open(socket));
}

function exchange(path: string, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect({ path, allowHalfOpen: true });
    socket.on("error", reject);
    socket.on("data", (part) => parts.push(part));
    socket.on("end", () => resolve(Buffer.concat(parts)));
    socket.end(bytes);
  });
}
const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("the multiplexer", () => {
  it("carries large bodies completely, concurrently and both ways, and lets each side end its direction separately", async () => {
    // It answers only after the request has ended, so the half-closed direction must still work.
    const path = await linked((socket) => {
      const parts: Buffer[] = [];
      socket.on("data", (part) => parts.push(part));
      socket.on("end", () => socket.end(Buffer.concat(parts)));
    });
    const bodies = [0, 1, 70_000, 3_000_000, ...Array(20).fill(100_000)].map((length) => randomBytes(length));
    const answers = await Promise.all(bodies.map((body) => exchange(path, body)));
    expect(answers.map(digest)).toEqual(bodies.map(digest));
  });

  it("holds a sender back if its reader is slow, while another connection continues", async () => {
    const large = randomBytes(8_000_000);
    const path = await linked((socket) => {
      socket.once("data", (first) => {
        if (first.toString() === "large") socket.end(large);
        else socket.end("small");
      });
    });
    const slow = connect({ path, allowHalfOpen: true });
    slow.pause();
    slow.write("large");
    await expect.poll(() => sentBytes).toBeGreaterThan(100_000);
    expect((await exchange(path, Buffer.from("hello"))).toString()).toBe("small");
    await new Promise((resolve) => setTimeout(resolve, 100));
    // At most one credit plus what sockets buffer.
    expect(sentBytes).toBeLessThan(1_500_000);
    const parts: Buffer[] = [];
    slow.on("data", (part) => parts.push(part));
    slow.resume();
    await new Promise((resolve) => slow.once("end", resolve));
    expect(digest(Buffer.concat(parts))).toBe(digest(large));
    slow.destroy();
  });

  it("closes a broken connection on the other side too, and every connection at its end", async () => {
    let closed = 0;
    const path = await linked((socket) => {
      socket.write("hello");
      socket.resume();
      socket.on("end", () => socket.end());
      socket.once("close", () => {
        closed += 1;
      });
    });
    const [one, other] = [connect(path), connect(path)];
    for (const socket of [one, other]) await new Promise((resolve) => socket.once("data", resolve));
    one.destroy();
    await expect.poll(() => closed).toBe(1);
    const ended = new Promise((resolve) => other.once("close", resolve));
    other.resume();
    outside?.close();
    inside?.close();
    await ended;
    await expect.poll(() => closed).toBe(2);
  });

  it("refuses invalid frames, and more bytes than the credit allows", async () => {
    const target = await listen("gateway.sock", (socket) => socket.pause());
    const frame = (type: number, id: number, payload = Buffer.alloc(0), length = payload.length) => {
      const head = Buffer.alloc(9);
      head.writeUInt8(type, 0);
      head.writeUInt32BE(id, 1);
      head.writeUInt32BE(length, 5);
      return Buffer.concat([head, payload]);
    };
    const fresh = () => createMultiplexer({ send: () => undefined, connect: () => connect({ path: target }) });
    const honest = fresh();
    honest.receive(Buffer.concat([frame(6, 0), frame(1, 1), frame(2, 1, Buffer.from("a")), frame(3, 1), frame(2, 9)]));
    honest.close();
    const flood = Array.from({ length: 20 }, () => frame(2, 1, Buffer.alloc(64 * 1024)));
    for (const bytes of [
      frame(2, 1, Buffer.alloc(0), 1_000_000),
      Buffer.concat([frame(1, 1), frame(1, 1)]),
      Buffer.concat([frame(1, 1), frame(99, 1)]),
      Buffer.concat([frame(1, 1), frame(5, 1, Buffer.from("abc"))]),
      Buffer.concat([frame(1, 1), ...flood]),
    ]) {
      const multiplexer = fresh();
      expect(() => multiplexer.receive(bytes)).toThrow();
      multiplexer.close();
    }
    const many = fresh();
    many.receive(Buffer.concat(Array.from({ length: 500 }, (_none, id) => frame(1, id + 1))));
    await expect.poll(() => servers[0]?.listening).toBe(true);
    many.close();
  });
});
