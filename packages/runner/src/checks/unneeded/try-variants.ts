/**
 * Tries variants of changed code one after the other, after a control: the changed code with only a comment added. If tests fail on the control, a variant is
 * not the reason (perhaps a test reads its own sources), so none is tried. Runs nothing itself.
 */
import type { Unneeded, UnneededPart } from "@aedev/contracts";
import { controlRunsMax } from "../pass/run-with-texts.ts";

/** Runs of the tests, including the control's first. */
const runsMax = 24;
/** With this many parts, a person sees that the tests are loose. */
const partsMax = 3;
/** No run begins later than this. */
const timeMs = 75_000;

/** One file's text with one part left out. */
export interface VariantOf extends UnneededPart {
  text: string;
}
/** The result of the tests. `unavailable`: they could not run, which says nothing about the text. */
export type VariantRun = "passed" | "failed" | "unavailable";

export interface VariantRuns {
  /** The texts of all files with variants, by path, with a comment added. */
  control: ReadonlyMap<string, string>;
  /** Runs the tests on the changed code with the given texts, by path. */
  run: (texts: ReadonlyMap<string, string>) => Promise<VariantRun>;
  /** Time since the first run. */
  elapsedMs: () => number;
  /** The time that the tests take on the changed code. */
  longestMs: number;
}

/** `variants` must not be empty. */
export async function tryVariants(
  variants: readonly VariantOf[],
  { control, run, elapsedMs, longestMs }: VariantRuns,
): Promise<Unneeded> {
  const none = (why: Unneeded["why_untried"]): Unneeded => ({
    tried: 0,
    untried: variants.length,
    why_untried: why,
    parts: [],
  });
  // The control alone would show nothing.
  if (2 * longestMs > timeMs) return none("no-time");
  let controlled = await run(control);
  for (let again = 1; again < controlRunsMax && controlled === "failed"; again += 1) controlled = await run(control);
  if (controlled !== "passed") return none(controlled === "failed" ? "control-failed" : "unavailable");
  const parts: UnneededPart[] = [];
  let tried = 0;
  for (const { path, line, before, after, text } of variants) {
    if (tried + 1 === runsMax || parts.length === partsMax) break;
    const isLate = elapsedMs() > timeMs - longestMs;
    const ended = isLate ? null : await run(new Map([[path, text]]));
    if (ended === null || ended === "unavailable") {
      if (tried === 0) return none(ended === null ? "no-time" : "unavailable");
      break;
    }
    tried += 1;
    if (ended === "passed")
      parts.push({
        path: path.toWellFormed().slice(0, 1000),
        line,
        before: before.toWellFormed(),
        after: after.toWellFormed(),
      });
  }
  return { tried, untried: variants.length - tried, parts };
}
