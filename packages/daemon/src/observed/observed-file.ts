/**
 * Keeps what the daemon observed besides events in a small file in the home's `run/`, which `aedev status` reads even when the daemon is down.
 * Folder: what the daemon observes besides events: jumps of the clock, containers without a run.
 */
import { Fault, instantSchema } from "@aedev/contracts";
import type { ObservedFacts } from "@aedev/core/reading";
import { writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { isAbsent, readRegular } from "@aedev/host/nofollow-read";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { readPushPause } from "./push-pause-file.ts";

/** The file has two short records. */
const fileBytesMax = 4096;
const countSchema = z.int().min(1).max(1_000_000);

const observedSchema = z.strictObject({
  containers: z.strictObject({ count: countSchema, since: instantSchema, seen_at: instantSchema }).nullable(),
  clock: z
    .strictObject({
      count: countSchema,
      first_at: instantSchema,
      at: instantSchema,
      moved_ms: z.int(),
      how: z.enum(["jumped", "slept", "unclear"]),
    })
    .nullable(),
});

/** The facts if nothing was observed. */
export const nothingObserved: ObservedFacts = { containers: null, clock: null };

/** Throws a Fault `home-unreadable` if aedev did not write the file: it is of another kind, too large, or has anything else in it. */
export async function readObserved(home: string): Promise<ObservedFacts> {
  const path = homeLayout(home).observed;
  const file = await readRegular(path, fileBytesMax);
  const pause = await readPushPause(home);
  const push =
    pause === null
      ? {}
      : {
          push: {
            reason: pause.reason,
            since: new Date(pause.sinceMs).toISOString(),
            until: new Date(pause.untilMs).toISOString(),
          },
        };
  if (file === null && (await isAbsent(path))) return { ...nothingObserved, ...push };
  const text = file === null || file.sizeBytes > fileBytesMax ? "" : file.bytes.toString("utf8");
  const parsed = observedSchema.safeParse(parseJson(text));
  if (parsed.success) return { ...parsed.data, ...push };
  throw new Fault("home-unreadable", `${path} is not what a daemon wrote`, { hint: "aedev daemon restart" });
}

/** The write is atomic and durable. */
export function writeObserved(home: string, { containers, clock }: ObservedFacts): void {
  writeDurably(homeLayout(home).observed, `${JSON.stringify({ containers, clock })}\n`);
}
