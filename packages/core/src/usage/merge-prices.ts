/** Reads the price list: the shipped file, overlaid by the operator's. Both are strict. */

import { type ModelPrice, microDollarsOf } from "@aedev/contracts";
import { z } from "zod";
import { overlayDocuments } from "../gate/policy/overlay-documents.ts";
import { type PolicyProblem, problemsOf } from "../gate/policy/problem.ts";
import type { PriceList } from "./price-list.ts";

/** A decimal text, because numbers in YAML are binary fractions. */
const dollarsSchema = z.string().transform((text, context) => {
  const micro = microDollarsOf(text);
  if (micro !== null) return micro;
  context.addIssue({ code: "custom", message: 'must be dollars as text, such as "0.30", with at most six decimals' });
  return z.NEVER;
});
const entrySchema = z
  .strictObject({
    input: dollarsSchema,
    output: dollarsSchema,
    cache_read: dollarsSchema.optional(),
    cache_write: dollarsSchema.optional(),
    cache_write_hour: dollarsSchema.optional(),
    source: z.url({ protocol: /^https?$/ }),
    /** The day on which the price was read there. */
    date: z.iso.date(),
  })
  .transform(({ source, date, cache_read, cache_write, cache_write_hour, ...both }) => {
    const price: ModelPrice = {
      ...both,
      ...(cache_read === undefined ? {} : { cache_read }),
      ...(cache_write === undefined ? {} : { cache_write }),
      ...(cache_write_hour === undefined ? {} : { cache_write_hour }),
    };
    return { price, source, date };
  });
const listSchema = z.strictObject({ models: z.record(z.string().min(1).max(100), entrySchema) });

export type MergedPrices =
  | { readonly kind: "prices"; readonly prices: PriceList }
  | { readonly kind: "problems"; readonly layer: "shipped" | "operator"; readonly problems: readonly PolicyProblem[] };

/** Takes parsed YAML documents; an absent or empty overlay is null. A model in the overlay replaces the shipped entry. */
export function mergePrices(shipped: unknown, operator: unknown): MergedPrices {
  const base = listSchema.safeParse(shipped);
  if (!base.success) return { kind: "problems", layer: "shipped", problems: problemsOf(base.error) };
  const all = listSchema.safeParse(overlayDocuments(shipped, operator ?? undefined));
  if (!all.success) return { kind: "problems", layer: "operator", problems: problemsOf(all.error) };
  return { kind: "prices", prices: all.data.models };
}
