/** What each of the eighteen factors finds in a change: how much, and why in words. Points are made of it elsewhere. */
import { combineVerdicts } from "../judge/combine.ts";
import type { Policy } from "../policy/policy-schema.ts";
import { summarizeList } from "../policy/summarize-list.ts";
import type { PathReport } from "../wire/index.ts";
import type { ChangeEvidence, PathGroup } from "./change-evidence.ts";

export type FactorName = keyof Policy["risk"]["factors"];
/** `count` is lines, files or hits; null says that the input is missing. */
export interface Finding {
  readonly count: number | null;
  readonly why: string;
}
type FindFactor = (evidence: ChangeEvidence, policy: Policy) => Finding;

export const factorFindings: { readonly [F in FactorName]: FindFactor } = {
  changed_lines_per_50: ({ pathReport }) => counted(pathReport, changedLines, "changed lines"),
  files_touched_per_3: ({ pathReport }) => counted(pathReport, (report) => report.files.length, "files touched"),
  forbidden_path_touch: ({ pathReport }) =>
    pathReport === null ? missing("path report") : hits(pathReport.forbidden.map((entry) => entry.path)),
  sensitive_path_touch: touches("sensitive_path_touch"),
  workflow_change: touches("workflow_change"),
  dependency_change: ({ dependencyChanges }) =>
    dependencyChanges === null
      ? missing("dependency changes")
      : hits(dependencyChanges.changes.map((change) => change.name)),
  test_change_without_code: (evidence) => {
    const kinds = kindsOf(evidence);
    if (kinds === null) return missing("test changes");
    return kinds.tests.length > 0 && kinds.code.length === 0 ? hits(kinds.tests) : none("code changed, or no test did");
  },
  code_change_without_test: (evidence) => {
    const kinds = kindsOf(evidence);
    if (kinds === null) return missing("test changes");
    return kinds.code.length > 0 && kinds.tests.length === 0
      ? hits(kinds.code)
      : none("a test changed, or no code did");
  },
  auth_security_files: touches("auth_security_files"),
  network_code_change: touches("network_code_change"),
  database_migration: touches("database_migration"),
  orchestrator_core_change: touches("orchestrator_core_change"),
  runner_sandbox_change: touches("runner_sandbox_change"),
  validator_change: touches("validator_change"),
  ci_failure: ciFailure,
  validator_disagreement: validatorDisagreement,
  large_deletion: ({ pathReport }, policy) => {
    if (pathReport === null) return missing("path report");
    const deleted = pathReport.files.reduce((sum, file) => sum + file.deleted_lines, 0);
    const { lines } = policy.risk.factors.large_deletion;
    return { count: deleted >= lines ? deleted : 0, why: `${deleted} lines deleted, large from ${lines}` };
  },
  low_test_coverage: () => missing("coverage", "not measured"),
};

/** Checks that don't exist or that were red before the change are no failure of this change; the gate asks about them. */
function ciFailure({ checks }: ChangeEvidence): Finding {
  switch (checks?.status) {
    case undefined:
      return missing("checks");
    case "incomplete":
      return missing("checks", "incomplete");
    case "red":
      // The gate holds these unless the person named them: they are no failure of the code then.
      if (checks.outdated.length > 0) return none("only the old form of changed tests is red");
      if (checks.gone.length > 0) return none("only tests that the change takes away or moves are missing");
      return { count: 1, why: "the checks are red on the change" };
    case "base-red":
      return none("the base was red before the change");
    case "none":
      return none("the repository has no checks");
    case "green":
    case "flaky":
    case "exit-code-only":
      return none("the checks pass");
  }
}

function validatorDisagreement({ verdicts, askedFamilies: families }: ChangeEvidence, policy: Policy): Finding {
  const familiesRequired = policy.judges.families_required;
  const combined = combineVerdicts({ verdicts, families, familiesRequired });
  switch (combined.outcome) {
    case "passed":
    case "unqualified":
      return none("the judges agree");
    case "failed":
      return combined.unsure.length > 0 ? missing("verdict", combined.unsure.join(", ")) : none("the judges agree");
    case "disagreement":
      return { count: 1, why: `${combined.failed.join(", ")} fail, ${combined.passed.join(", ")} pass` };
    case "not_configured":
      return missing("verdict", `${combined.notConfigured.join(", ")} not configured`);
    case "inconclusive":
      return missing("verdict", combined.unsure.join(", "));
  }
}

function touches(group: PathGroup): FindFactor {
  return ({ touched }) => (touched === null ? missing("path report") : hits(touched[group]));
}

/** A changed file is a test, documentation, or code: what nobody knows is code. */
function kindsOf({ pathReport, testChanges, touched }: ChangeEvidence) {
  if (pathReport === null || testChanges === null || touched === null) return null;
  const tests = testChanges.files.map((file) => file.path);
  const onlyTests = testChanges.files.filter((file) => !file.among_code).map((file) => file.path);
  const code = pathReport.files
    .map((file) => file.path)
    .filter((path) => !onlyTests.includes(path) && !touched.documentation.includes(path));
  return { tests, code };
}

function changedLines(report: PathReport): number {
  return report.files.reduce((sum, file) => sum + file.added_lines + file.deleted_lines, 0);
}

function counted(report: PathReport | null, count: (report: PathReport) => number, unit: string): Finding {
  return report === null ? missing("path report") : { count: count(report), why: `${count(report)} ${unit}` };
}

function hits(names: readonly string[]): Finding {
  return names.length === 0 ? none("none") : { count: names.length, why: summarizeList(names, 200) };
}

function none(why: string): Finding {
  return { count: 0, why };
}

function missing(input: string, how = "missing"): Finding {
  return { count: null, why: `${input} ${how}, counts in full` };
}
