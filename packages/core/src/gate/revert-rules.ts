/**
 * The rules for a change that takes a landed change back. It always asks. It is not held for tests that go back to exactly what they were before that
 * change, nor for results of tests that belong to the reverted change. The ask names both.
 */
import { bounded, type Fact, namedTests } from "@aedev/contracts";
import type { ChangeEvidence } from "./risk/change-evidence.ts";

type RevertEvidence = Pick<ChangeEvidence, "reverts" | "reverted" | "testChanges" | "checks">;

const namedMax = 20;

/** Files that go back from exactly what the landed change made of them to exactly what they were before. */
export function restoredPaths({ reverted }: Pick<ChangeEvidence, "reverted">): ReadonlySet<string> {
  return new Set(reverted?.restored ?? []);
}

/** Whether only tests of the reverted change break: every test file that the revert touches is as it was before that change, and nothing fails with these files. */
export function isOnlyUndone(evidence: RevertEvidence): boolean {
  const { checks, testChanges } = evidence;
  const undone = new Set(checks?.undone ?? []);
  if (checks === null || testChanges === null || undone.size === 0 || testChanges.files.length === 0) return false;
  const restored = restoredPaths(evidence);
  const broken = [...checks.newly_failing, ...checks.vanished, ...checks.newly_skipped];
  return testChanges.files.every(({ path }) => restored.has(path)) && broken.every((id) => undone.has(id));
}

/** Why a revert needs approval: never empty for a revert, always empty for another change. */
export function revertAsks(evidence: RevertEvidence): Fact[] {
  const { reverts, reverted, checks } = evidence;
  if (reverts === undefined) return [];
  const merged = (reverted?.merged ?? []).map(bounded);
  const { task_id, commit } = reverts;
  const repaired = checks?.fail_to_pass ?? [];
  return [
    {
      kind: "revert",
      task: task_id,
      commit,
      restored: reverted?.restored.length ?? 0,
      merged: merged.slice(0, namedMax),
      more: Math.max(0, merged.length - namedMax),
    },
    ...(isOnlyUndone(evidence) ? [{ kind: "reverted-tests" as const, ...namedTests(checks?.undone ?? []) }] : []),
    ...(repaired.length === 0 ? [] : [{ kind: "revert-repairs" as const, ...namedTests(repaired) }]),
  ];
}
