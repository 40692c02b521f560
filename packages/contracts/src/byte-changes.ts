/** What control finds that a change does to bytes which nobody edited. */
import { z } from "zod";

/**
 * What a change does to lines that it does not edit. `letters-destroyed`: they can't be told any more (U+FFFD, `?`, two letters for one), also in
 * edited lines. `letters-rewritten`: the same ones in another form (normalized, escaped, other quotation marks). The worst first.
 */
export const byteChangeKinds = [
  "letters-destroyed",
  "encoding",
  "letters-rewritten",
  "byte-order-mark",
  "line-endings",
  "indentation",
] as const;
/** One of these kinds. */
export type ByteChangeKind = (typeof byteChangeKinds)[number];
export const byteChangeSchema = z.strictObject({
  path: z.string(),
  kind: z.enum(byteChangeKinds),
  lines: z.int().positive(),
  /** Letters beyond ASCII in these lines. */
  letters: z.int().nonnegative(),
  /** Encodings, line endings or marks before and after. */
  from: z.string().max(100).exactOptional(),
  to: z.string().max(100).exactOptional(),
  /** Some of the lines, written so that both look different. */
  examples: z.array(z.strictObject({ line: z.int().positive(), before: z.string(), after: z.string() })).max(3),
});
/** The same as a reason of the gate, with one of the lines before and after. */
export const bytesChangedFact = z.strictObject({
  kind: z.literal("bytes-changed"),
  path: z.string(),
  change: z.enum(byteChangeKinds),
  lines: z.int().nonnegative(),
  letters: z.int().nonnegative(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  example: z.strictObject({ line: z.int(), before: z.string(), after: z.string() }).nullable(),
});

/** What happened to one file, in one of these ways. */
export type ByteChange = z.infer<typeof byteChangeSchema>;
