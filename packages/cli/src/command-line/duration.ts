/** Durations and counts as a person types them on the command line. */
import { parseDurationMs } from "@aedev/contracts";
import { usageFault } from "./answer.ts";

/** Milliseconds of `250ms`, `90s`, `10m`, `2h` or `1d`. Throws a usage fault that names `option` if the unit is missing or the duration is zero. */
export function durationOption(text: string, option: string): number {
  const durationMs = parseDurationMs(text.trim());
  if (durationMs === null || durationMs === 0)
    throw usageFault(
      `${option} needs a whole number above 0 with a unit (ms, s, m, h or d), such as 90s, 10m or 2h, not "${text}"`,
      `${option} 10m`,
    );
  return durationMs;
}

/** An instant in ISO 8601, in UTC with milliseconds; without a zone it is local time. Throws a usage fault that names `option` if it is no instant or in the future. */
export function pastInstant(text: string, option: string, nowMs = Date.now()): string {
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?$/.test(text);
  const ms = isInstant ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms) || ms > nowMs)
    throw usageFault(
      `${option} needs a time in the past, such as 2026-01-31T22:00Z, not "${text}"`,
      `${option} 2026-01-31T22:00Z`,
    );
  return new Date(ms).toISOString();
}

/** A whole number of at least 0. Throws a usage fault that names `option`. */
export function parseCount(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usageFault(`${option} wants a whole number, not "${text}"`, `${option} 50`);
  return Number(text);
}
