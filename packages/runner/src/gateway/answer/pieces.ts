/** Reads a stream's pieces one by one as they come, with no copy and no turn of the event loop between them. It knows nothing of what they are. */
import type { Readable } from "node:stream";

/**
 * Hands every piece to `take`; where that returns a promise, no further piece comes before it is kept. Resolves at the stream's end; rejects,
 * and destroys the stream, where it breaks off or `take` fails.
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
