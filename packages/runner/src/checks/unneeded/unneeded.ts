/**
 * Runs the change's tests on variants of its code that each leave one thing out (ADR 0037). If the tests still pass, they don't need it. Contract: it never
 * fails the checks; what could not be tried is only counted.
 *
 * Folder: the tests run on code that leaves one thing out.
 */
import { fileURLToPath } from "node:url";
import type { Unneeded } from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { roundingOf } from "@aedev/languages/shared/roundings";
import type { Variant } from "@aedev/languages/shared/variants";
import { z } from "zod";
import type { RunnerContext } from "../../engine/context.ts";
import { type ChangedCode, changedCode } from "../coverage/changed-code.ts";
import { runsLanguage } from "../coverage/coverage.ts";
import { testMatrix } from "../matrix/matrix.ts";
import { flakyTests, isGreenBut, type OtherTexts, runWithTexts, withComment } from "../pass/run-with-texts.ts";
import { proof, type TestedChange } from "../proof/proof.ts";
import { repeatedTests } from "../replay/repeated-tests.ts";
import { tryVariants, type VariantOf, type VariantRun } from "./try-variants.ts";

const filesMax = 20;
const fileBytesMax = 256 * 1024;
const childBounds = { timeoutMs: 20_000, memoryMegabytes: 512, answerBytesMax: 64 * 1024 * 1024 };

/** True for a line with a way that no test takes. Coverage reports it already, so no variant is needed. */
type IsMissed = (path: string, line: number) => boolean;

const variantsSchema = z.array(
  z.strictObject({ line: z.int(), lastLine: z.int(), before: z.string(), after: z.string(), text: z.string() }),
);

/** Null if nothing can be run. */
export const unneededCode = proof({
  name: "unneeded code",
  needs: { tested: testMatrix, repeated: repeatedTests },
  prove(_change, { tested, repeated: { covered } }, context) {
    const ways = typeof covered === "string" ? [] : covered.ways.filter((way) => !way.is_minor);
    return findUnneeded(tested, (path, line) => ways.some((way) => way.path === path && way.line === line), context);
  },
});

async function findUnneeded(
  request: TestedChange,
  isMissed: IsMissed,
  context: RunnerContext,
): Promise<Unneeded | null> {
  const { checkContext, matrix } = request;
  const cell = matrix.cells["new-tests-new-code"];
  const isGreen =
    cell.ran && cell.commands.every(({ exit_code, incomplete }) => exit_code === 0 && incomplete === null);
  if (!isGreen) return null;
  const files = (await changedCode(checkContext, request)).filter(
    ({ language, bytes }) => language !== null && bytes <= fileBytesMax,
  );
  const plans = checkContext.plans.filter(({ runner }) => files.some(({ language }) => runsLanguage(runner, language)));
  const variants = plans.length === 0 ? [] : await variantsIn(files.slice(0, filesMax), isMissed);
  // Unreadable code is not code that the tests need, so it counts as untried.
  if (variants === null) return { tried: 0, untried: files.length, why_untried: "unreadable", parts: [] };
  if (variants.length === 0) return null;
  checkContext.progress("checks: running the tests on variants of the changed code");
  const began = performance.now();
  const longestMs = Math.max(0, ...cell.commands.map(({ duration_ms: ms }) => ms));
  const own = files.filter(({ path }) => variants.some((variant) => variant.path === path));
  return tryVariants(variants, {
    control: new Map(own.map(({ path, text, language }) => [path, withComment(text, language)])),
    run: (texts) => runOn(request, { texts, plans, longestMs }, context),
    elapsedMs: () => performance.now() - began,
    longestMs,
  });
}

/** Runs the tests with other texts of some files. */
async function runOn(
  { checkContext, candidate, matrix }: TestedChange,
  given: OtherTexts,
  context: RunnerContext,
): Promise<VariantRun> {
  const passes = await runWithTexts(checkContext, candidate, given, context);
  // A variant that can't be built counts as failed. Any other fault says nothing about the change.
  if (typeof passes === "string") return passes === "unbuildable" ? "failed" : "unavailable";
  const flaky = flakyTests(matrix);
  return passes.every((pass) => isGreenBut(pass, flaky)) ? "passed" : "failed";
}

/** Takes one variant of each file in turn; null if the child process did not answer for each file. */
async function variantsIn(files: readonly ChangedCode[], isMissed: IsMissed): Promise<VariantOf[] | null> {
  const script = fileURLToPath(new URL("./variants-child.ts", import.meta.url));
  const asked = files.map(({ path, text, lines }) => ({ path, text, lines }));
  const { stdout, end } = await runBoundedChild(script, asked, childBounds);
  if (end !== "done") return null;
  const answers = stdout.split("\n");
  const found = files.map((file, index) => {
    const variants = variantsSchema.safeParse(parseJson(answers[index] ?? "")).data ?? [];
    const isRoundedOnBase = roundedOnBase(file);
    return variants
      .filter((variant) => !isMissed(file.path, variant.line) && !isWithinMoved(variant, file))
      .filter((variant) => !isRoundedOnBase(variant))
      .map((variant) => ({ path: file.path, ...variant }));
  });
  const longest = Math.max(0, ...found.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => found.flatMap((list) => list.slice(index, index + 1))).flat();
}

/** True if the variant leaves out a rounding call that the change only moved: the lines it removes from the file have as many such calls as those it adds. */
export function roundedOnBase({
  removed,
  added,
}: Pick<ChangedCode, "removed" | "added">): (variant: Pick<Variant, "before" | "after">) => boolean {
  const counts = { removed: roundingCounts(removed), added: roundingCounts(added) };
  return ({ before, after }) => {
    const name = roundingOf(before);
    // Both texts are cut to the same length.
    if (name === null || !after.startsWith(before.slice(name.length))) return false;
    const removedCount = counts.removed.get(name) ?? 0;
    return removedCount > 0 && removedCount >= (counts.added.get(name) ?? 0);
  };
}

/** Counts calls of each rounding function, ignoring comments and parts of longer names. */
function roundingCounts(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    if (/^\s*(?:\/\/|\/?\*|#)/u.test(line)) continue;
    for (const [, name = ""] of line.matchAll(/(?<![\w.])([A-Za-z]\w*(?:\.\w+)?)(?=\s*\()/gu))
      if (roundingOf(name) === name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** True for a part of a line that only moved, which the change did not add. */
export function isWithinMoved(
  { line, lastLine }: Pick<Variant, "line" | "lastLine">,
  { isMoved }: Pick<ChangedCode, "isMoved">,
): boolean {
  return line === lastLine && isMoved(line);
}
