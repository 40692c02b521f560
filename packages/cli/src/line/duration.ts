/** Durations as a person types them. */
import { usageFault } from "../answer.ts";

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `250ms`, `90s`, `10m`, `2h` or a plain number of seconds. Throws a usage fault naming `option`. */
export function parseDurationMs(text: string, option: string): number {
  const [, digits, unit = "s"] = /^(\d{1,9})(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const unitMs = unitsMs[unit];
  if (digits === undefined || unitMs === undefined)
    throw usageFault(`${option} wants a duration like 90s, 10m or 2h, not "${text}"`, `${option} 600s`);
  return Number(digits) * unitMs;
}

/** A whole number that is not negative. Throws a usage fault naming `option`. */
export function parseCount(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usageFault(`${option} wants a whole number, not "${text}"`, `${option} 50`);
  return Number(text);
}
