/**
 * Reads the visible part of Markdown texts from GitHub, in a thread with a deadline because they may be hostile and the daemon must go on.
 * Folder: what a reader sees of a Markdown text.
 */
import { Fault } from "@aedev/contracts";
import { askInThread, NoAnswer } from "@aedev/host/in-thread";
import type { VisibleText } from "./visible-text.ts";

/** Ordinary texts take milliseconds; one that takes this long was made to. */
const defaultTimeoutMs = 20_000;
const memoryMegabytes = 256;

/** One answer per text. Throws a Fault `text-unreadable` if it takes too long or needs too much memory. */
export async function readVisible(
  texts: readonly string[],
  { timeoutMs } = { timeoutMs: defaultTimeoutMs },
): Promise<VisibleText[]> {
  const program = new URL("./visible-thread.ts", import.meta.url);
  try {
    return (await askInThread(program, texts, { timeoutMs, memoryMegabytes })) as VisibleText[];
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new Fault("text-unreadable", `reading its Markdown ${error.message}`);
  }
}
