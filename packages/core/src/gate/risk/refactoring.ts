/** What shows that other code does the same, if the mission asks for nothing else: the names that others use stay, tests run each changed line, and calls give what they gave. */
import type { ReplayedFunction } from "@aedev/contracts";
import type { ChangeEvidence } from "./change-evidence.ts";

type RefactoringEvidence = Pick<ChangeEvidence, "changeKinds" | "provenness" | "replay">;

/** Whether the mission asks for the same behaviour, the change keeps what other files use, and tests take every way through it that does more than to refuse. */
export function isCoveredRefactoring({ changeKinds, provenness }: RefactoringEvidence): boolean {
  const coverage = provenness?.coverage;
  if (changeKinds?.refactoring?.lost.length !== 0 || coverage == null) return false;
  return coverage.unmeasured.length + coverage.unmeasured_more + coverage.missed - coverage.missed_minor === 0;
}

/** The changed pieces of code for which calls from tests, and calls near to these, gave the same on the base; empty if one was not called so. */
export function unitsWithSameResults(evidence: RefactoringEvidence): readonly string[] {
  const { changeKinds, replay } = evidence;
  const changed = changeKinds?.refactoring?.changed ?? [];
  if (!isCoveredRefactoring(evidence) || replay === null || replay.not_replayed !== null) return [];
  const isOdd = ({ outcome, near }: ReplayedFunction) =>
    outcome === "differs" || outcome === "unsure" || near?.difference != null;
  if (replay.functions.some(isOdd)) return [];
  const compared = new Set(
    replay.functions
      .filter(({ outcome, on_base, near }) => outcome === "same" && on_base && (near?.compared ?? 0) > 0)
      .map(({ path, name }) => `${path} ${name}`),
  );
  const isCompared = ({ reached_by }: { reached_by: readonly string[] }) => reached_by.some((one) => compared.has(one));
  return changed.every(isCompared) ? changed.map(({ unit }) => unit) : [];
}
