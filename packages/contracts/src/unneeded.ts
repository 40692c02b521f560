/** Parts of changed code that no test needs: the tests also pass if the code lacks one (ADR 0037). */
import { z } from "zod";
import { counted } from "./figures.ts";

const excerpt = z.string().max(100);
const partSchema = z.strictObject({
  path: z.string().max(1000),
  line: z.int().nonnegative(),
  /** The excerpt of the code, and what it was replaced with while all tests passed; empty: it was removed. */
  before: excerpt,
  after: excerpt,
});
/** A part that no test needs, and the replacement that the tests pass with. */
export type UnneededPart = z.infer<typeof partSchema>;

/**
 * Why no variant was tried. `unreadable`: the changed code could not be read in time. `control-failed`: the tests also fail if only a comment is added,
 * so they would fail with any variant. `no-time`: one run of the tests takes too long. `unavailable`: something outside aedev failed, such as the
 * engine.
 */
const untriedReasons = ["unreadable", "control-failed", "no-time", "unavailable"] as const;
/** Missing if variants were tried. */
export const untriedSchema = z.enum(untriedReasons).optional();
type UntriedReason = (typeof untriedReasons)[number];

export const unneededSchema = z.strictObject({
  /** Variants of the changed code that the tests ran with, without the control. */
  tried: z.int().nonnegative(),
  /** Variants left when the time was up or enough parts were found; files, if the code was unreadable. */
  untried: z.int().nonnegative(),
  /** Present only if no variant was tried; also missing in bundles of earlier versions. */
  why_untried: untriedSchema,
  parts: z.array(partSchema).max(10),
});
/** The results of the tests on variants of the changed code. */
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

/** Such as `: the tests also fail with only a comment added`; empty if the reason is not known. */
export function whyUntried({ why_untried: why }: Pick<Unneeded, "why_untried">): string {
  return why === undefined ? "" : `: ${untriedTexts[why]}`;
}

const untriedTexts: Record<UntriedReason, string> = {
  unreadable: "it could not be read in time",
  "control-failed": "the tests also fail if only a comment is added to it",
  "no-time": "the tests take too long",
  unavailable: "the tests could not run again",
};
