/** Runs the tests of a tree in which some files have another text. */
import { Fault, type TestMatrix } from "@aedev/contracts";
import type { Language } from "@aedev/languages/language";
import type { RunnerContext } from "../../engine/context.ts";
import { type CheckEntries, writeBlob } from "../../tree/check-tree.ts";
import { type CheckContext, type CommandPass, runPass } from "./pass.ts";

/** Such a text may never end. It may take this many times as long as the code itself. */
const slowness = 3;
const startMs = 10_000;

/** If the tests fail on code that differs by a comment only, they run up to this often, because a test can fail by chance. */
export const controlRunsMax = 3;

export interface OtherTexts {
  /** The texts by path; a path that the tree lacks is ignored. */
  texts: ReadonlyMap<string, string>;
  plans: CheckContext["plans"];
  /** The time that the tests take on the unchanged tree. */
  longestMs: number;
}

/** `unbuildable`: preparing the tree with these texts failed. `unavailable`: something outside failed, which says nothing about the texts. */
export async function runWithTexts(
  checkContext: CheckContext,
  tree: CheckEntries,
  { texts, plans, longestMs }: OtherTexts,
  context: RunnerContext,
): Promise<CommandPass[] | "unbuildable" | "unavailable"> {
  const { outputsOf, ...shared } = checkContext;
  const entries = new Map(tree);
  for (const [path, text] of texts) {
    const entry = tree.get(path);
    if (entry !== undefined) entries.set(path, { ...entry, id: await writeBlob(checkContext.objects, text) });
  }
  try {
    const outputs = outputsOf === undefined ? shared.outputs : await outputsOf(entries);
    const timeoutMs = Math.min(shared.limits.check_timeout_ms, startMs + slowness * longestMs);
    const pass = { ...shared, plans, outputs, limits: { ...shared.limits, check_timeout_ms: timeoutMs } };
    return await runPass(pass, { entries, withSentinels: false }, context);
  } catch (error) {
    return whyNotRun(error, checkContext);
  }
}

/** Tests with different results on the same code, the base's or the change's. */
export function flakyTests({ cells }: TestMatrix): ReadonlySet<string> {
  const ran = [cells["old-tests-old-code"], cells["new-tests-new-code"]].flatMap(({ commands }) => commands);
  return new Set(
    ran.flatMap(({ tests }) => (tests ?? []).flatMap(({ id, result }) => (result === "flaky" ? [id] : []))),
  );
}

/** True if only tests that are known to be flaky failed in a run. */
export function isGreenBut({ result, report }: CommandPass, flaky: ReadonlySet<string>): boolean {
  if (result.timedOut || result.stopped !== null) return false;
  if (result.exitCode === 0) return true;
  const failed = report?.problem === null ? report.tests.filter(({ result: one }) => one === "fail") : [];
  return failed.length > 0 && failed.every(({ id }) => flaky.has(id));
}

/** Classifies the failure of a run that the checks can do without. Throws the error again if it affects more than that run. */
export function whyNotRun(error: unknown, { signal }: Pick<CheckContext, "signal">): "unbuildable" | "unavailable" {
  // Without the engine, all checks are repeated later.
  if (!(error instanceof Fault) || signal?.aborted === true || error.code === "HOLD-DOCKER-UNAVAILABLE") throw error;
  return error.code === "HOLD-PREPARE-FAILED" ? "unbuildable" : "unavailable";
}

/** Adds a comment, which changes nothing in every language whose coverage is measured. */
export function withComment(text: string, language: Language | null): string {
  return `${text}${text.endsWith("\n") ? "" : "\n"}${language?.comment ?? "//"}\n`;
}
