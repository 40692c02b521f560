/** Counts the bytes of a fetch step's connections against its bounds. It closes nothing. */
import type { Readable } from "node:stream";

export type Direction = "received" | "sent";

export interface Traffic {
  /** Counts bytes already received from the sender. Returns null, or why they can't be forwarded. */
  spend(direction: Direction, bytes: number): string | null;
  /** Counts the bytes read from `from`; calls `over` for every chunk beyond the bound. */
  count(from: Readable, direction: Direction, over: (reason: string) => void): void;
}

export function createTraffic(bounds: { receivedBytes: number; sentBytes: number }): Traffic {
  const left = { received: bounds.receivedBytes, sent: bounds.sentBytes };
  const spend = (direction: Direction, bytes: number) => {
    left[direction] -= bytes;
    return left[direction] < 0
      ? `the fetch step has ${direction} more than ${bounds[`${direction}Bytes`]} bytes`
      : null;
  };
  return {
    spend,
    count(from, direction, over) {
      from.on("data", (chunk: Buffer) => {
        const why = spend(direction, chunk.length);
        if (why !== null) over(why);
      });
    },
  };
}
