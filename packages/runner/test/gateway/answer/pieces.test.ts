/** Every chunk arrives in order, none while another waits, and a stream that broke off never counts as complete. */
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { eachPiece } from "../../../src/gateway/answer/pieces.ts";

const parts = ["one", "two", "three", "four"].map((text) => Buffer.from(text));
const never = Promise.withResolvers<void>().promise;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const silent = () => new Readable({ read: () => undefined });

describe("eachPiece", () => {
  it("passes every chunk on in order, and none while it waits for another", async () => {
    const seen: string[] = [];
    let open = 0;
    await eachPiece(Readable.from(parts), (piece) => {
      expect(open).toBe(0);
      seen.push(piece.toString());
      if (seen.length % 2 === 1) return null;
      open += 1;
      return turn().then(() => {
        open -= 1;
      });
    });
    expect(seen).toEqual(["one", "two", "three", "four"]);
    expect(open).toBe(0);
  });

  it("waits for the last chunk, and fails if that fails", async () => {
    const last = eachPiece(Readable.from(parts.slice(0, 1)), async () => {
      await turn();
      await turn();
      throw new Error("too late");
    });
    await expect(last).rejects.toThrow("too late");
  });

  it("fails and ends the stream if a chunk is rejected", async () => {
    const stream = Readable.from(parts);
    let taken = 0;
    const stopped = eachPiece(stream, () => {
      taken += 1;
      throw new Error("no more");
    });
    await expect(stopped).rejects.toThrow("no more");
    expect([taken, stream.destroyed]).toEqual([1, true]);
  });

  it.each([
    ["an error", new Error("reset")],
    ["no word", undefined],
  ])("fails if the stream breaks off with %s, before, while and after it is read", async (_name, cause) => {
    const read = (stream: Readable) => eachPiece(stream, () => null);
    const before = silent();
    before.on("error", () => before.destroy());
    before.destroy(cause);
    await turn();
    await expect(read(before)).rejects.toThrow();
    const midway = silent();
    const broken = read(midway);
    midway.push("piece");
    await turn();
    midway.destroy(cause);
    await expect(broken).rejects.toThrow();
    const waiting = silent();
    const held = eachPiece(waiting, () => never);
    waiting.push("piece");
    await turn();
    waiting.destroy(cause);
    await expect(held).rejects.toThrow();
    await expect(read(Readable.from(parts))).resolves.toBeUndefined();
  });
});
