/** Reads and writes an exec's streams as the engine multiplexes them: an eight-byte header (stream, length), then the payload. For `docker.ts`. */
import type { Duplex } from "node:stream";
import type { Attached } from "./engine.ts";

const headBytes = 8;
const standardError = 2;
const errorCharsMax = 500;
/** The engine's own frames are far smaller. */
const payloadBytesMax = 16 * 1024 * 1024;
/** A command may leave this much input unread: more than an honest reader ever does, but a bound for a command that never reads. */
const unreadBytesMax = 64 * 1024 * 1024;
const unreadWritesMax = 65_536;

/** `stream`: the hijacked connection of a started exec. */
export function attachedTo(stream: Duplex): Attached {
  let rest: Buffer = Buffer.alloc(0);
  let errors = "";
  let unreadWrites = 0;
  let take: (bytes: Buffer) => void = () => undefined;
  const ended = new Promise<string>((resolve) => {
    stream.once("close", () => resolve(errors));
  });
  stream.on("error", () => stream.destroy());
  stream.on("end", () => stream.destroy());
  stream.on("data", (bytes: Buffer) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (rest.length >= headBytes) {
      const length = rest.readUInt32BE(4);
      if (length > payloadBytesMax) return void stream.destroy();
      if (rest.length < headBytes + length) return;
      const payload = rest.subarray(headBytes, headBytes + length);
      const isError = rest.readUInt8(0) === standardError;
      rest = rest.subarray(headBytes + length);
      if (isError) errors = (errors + payload.toString("utf8")).slice(-errorCharsMax);
      else if (!taken(payload)) return void stream.destroy();
    }
  });

  /** False if the receiver rejects the payload. */
  function taken(payload: Buffer): boolean {
    try {
      take(payload);
      return true;
    } catch (error) {
      errors = error instanceof Error ? error.message : String(error);
      return false;
    }
  }

  return {
    write(bytes) {
      if (stream.destroyed) return;
      if (stream.writableLength > unreadBytesMax || unreadWrites >= unreadWritesMax) return void stream.destroy();
      unreadWrites += 1;
      stream.write(bytes, () => {
        unreadWrites -= 1;
      });
    },
    onOutput(taker) {
      take = taker;
    },
    ended,
    end: () => stream.destroy(),
  };
}
