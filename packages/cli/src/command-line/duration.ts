/** Durations and counts as a person types them at the command line. */
import { parseDurationMs } from "@aedev/contracts";
import { usageFault } from "./answer.ts";

/** Milliseconds of `250ms`, `90s`, `10m`, `2h`, `1d` or a plain number of seconds. Throws a usage fault naming `option`. */
export function durationOption(text: string, option: string): number {
  const typed = text.trim();
  const durationMs = parseDurationMs(/^\d+$/.test(typed) ? `${typed}s` : typed);
  if (durationMs === null)
    throw usageFault(`${option} wants a duration like 90s, 10m or 2h, not "${text}"`, `${option} 600s`);
  return durationMs;
}

/** A whole number that is not negative. Throws a usage fault naming `option`. */
export function parseCount(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usageFault(`${option} wants a whole number, not "${text}"`, `${option} 50`);
  return Number(text);
}
