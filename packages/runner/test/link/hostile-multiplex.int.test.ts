/** Code in a sandbox that replaces the relay can't make the other end use more memory than an honest relay does. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attachedTo } from "../../src/engine/docker-attach.ts";
import { createMultiplexer } from "../../src/link/inside/multiplex.ts";

let folder: string;
let target: string;
let gateway: Server;
let [answered, unreadBytes] = [0, 0];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "aedev-hostile-"));
  target = join(folder, "gateway.sock");
  [answered, unreadBytes] = [0, 0];
  // It answers at length and reads nothing.
  gateway = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.pause();
    socket.write(Buffer.alloc(4_000_000), () => {
      answered += 1;
    });
  });
  await new Promise<void>((resolve) => gateway.listen(target, resolve));
});
afterEach(() => {
  gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

function frame(type: number, id: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt8(type, 0);
  head.writeUInt32BE(id, 1);
  head.writeUInt32BE(payload.length, 5);
  return Buffer.concat([head, payload]);
}
const credit = (bytes: number) => {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return frame(5, 1, payload);
};
const outer = () =>
  createMultiplexer({
    send: (bytes) => {
      unreadBytes += bytes.length;
    },
    connect: () => connect({ path: target }),
  });

describe("the outer end of a relay", () => {
  it("sends only as much as was requested, and accepts no credit that was never used", async () => {
    const honest = outer();
    honest.receive(frame(1, 1));
    await expect.poll(() => unreadBytes).toBeGreaterThan(200_000);
    honest.receive(credit(128 * 1024));
    await expect.poll(() => unreadBytes).toBeGreaterThan(330_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([answered, unreadBytes < 600_000]).toEqual([0, true]);
    expect(() => honest.receive(credit(0xffff_ffff))).toThrow("credit");
    honest.close();
  });

  it("accepts small frames, but no more than it may keep", async () => {
    const honest = outer();
    const letter = frame(2, 1, Buffer.from("a"));
    honest.receive(Buffer.concat([frame(1, 1), ...Array<Buffer>(400).fill(letter)]));
    honest.close();
    const flood = outer();
    expect(() => flood.receive(Buffer.concat([frame(1, 1), ...Array<Buffer>(5_000).fill(letter)]))).toThrow("credit");
    flood.close();
    const empty = outer();
    expect(() => empty.receive(Buffer.concat([frame(1, 1), frame(2, 1)]))).toThrow("a data frame is empty");
    empty.close();
  });
});

describe("an attached command", () => {
  it("is disconnected if it never reads its input", async () => {
    const reading = new PassThrough();
    reading.resume();
    const honest = attachedTo(reading);
    const unread = new PassThrough({ highWaterMark: 1024 });
    unread.pause();
    const hostile = attachedTo(unread);
    for (let written = 0; written < 200_000; written += 1) {
      honest.write(Buffer.alloc(9));
      hostile.write(Buffer.alloc(9));
      if (written % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect([reading.destroyed, unread.destroyed]).toEqual([false, true]);
    expect(unread.writableLength).toBeLessThan(1_000_000);
    honest.end();
  });
});
