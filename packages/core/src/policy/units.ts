/** Durations and sizes as people write them in configuration (`10m`, `256KiB`): text with a unit in, whole milliseconds or bytes out. A bare number is refused, because nobody can tell its unit. */
import { z } from "zod";

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const sizeUnits: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

/** Milliseconds of a text such as `90s`; null where it is not a positive whole number with `ms`, `s`, `m`, `h` or `d`. */
export function parseDurationMs(text: string): number | null {
  return parseQuantity(text, durationUnits);
}

/** Bytes of a text such as `64KiB`; null where it is not a positive whole number with `B`, `KiB`, `MiB`, `GiB` or `TiB`. */
export function parseSizeBytes(text: string): number | null {
  return parseQuantity(text, sizeUnits);
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = /^([1-9][0-9]{0,11})([A-Za-z]{1,3})$/.exec(text);
  const factor = match?.[2] !== undefined && Object.hasOwn(units, match[2]) ? units[match[2]] : undefined;
  if (match === null || factor === undefined) return null;
  const quantity = Number(match[1]) * factor;
  return Number.isSafeInteger(quantity) ? quantity : null;
}

/** A zod schema: duration text in, milliseconds out. */
export const durationMsSchema = quantitySchema(parseDurationMs, "a duration needs its unit: 500ms, 60s, 10m, 12h, 14d");
/** A zod schema: size text in, bytes out. */
export const sizeBytesSchema = quantitySchema(parseSizeBytes, "a size needs its unit: 512B, 64KiB, 5MiB, 2GiB");

function quantitySchema(parse: (text: string) => number | null, message: string) {
  return z.string(message).transform((text, context) => {
    const quantity = parse(text);
    if (quantity === null) {
      context.addIssue({ code: "custom", message: `${JSON.stringify(text)}: ${message}` });
      return z.NEVER;
    }
    return quantity;
  });
}
