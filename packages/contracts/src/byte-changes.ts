/** Changes to bytes that nobody edited, as control finds them. */
import { z } from "zod";

/**
 * What happened to lines that the author did not mean to edit, worst first. `letters-destroyed`: letters that can no longer be told apart (U+FFFD, `?`,
 * two letters for one), in edited lines too. `letters-rewritten`: the same letters in another form (normalized, escaped, other quotation marks).
 */
export const byteChangeKinds = [
  "letters-destroyed",
  "encoding",
  "letters-rewritten",
  "byte-order-mark",
  "line-endings",
  "indentation",
] as const;
/** The kind of a change to bytes that nobody edited. */
export type ByteChangeKind = (typeof byteChangeKinds)[number];
export const byteChangeSchema = z.strictObject({
  path: z.string(),
  kind: z.enum(byteChangeKinds),
  lines: z.int().positive(),
  /** Letters beyond ASCII in these lines. */
  letters: z.int().nonnegative(),
  /** The encoding, line ending or byte-order mark before (`from`) and after (`to`). */
  from: z.string().max(100).exactOptional(),
  to: z.string().max(100).exactOptional(),
  /** Some of the lines, written so that the difference is visible. */
  examples: z.array(z.strictObject({ line: z.int().positive(), before: z.string(), after: z.string() })).max(3),
});
/** A byte change as a reason of the gate, with one line before and after. */
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

/** One kind of byte change in one file. */
export type ByteChange = z.infer<typeof byteChangeSchema>;
