/** Runs the tests of a tree with other texts of some of its files. */
import { Fault, type TestMatrix } from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import { type CheckEntries, writeBlob } from "../../tree/check-tree.ts";
import { type CheckContext, type CommandPass, runPass } from "./pass.ts";

/** Such a text may make the code run for ever; so much longer than the code itself it may take. */
const slowness = 3;
const startMs = 10_000;

/** Runs of the tests on code that differs by a comment only, before they count as failing: a test can fail by chance. */
export const controlRunsMax = 3;

export interface OtherTexts {
  /** By path; a path that the tree does not have is left out. */
  texts: ReadonlyMap<string, string>;
  plans: CheckContext["plans"];
  /** How long the tests take on the tree as it is. */
  longestMs: number;
}

/** `unbuildable`: preparing the tree failed with these texts; `unavailable`: something outside failed, which says nothing of them. */
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

/** Tests that give different results on the same code, on the base or on the change's. */
export function flakyTests({ cells }: TestMatrix): ReadonlySet<string> {
  const ran = [cells["old-tests-old-code"], cells["new-tests-new-code"]].flatMap(({ commands }) => commands);
  return new Set(
    ran.flatMap(({ tests }) => (tests ?? []).flatMap(({ id, result }) => (result === "flaky" ? [id] : []))),
  );
}

/** Whether nothing failed in a run but tests that are known to be flaky. */
export function isGreenBut({ result, report }: CommandPass, flaky: ReadonlySet<string>): boolean {
  if (result.timedOut || result.stopped !== null) return false;
  if (result.exitCode === 0) return true;
  const failed = report?.problem === null ? report.tests.filter(({ result: one }) => one === "fail") : [];
  return failed.length > 0 && failed.every(({ id }) => flaky.has(id));
}

/** What a failure says of a tree whose run is not needed to check the change; throws it again if it is about more than that tree. */
export function whyNotRun(error: unknown, { signal }: Pick<CheckContext, "signal">): "unbuildable" | "unavailable" {
  // Without the engine all checks are made again.
  if (!(error instanceof Fault) || signal?.aborted === true || error.code === "HOLD-DOCKER-UNAVAILABLE") throw error;
  return error.code === "HOLD-PREPARE-FAILED" ? "unbuildable" : "unavailable";
}

/** A comment means the same in every language whose code can be measured. */
export function withComment(text: string, isPython: boolean): string {
  return `${text}${text.endsWith("\n") ? "" : "\n"}${isPython ? "#" : "//"}\n`;
}
