/**
 * Reads in a thread with a deadline what is visible of Markdown texts from GitHub: they may be hostile, and the daemon must go on.
 * Folder: what a reader sees of a Markdown text.
 */
import { Worker } from "node:worker_threads";
import { Fault } from "@aedev/contracts";
import type { VisibleText } from "./visible-text.ts";

/** Ordinary texts take milliseconds; one that takes as long as this was made to. */
const defaultTimeoutMs = 20_000;
const threadMemoryMegabytes = 256;

/** One answer for each text. Throws a Fault `text-unreadable` if that takes too long or needs too much memory. */
export function readVisible(
  texts: readonly string[],
  { timeoutMs } = { timeoutMs: defaultTimeoutMs },
): Promise<VisibleText[]> {
  const { promise, resolve, reject } = Promise.withResolvers<VisibleText[]>();
  const thread = new Worker(new URL("./visible-thread.ts", import.meta.url), {
    env: {},
    workerData: texts,
    resourceLimits: { maxOldGenerationSizeMb: threadMemoryMegabytes },
  });
  const fail = () => reject(new Fault("text-unreadable", "its Markdown takes too long to read"));
  const timer = setTimeout(fail, timeoutMs);
  thread.on("message", resolve);
  thread.on("error", fail);
  thread.on("exit", fail);
  return promise.finally(async () => {
    clearTimeout(timer);
    await thread.terminate();
  });
}
