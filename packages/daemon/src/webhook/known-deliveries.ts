/**
 * Remembers taken deliveries by id and signature, in a small file in the home's `run/`. GitHub signs the body, not the id, so a copy with another id is
 * recognized by its signature. Only the newest are remembered; an older replay could cause just one more look.
 */
import { appendFileSync, closeSync, fsyncSync, openSync } from "node:fs";
import { instantSchema } from "@aedev/contracts";
import { deliveryIdSchema } from "@aedev/contracts/events";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { DeliveryHead } from "./read-delivery.ts";

/** How many deliveries are remembered: days of a busy repository. The file has at most twice as many lines. */
const knownMax = 5_000;

const lineSchema = z.strictObject({
  id: deliveryIdSchema,
  signature: z.string().regex(/^[0-9a-f]{64}$/),
  at: instantSchema,
});
type Known = z.infer<typeof lineSchema>;

export interface KnownDeliveries {
  has(delivery: Pick<DeliveryHead, "id" | "signature">): boolean;
  /** Kept even if the process ends right afterwards. Throws if the file can't be written. */
  remember(delivery: Pick<DeliveryHead, "id" | "signature">): void;
}

/** `max`: how many are remembered. */
export function openKnownDeliveries(home: string, max = knownMax): KnownDeliveries {
  const path = homeLayout(home).deliveries;
  let known = readKnown(home).slice(-max);
  const ids = new Set(known.map(({ id }) => id));
  const signatures = new Set(known.map(({ signature }) => signature));
  writeDurably(path, textOf(known));
  let lines = known.length;

  function append(entry: Known): void {
    const file = openSync(path, "a", 0o600);
    try {
      appendFileSync(file, textOf([entry]));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    lines += 1;
  }

  return {
    has: ({ id, signature }) => ids.has(id) || signatures.has(signature),
    remember({ id, signature }) {
      const entry = { id, signature, at: new Date().toISOString() };
      append(entry);
      known.push(entry);
      ids.add(id);
      signatures.add(signature);
      for (const { id: oldId, signature: oldSignature } of known.slice(0, -max)) {
        ids.delete(oldId);
        signatures.delete(oldSignature);
      }
      known = known.slice(-max);
      if (lines < 2 * max) return;
      writeDurably(path, textOf(known));
      lines = known.length;
    },
  };
}

/** When a delivery was last taken; null: none is remembered. */
export function lastDeliveryAt(home: string): string | null {
  return readKnown(home).at(-1)?.at ?? null;
}

/** Skips invalid lines, because the last one may be cut off. */
function readKnown(home: string): Known[] {
  return (readIfThere(homeLayout(home).deliveries) ?? "").split("\n").flatMap((line) => {
    const parsed = lineSchema.safeParse(parseJson(line));
    return parsed.success ? [parsed.data] : [];
  });
}

/** Each entry begins a new line, so that a cut-off one spoils no other. */
function textOf(known: readonly Known[]): string {
  return known.map((entry) => `\n${JSON.stringify(entry)}`).join("");
}
