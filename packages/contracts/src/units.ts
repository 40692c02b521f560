/** Parses durations and sizes as people write them (`10m`, `256KiB`) to whole milliseconds or bytes. A number without a unit is refused. */
import { z } from "zod";
import { mutationTimeMsMax } from "./settings.ts";

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const sizeUnits: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

/** Milliseconds of a text such as `90s`; null if it is not a whole number with `ms`, `s`, `m`, `h` or `d`. */
export function parseDurationMs(text: string): number | null {
  return parseQuantity(text, durationUnits);
}

/** Bytes of a text such as `64KiB`; null if it is not a whole number with `B`, `KiB`, `MiB`, `GiB` or `TiB`. */
export function parseSizeBytes(text: string): number | null {
  return parseQuantity(text, sizeUnits);
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = /^(0|[1-9][0-9]{0,11})([A-Za-z]{1,3})$/.exec(text);
  const factor = match?.[2] !== undefined && Object.hasOwn(units, match[2]) ? units[match[2]] : undefined;
  if (match === null || factor === undefined) return null;
  const quantity = Number(match[1]) * factor;
  return Number.isSafeInteger(quantity) ? quantity : null;
}

/** A zod schema from duration text to milliseconds; zero is refused. */
export const durationMsSchema = quantitySchema(parseDurationMs, "a duration needs its unit: 500ms, 60s, 10m, 12h, 14d");
/** A zod schema from size text to bytes; zero is refused. */
export const sizeBytesSchema = quantitySchema(parseSizeBytes, "a size needs its unit: 512B, 64KiB, 5MiB, 2GiB");

/** A zod schema for the time that a change's lines may be mutated: duration text to milliseconds. */
export const mutationTimeSchema = durationMsSchema.refine((ms) => ms <= mutationTimeMsMax, "at most 60m");

function quantitySchema(parse: (text: string) => number | null, message: string) {
  return z.string(message).transform((text, context) => {
    const quantity = parse(text);
    if (quantity === null || quantity === 0) {
      context.addIssue({ code: "custom", message: `${JSON.stringify(text)}: ${message}` });
      return z.NEVER;
    }
    return quantity;
  });
}
