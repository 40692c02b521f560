/**
 * Makes the evidence of skipped tests: how many there were, and which changed code only they check.
 *
 * Folder: the skipped tests of a change.
 */
import { fileURLToPath } from "node:url";
import { type SkippedTests, skippedTestsSchema } from "@aedev/contracts/skipped-tests";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { missedIn } from "../coverage/coverage.ts";
import { testMatrix } from "../matrix/matrix.ts";
import { proof, type TestedChange } from "../proof/proof.ts";
import { repeatedTests } from "../replay/repeated-tests.ts";
import { childBounds, sourceFile, sourceTextsOf } from "../watch/source-texts.ts";

/**
 * Counts the tests that were skipped in the run of the change's tests on its code, and finds changed code that only they check. Null if nothing was skipped. If
 * the files can't be read within bounds, the tests are only counted.
 */
export const skippedTests = proof({
  name: "skipped tests",
  needs: { tested: testMatrix, repeated: repeatedTests },
  prove: (_change, { tested, repeated }) => findSkipped(tested, (path) => missedIn(path, repeated.covered)),
});

/** `isMissed`: whether no test runs some code of a changed file; null if that was not measured. */
async function findSkipped(
  { checkContext, base, candidate, matrix, isTestCode }: TestedChange,
  isMissed: (path: string) => boolean | null,
): Promise<SkippedTests | null> {
  const { commands } = matrix.cells["new-tests-new-code"];
  const all = commands.flatMap(({ tests }) => tests ?? []);
  const idsWhere = (isSkipped: boolean) =>
    all.flatMap(({ id, result }) => ((result === "skip") === isSkipped ? [id] : []));
  const skipped = idsWhere(true);
  if (skipped.length === 0) return null;
  const sources = [...candidate.keys()].filter((path) => sourceFile.test(path));
  const changed = sources
    .filter((path) => base.get(path)?.id !== candidate.get(path)?.id && !checkContext.isTest(path) && !isTestCode(path))
    .map((path) => ({ path, isMissed: isMissed(path) }));
  const texts = await sourceTextsOf(sources, { ...checkContext, entries: candidate });
  const counted = { tests: skipped.length, code: [] };
  if (texts === null) return counted;
  const request = {
    ...{ paths: [...candidate.keys()], texts: [...texts], skipped, ran: idsWhere(false), changed },
    tests: checkContext.testGlobs,
  };
  const script = fileURLToPath(new URL("./skipped-child.ts", import.meta.url));
  const { stdout, end } = await runBoundedChild(script, request, childBounds);
  return (end === "done" ? skippedTestsSchema.safeParse(parseJson(stdout)).data : undefined) ?? counted;
}
