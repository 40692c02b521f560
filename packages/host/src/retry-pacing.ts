/** Tools for repeating a request: time, chance and pauses, and the pause that a `retry-after` header names. It does not decide whether to repeat. */
import { setTimeout as delay } from "node:timers/promises";

/** Time and chance, so that tests need neither. */
export interface Pacing {
  now(): number;
  /** Resolves after `ms`, or when `signal` is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

/** The machine's own time and chance. */
export const machinePacing: Pacing = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  },
};

/** The longest pause, a day: no repeated request waits longer. */
const pauseMsMax = 86_400_000;

/** The pause in milliseconds, at most a day; null if there is no header or it can't be read. `nowMs`: the time of the answer. */
export function retryAfterMs(header: string | null | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,12}$/.test(text)) return Math.min(Number(text) * 1000, pauseMsMax);
  // Only the form of RFC 9110, because `Date.parse` alone would accept almost any text.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - nowMs), pauseMsMax);
}
