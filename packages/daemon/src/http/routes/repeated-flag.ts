/** Bodies are the verbs' flags: one that may be repeated is a list, or its only value; one with commas may be written as on the command line. */
import { z } from "zod";

const valuesMax = 64;

export function oneOrMore(item: z.ZodString) {
  return z.union([z.array(item).max(valuesMax), item.transform((value) => [value])]);
}

export function commaSeparated(item: z.ZodString) {
  return z.union([
    z.array(item).max(valuesMax),
    z.string().transform((text) => text.split(",").filter((part) => part !== "")),
  ]);
}
