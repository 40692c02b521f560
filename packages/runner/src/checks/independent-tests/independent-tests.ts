/**
 * Runs another run's new test files beside the base's tests on the changed code. That run wrote code and tests from the same specification without seeing the
 * change (ADR 0044). Contract: only its test files get into the changed tree; it never fails the checks, and reports which tests could not run.
 *
 * Folder: another run's tests on the changed code.
 */
import { isUtf8 } from "node:buffer";
import type { IndependentTests } from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import { withPathsOf } from "../../tree/cells.ts";
import { type CheckEntries, readBlob } from "../../tree/check-tree.ts";
import { testMatrix } from "../matrix/matrix.ts";
import { plainResults } from "../matrix/run-cell.ts";
import type { CheckContext } from "../pass/pass.ts";
import { runWithTexts, whyNotRun } from "../pass/run-with-texts.ts";
import { type CheckedChange, proof, type TestedChange } from "../proof/proof.ts";
import {
  baseTestsOf,
  type IndependentTree,
  type IndependentTreeRun,
  independentFiles,
  judgeIndependent,
  reportedResults,
} from "./judge-independent.ts";

const sourceBytesMax = 65_536;

const progressTexts: Readonly<Record<IndependentTree, string>> = {
  changed: "independent tests",
  own: "independent tests on the code that was written with them",
  base: "independent tests on the code before it",
};

/** Null if no other run wrote tests. `found.files`: the test files that were meant to run. */
export const independentTests = proof({
  name: "independent tests",
  needs: { tested: testMatrix },
  async prove(change, { tested }, context) {
    const { independent } = change.work;
    if (independent === undefined) return null;
    return runIndependentTests({ ...tested, ...change, readSides: () => change.readSides(independent) }, context);
  },
  evidence: (result) => ({
    "independent-tests": result?.found ?? null,
    "independent-sources": result?.sources ?? null,
  }),
});

/** `readSides`: reads the trees of the other run's change. */
async function runIndependentTests(
  {
    checkContext,
    matrix,
    oldTests,
    isControl,
    readSides,
  }: TestedChange & Pick<CheckedChange, "isControl"> & { readSides: () => ReturnType<CheckedChange["readSides"]> },
  context: RunnerContext,
): Promise<{ found: IndependentTests; sources: string | null }> {
  const none = (why: NonNullable<IndependentTests["why_none"]>) => ({
    found: { files: [], passed: 0, failed: [], uncounted: 0, why_none: why },
    sources: null,
  });
  const { plans: all, limits, isTest } = checkContext;
  const plans = all.filter(({ runner }) => runner !== null);
  if (plans.length === 0) return none("no-results");
  if (oldTests === null) return none("unavailable");
  const sides = await readSides().catch((error: unknown) => whyNotRun(error, checkContext));
  if (typeof sides === "string") return none("unavailable");
  const { base } = sides;
  const own = withPathsOf(sides.candidate, base, isControl);
  const files = independentFiles({ own, base, changed: oldTests, isTest, isControl });
  if (files.size === 0) return none("no-files");
  const trees: Record<IndependentTree, CheckEntries> = {
    changed: new Map([...oldTests, ...files]),
    own,
    base: new Map([...base, ...files]),
  };
  const [onBase, onChanged] = [matrix.cells["old-tests-old-code"], matrix.cells["old-tests-new-code"]];
  const baseTests = all.flatMap(({ runner }, index) =>
    runner === null ? [] : [baseTestsOf(onBase.commands[index], onChanged.commands[index])],
  );
  const run = async (tree: IndependentTree): Promise<IndependentTreeRun> => {
    checkContext.progress(`checks: ${progressTexts[tree]}`);
    // The tree already has the files, and these tests may take as long as any others.
    const asItIs = { texts: new Map<string, string>(), plans, longestMs: limits.check_timeout_ms };
    const passes = await runWithTexts(checkContext, trees[tree], asItIs, context);
    if (typeof passes === "string") return passes;
    const kind = { newCode: tree !== "base", mayBreak: tree === "base" };
    const commands = plainResults({ ...checkContext, plans }, kind, passes);
    return commands.map((command, index) => reportedResults(command, passes[index]?.result.stopped ?? null));
  };
  const judged = await judgeIndependent(baseTests, run);
  const found = { files: [...files.keys()], ...judged };
  return {
    found,
    sources: judged.failed.length === 0 ? null : await readSources(checkContext, { files, failed: judged.failed }),
  };
}

/** The text of whole files, each after a line with its path, up to the limit; files of failed tests come first. */
async function readSources(
  { objects }: Pick<CheckContext, "objects">,
  { files, failed }: { files: CheckEntries; failed: readonly string[] },
): Promise<string> {
  let text = "";
  let left = sourceBytesMax;
  const hasFailed = (path: string) => failed.some((id) => id.startsWith(path));
  const ordered = [...files].toSorted(([one], [other]) => Number(hasFailed(other)) - Number(hasFailed(one)));
  for (const [path, { id }] of ordered) {
    const bytes = await readBlob(objects, id);
    if (bytes.length > left || !isUtf8(bytes)) continue;
    left -= bytes.length;
    text += `-- ${JSON.stringify(path)} --\n${bytes.toString("utf8")}\n`;
  }
  return text;
}
