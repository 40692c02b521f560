/** Durations and counts as a person types them at the command line. */
import { parseDurationMs } from "@aedev/contracts";
import { usageFault } from "./answer.ts";

/** Milliseconds of `250ms`, `90s`, `10m`, `2h` or `1d`. Throws a usage fault naming `option` if there is no unit or nothing of it. */
export function durationOption(text: string, option: string): number {
  const durationMs = parseDurationMs(text.trim());
  if (durationMs === null || durationMs === 0)
    throw usageFault(
      `${option} needs a whole number above 0 with a unit (ms, s, m, h or d), such as 90s, 10m or 2h, not "${text}"`,
      `${option} 10m`,
    );
  return durationMs;
}

/** A whole number that is not negative. Throws a usage fault naming `option`. */
export function parseCount(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usageFault(`${option} wants a whole number, not "${text}"`, `${option} 50`);
  return Number(text);
}
