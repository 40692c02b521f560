/** Counts what all connections of one fetch step carry together, against its bounds. It closes nothing itself. */
import type { Readable } from "node:stream";

export type Way = "received" | "sent";

export interface Traffic {
  /** Counts bytes that are in hand already; says why they may not go on, or null. */
  spend(way: Way, bytes: number): string | null;
  /** Counts what comes out of `from`; calls `over` once it is more than may be. */
  count(from: Readable, way: Way, over: (reason: string) => void): void;
}

export function createAllowance(bounds: { receivedBytes: number; sentBytes: number }): Traffic {
  const left = { received: bounds.receivedBytes, sent: bounds.sentBytes };
  const spend = (way: Way, bytes: number) => {
    left[way] -= bytes;
    return left[way] < 0 ? `the fetch step has ${way} more than ${bounds[`${way}Bytes`]} bytes` : null;
  };
  return {
    spend,
    count(from, way, over) {
      from.on("data", (chunk: Buffer) => {
        const why = spend(way, chunk.length);
        if (why !== null) over(why);
      });
    },
  };
}
