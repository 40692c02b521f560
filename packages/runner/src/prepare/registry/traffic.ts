/** Counts what all connections of one fetch step carry together, against its bounds. It closes nothing itself. */
import type { Readable } from "node:stream";

export interface Traffic {
  /** Counts what comes out of `from`; calls `over` once it is more than may be. */
  count(from: Readable, way: "received" | "sent", over: (reason: string) => void): void;
}

export function createAllowance(bounds: { receivedBytes: number; sentBytes: number }): Traffic {
  const left = { received: bounds.receivedBytes, sent: bounds.sentBytes };
  return {
    count(from, way, over) {
      from.on("data", (chunk: Buffer) => {
        left[way] -= chunk.length;
        if (left[way] < 0) over(`the fetch step has ${way} more than ${bounds[`${way}Bytes`]} bytes`);
      });
    },
  };
}
