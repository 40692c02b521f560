/** Reads a stream's chunks as they arrive, without copying them and without a turn of the event loop between them. */
import type { Readable } from "node:stream";

/**
 * Passes every chunk to `take`; if that returns a promise, the next chunk waits for it. Resolves at the stream's end. If the stream breaks off
 * or `take` fails, it destroys the stream and rejects.
 */
export function eachPiece(stream: Readable, take: (piece: Buffer) => Promise<void> | null): Promise<void> {
  return new Promise((resolve, reject) => {
    let waiting: Promise<void> | null = null;
    const fail = (cause: unknown) => {
      stream.off("data", onPiece);
      stream.destroy();
      reject(cause);
    };
    const onPiece = (piece: Buffer) => {
      try {
        waiting = take(piece);
      } catch (cause) {
        return fail(cause);
      }
      if (waiting === null) return;
      stream.pause();
      waiting.then(() => stream.resume(), fail);
    };
    const brokenOff = () => fail(new Error("the stream broke off"));
    if (stream.destroyed) return brokenOff();
    stream.on("error", fail);
    stream.on("end", () => {
      stream.off("close", brokenOff);
      (waiting ?? Promise.resolve()).then(resolve, reject);
    });
    stream.on("close", brokenOff);
    stream.on("data", onPiece);
  });
}
