/**
 * Collects garbage: in the daemon once per `retention.every`, one collection at a time; with the daemon down, under the home's lock.
 * Folder: garbage collection.
 */

import type { CollectionDocument } from "@aedev/contracts/api";
import { decide, type Refusal } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { createKeyedMutex } from "@aedev/host/keyed-mutex";
import { machinePacing } from "@aedev/host/retry-pacing";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { makeCommand } from "../control/control.ts";
import type { Blobs, Commands, Configured, Home, Records } from "../control/parts.ts";
import { blobStore } from "../home/blobs.ts";
import { takeLock } from "../home/lock.ts";
import { signHead } from "../home/signed-head.ts";
import { type EventLog, openEventLog } from "../log/event-log.ts";
import { complain } from "../logging/complain.ts";
import { type CollectedHome, collectGarbage, plannedDocument } from "./collect.ts";
import { planCollection } from "./plan.ts";
import { planBeside } from "./plan-beside.ts";

/** After a start, other work comes first. */
const firstAfterMs = 10 * 60_000;
/** The parts of control that a collection in the daemon needs. */
export type Collected = Home & Blobs & Records & Commands & Configured<"retention">;
const collections = createKeyedMutex();

/** Collects in the daemon. `by`: who asked, or the part of aedev that acts. */
export function collectInDaemon(
  { home, log, blobs, configuration }: Collected,
  by: Parameters<typeof makeCommand>[1],
): Promise<CollectionDocument | Refusal> {
  return collections(home, async () => {
    const plan = await planBeside(home, { retention: configuration.retention, nowMs: Date.now() });
    return collectGarbage({ home, blobs, ...targetOf(log, by) }, plan);
  });
}

/** Collects with the daemon down. Throws a Fault `home-locked` if it is running. */
export async function collectOffline(options: HomeOptions): Promise<CollectionDocument | Refusal> {
  const { home } = options;
  const { retention } = loadConfiguration(options);
  using _lock = takeLock(home);
  const plan = await planCollection(home, { retention, nowMs: Date.now() });
  await using log = await openEventLog({ path: homeLayout(home).log, decide });
  const done = await collectGarbage({ home, blobs: blobStore(home), ...targetOf(log, "operator") }, plan);
  signHead(home, log, new Date().toISOString());
  return done;
}

/** What a collection would delete, with the daemon up or down. It changes nothing. */
export async function planGarbage(options: HomeOptions): Promise<CollectionDocument> {
  const { retention } = loadConfiguration(options);
  return plannedDocument(await planCollection(options.home, { retention, nowMs: Date.now() }));
}

/** Collects ten minutes after a start and then every `retention.every`. A failed collection is not repeated early. */
export function watchRetention(control: Collected): { close(): Promise<void> } {
  const { everyMs } = control.configuration.retention;
  if (everyMs === null) return { close: async () => undefined };
  const closing = new AbortController();
  const { signal } = closing;
  const running = (async () => {
    await machinePacing.sleep(firstAfterMs, signal);
    while (!signal.aborted) {
      await collectInDaemon(control, "control").catch((error: unknown) => {
        complain(`gc: ${error instanceof Error ? error.message : error}`);
      });
      await machinePacing.sleep(everyMs, signal);
    }
  })();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

function targetOf(
  log: Pick<EventLog, "state" | "submit">,
  by: Parameters<typeof makeCommand>[1],
): Pick<CollectedHome, "state" | "submit"> {
  return {
    state: () => log.state,
    async submit(body) {
      const answer = await log.submit(makeCommand(body, by));
      return answer.kind === "refused" ? answer : null;
    },
  };
}
