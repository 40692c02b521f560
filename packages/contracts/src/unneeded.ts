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

/**
 * Why no variant was tried. `unreadable`: the changed code could not be read in time; `control-failed`: the tests also fail on the changed code with only a comment added, so that
 * they would fail with any variant; `no-time`: one run of the tests takes too long; `unavailable`: something outside, such as the engine, failed.
 */
const untriedReasons = ["unreadable", "control-failed", "no-time", "unavailable"] as const;
/** Missing where variants were tried. */
export const untriedSchema = z.enum(untriedReasons).optional();
type UntriedReason = (typeof untriedReasons)[number];

export const unneededSchema = z.strictObject({
  /** Variants of the changed code with which the tests ran, without the control. */
  tried: z.int().nonnegative(),
  /** Those that were left when the time was up, or when enough were found; of unreadable code its files. */
  untried: z.int().nonnegative(),
  /** Only if none was tried; missing in a bundle of an earlier version. */
  why_untried: untriedSchema,
  parts: z.array(partSchema).max(10),
});
/** What came out of the tests on variants of the changed code. */
export type Unneeded = z.infer<typeof unneededSchema>;

/** `lib/bass.js:12: by % 7 may as well be by` */
export function unneededPartText({ path, line, before, after }: UnneededPart, show: (text: string) => string): string {
  return `${show(path)}:${line}: ${show(before)} may as well be ${after === "" ? "left out" : show(after)}`;
}

/** The sentence that every client and the judges' prompt show. */
export function unneededText(found: Unneeded, show: (text: string) => string): string {
  const { tried, untried, parts } = found;
  if (tried === 0 && untried > 0) return `no variant of the changed code was tried${whyUntried(found)}`;
  const rest = untried === 0 ? "" : ` (${untried} more not tried)`;
  if (parts.length === 0) return `the tests fail with each of ${counted(tried, "variant")} of the changed code${rest}`;
  const named = parts.map((part) => unneededPartText(part, show)).join("; ");
  return `changed code that no test needs: ${named}${rest}`;
}

/** `: the tests also fail with only a comment added`; empty if it is not known. */
export function whyUntried({ why_untried: why }: Pick<Unneeded, "why_untried">): string {
  return why === undefined ? "" : `: ${untriedTexts[why]}`;
}

const untriedTexts: Record<UntriedReason, string> = {
  unreadable: "it could not be read in time",
  "control-failed": "the tests also fail if only a comment is added to it",
  "no-time": "the tests take too long",
  unavailable: "the tests could not run again",
};
