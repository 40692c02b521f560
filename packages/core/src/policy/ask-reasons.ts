/** Why a change never merges by itself, whatever its score: the lists of THREATS T7, T9, T17 and T19, and proof that is thinner than green tests and enough judges. */
import { combineVerdicts } from "../judge/combine.ts";
import type { GateInput } from "./hard-gates.ts";
import { weakenedTests } from "./test-rules.ts";

/** One sentence per reason, empty where nothing stands in the way. */
export function askReasons(input: GateInput): string[] {
  return [
    ...(input.pathReport?.never_by_itself ?? []).map((entry) => `never by itself: ${entry.path} (${entry.rule})`),
    ...dependencyReasons(input),
    ...checksReasons(input),
    ...testReasons(input),
    ...judgeReasons(input),
  ];
}

function dependencyReasons({ dependencyChanges }: GateInput): string[] {
  return (dependencyChanges?.changes ?? []).flatMap((change) =>
    change.suspicious === null ? [] : [`dependency ${change.name} in ${change.file}: ${change.suspicious}`],
  );
}

/** Only green merges by itself. */
function checksReasons({ checks }: GateInput): string[] {
  switch (checks?.status) {
    case "green":
      return [];
    case "none":
      return ["checks: none: the repository has no verify command"];
    case "base-red":
      return ["the base's own checks are red"];
    case "flaky":
      return ["tests that were steady on the base give other results from run to run"];
    case "exit-code-only":
      return ["the checks give only an exit code, no result per test"];
    case undefined:
    case "red":
    case "incomplete":
      return [`checks: ${checks?.status ?? "missing"}`];
  }
}

function testReasons({ testChanges, pathReport, specification }: GateInput): string[] {
  if (testChanges === null || pathReport === null) return [];
  return weakenedTests(testChanges, pathReport, specification).map(
    (test) => `lost assertions, as the specification names it: ${test.path} (${test.before} to ${test.after})`,
  );
}

function judgeReasons({ verdicts, askedFamilies: families, policy }: GateInput): string[] {
  const familiesRequired = policy.judges.families_required;
  const { outcome, passed } = combineVerdicts({ verdicts, families, familiesRequired });
  return outcome === "passed" ? [] : [`${passed.length} of ${familiesRequired} judges`];
}
