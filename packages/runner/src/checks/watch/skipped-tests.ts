/** Makes the evidence of skipped tests: how many there were, and which changed code only they check. */
import { fileURLToPath } from "node:url";
import type { Cell } from "@aedev/contracts";
import { type SkippedTests, skippedTestsSchema } from "@aedev/contracts/skipped-tests";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import type { CheckEntries } from "../../tree/check-tree.ts";
import { childBounds, sourceFile, sourceTextsOf } from "./source-texts.ts";
import type { WatchedBase } from "./watched-paths.ts";

/**
 * Tests that were skipped with the change's own tests on its code, and changed code that only they check. `isMissed`: whether a changed file has code that no test ran; null if
 * that was not measured. Null if nothing was skipped; only counted if the files can't be read within bounds.
 */
export async function skippedTests(
  { commands }: Pick<Cell, "commands">,
  {
    base,
    candidate,
    isTestCode,
    isMissed,
    ...shared
  }: Omit<WatchedBase, "entries" | "outputs"> & {
    base: CheckEntries;
    candidate: CheckEntries;
    isTestCode: (path: string) => boolean;
    isMissed: (path: string) => boolean | null;
  },
): Promise<SkippedTests | null> {
  const all = commands.flatMap(({ tests }) => tests ?? []);
  const idsWhere = (isSkipped: boolean) =>
    all.flatMap(({ id, result }) => ((result === "skip") === isSkipped ? [id] : []));
  const skipped = idsWhere(true);
  if (skipped.length === 0) return null;
  const sources = [...candidate.keys()].filter((path) => sourceFile.test(path));
  const changed = sources
    .filter((path) => base.get(path)?.id !== candidate.get(path)?.id && !shared.isTest(path) && !isTestCode(path))
    .map((path) => ({ path, isMissed: isMissed(path) }));
  const texts = await sourceTextsOf(sources, { ...shared, entries: candidate });
  const counted = { tests: skipped.length, code: [] };
  if (texts === null) return counted;
  const request = {
    ...{ paths: [...candidate.keys()], texts: [...texts], skipped, ran: idsWhere(false), changed },
    tests: shared.testGlobs,
  };
  const script = fileURLToPath(new URL("./skipped-child.ts", import.meta.url));
  const { stdout, end } = await runBoundedChild(script, request, childBounds);
  return (end === "done" ? skippedTestsSchema.safeParse(parseJson(stdout)).data : undefined) ?? counted;
}
