/** Parts of changed code that no test needs: the tests also pass with code that leaves one out (ADR 0037). */
import { z } from "zod";
import { counted } from "./plural.ts";

const excerpt = z.string().max(100);
const partSchema = z.strictObject({
  path: z.string().max(1000),
  line: z.int().nonnegative(),
  /** What the code says, and what it said while all tests passed; empty: nothing. */
  before: excerpt,
  after: excerpt,
});
/** One part, and what the tests pass with instead. */
export type UnneededPart = z.infer<typeof partSchema>;

export const unneededSchema = z.strictObject({
  /** Variants of the changed code with which the tests ran. */
  tried: z.int().nonnegative(),
  /** Those that were left when the time was up, or when enough were found. */
  untried: z.int().nonnegative(),
  parts: z.array(partSchema).max(10),
});
/** What came out of the tests on variants of the changed code. */
export type Unneeded = z.infer<typeof unneededSchema>;

/** `lib/bass.js:12: by % 7 may as well be by` */
export function unneededPartText({ path, line, before, after }: UnneededPart, show: (text: string) => string): string {
  return `${show(path)}:${line}: ${show(before)} may as well be ${after === "" ? "left out" : show(after)}`;
}

/** The sentence that every client and the judges' prompt show. */
export function unneededText({ tried, untried, parts }: Unneeded, show: (text: string) => string): string {
  const rest = untried === 0 ? "" : ` (${untried} more not tried)`;
  if (parts.length === 0) return `the tests fail with each of ${counted(tried, "variant")} of the changed code${rest}`;
  const named = parts.map((part) => unneededPartText(part, show)).join("; ");
  return `changed code that no test needs: ${named}${rest}`;
}
