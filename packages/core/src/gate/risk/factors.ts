/** What each risk factor finds in a change: a count and its reason. score-risk.ts turns counts into points. */
import { bounded, counted, coverageText, type PathReport, summarizeList } from "@aedev/contracts";
import { combineVerdicts } from "../../judges/combine.ts";
import type { Policy } from "../policy/policy-schema.ts";
import type { ChangeEvidence, PathGroup } from "./change-evidence.ts";
import { addsTestsOnly, doTestsNotice, inertPaths } from "./change-kind.ts";

export type FactorName = keyof Policy["risk"]["factors"];
/** `count`: lines, files, hits or, for coverage, points; null if the input is missing. */
export interface FactorFinding {
  readonly count: number | null;
  readonly why: string;
}
type ChangedFile = PathReport["files"][number];
type FindFactor = (evidence: ChangeEvidence, policy: Policy) => FactorFinding;

export const factorFindings: { readonly [F in FactorName]: FindFactor } = {
  changed_lines_per_50: (evidence) => sizeFinding(evidence, ["changed line", "changed lines"], linesOf),
  files_touched_per_3: (evidence) => sizeFinding(evidence, ["file touched", "files touched"], () => 1),
  forbidden_path_touch: ({ pathReport }) =>
    pathReport === null ? missing("path report") : hitsFinding(pathReport.forbidden.map((entry) => entry.path)),
  sensitive_path_touch: touchedPaths("sensitive_path_touch"),
  workflow_change: touchedPaths("workflow_change"),
  dependency_change: ({ dependencyChanges }) =>
    dependencyChanges === null
      ? missing("dependency changes")
      : hitsFinding(dependencyChanges.changes.map((change) => change.name)),
  test_change_without_code: (evidence) => {
    const kinds = kindsOf(evidence);
    if (kinds === null) return missing("test changes");
    if (addsTestsOnly(evidence) && doTestsNotice(evidence)) return none("each added test fails on a fault in the code");
    return kinds.tests.length > 0 && kinds.code.length === 0 ? hitsFinding(kinds.tests) : none("n/a");
  },
  code_change_without_test: (evidence) => {
    const kinds = kindsOf(evidence);
    if (kinds === null) return missing("test changes");
    return kinds.code.length > 0 && kinds.tests.length === 0 ? hitsFinding(kinds.code) : none("n/a");
  },
  low_test_coverage: lowTestCoverage,
  auth_security_files: touchedPaths("auth_security_files"),
  network_code_change: touchedPaths("network_code_change"),
  database_migration: touchedPaths("database_migration"),
  ci_failure: ciFailure,
  validator_disagreement: validatorDisagreement,
  large_deletion: ({ pathReport }, policy) => {
    if (pathReport === null) return missing("path report");
    const deleted = pathReport.files.reduce((sum, file) => sum + file.deleted_lines, 0);
    const { lines } = policy.risk.factors.large_deletion;
    return {
      count: deleted >= lines ? deleted : 0,
      why: `${counted(deleted, "line")} deleted; ${lines} or more are large`,
    };
  },
};

/**
 * Points for the ways through changed code that no test takes. Code that could have been measured and was not counts as missing. Without measurable code
 * there are no points, nor with failing tests, unless these tests can be approved because they only need the change's own control files.
 */
function lowTestCoverage({ provenness, checks }: ChangeEvidence, policy: Policy): FactorFinding {
  if (provenness === null) return missing("coverage");
  const { coverage, coverage_missing: reason } = provenness;
  const why = bounded(coverageText(provenness));
  if (coverage === null) {
    const needsControl = (checks?.needs_own_control.length ?? 0) > 0;
    const isNothing = reason === "no-code" || reason === "language" || (reason === "not-green" && !needsControl);
    return isNothing ? none(why) : missing(why, "");
  }
  if (coverage.unmeasured_more > 0 || coverage.unmeasured.some((file) => file.why !== "language"))
    return missing(why, "");
  const { weight, minor_weight } = policy.risk.factors.low_test_coverage;
  const { missed, missed_minor: minor } = coverage;
  return { count: (missed - minor) * weight + minor * minor_weight, why };
}

/** Missing checks, or checks that already failed on the base, are not a failure of this change; the gate asks about them. */
function ciFailure({ checks }: ChangeEvidence): FactorFinding {
  switch (checks?.status) {
    case undefined:
      return missing("checks");
    case "incomplete":
      return missing("checks", "incomplete");
    case "red":
      // The gate holds these tests unless the person named them; then they are not a failure of the code.
      if (checks.outdated.length > 0) return none("only old versions of changed tests fail");
      if (checks.needs_own_control.length > 0)
        return none("only new tests fail, and only with the base's control files");
      if ((checks.undone ?? []).length > 0) return none("only tests of the change that is taken back fail");
      if (checks.gone.length > 0) return none("only tests that the change removes or moves are missing");
      return { count: 1, why: "the checks fail on the change" };
    case "base-red":
      return none("the checks fail on the base too");
    case "none":
      return none("the repository has no checks");
    case "green":
    case "flaky":
    case "exit-code-only":
      return none("the checks pass");
  }
}

function validatorDisagreement({ verdicts, requestedJudges: families }: ChangeEvidence, policy: Policy): FactorFinding {
  const familiesRequired = policy.judges.families_required;
  const combined = combineVerdicts({ verdicts, families, familiesRequired });
  const unsure = combined.unsure.map(({ family, said }) => `${family} ${said}`).join(", ");
  switch (combined.outcome) {
    case "passed":
    case "unqualified":
      return none("the judges agree");
    case "failed":
      return combined.unsure.length > 0 ? missing("verdict", unsure) : none("the judges agree");
    case "disagreement":
      return { count: 1, why: `${combined.failed.join(", ")} fail, ${combined.passed.join(", ")} pass` };
    case "not_configured":
      return missing("verdict", `${combined.notConfigured.join(", ")} not configured`);
    case "inconclusive":
      if (verdicts.length === 0) return missing("no judge was asked", "");
      return missing("verdict", unsure || `${combined.passed.length} of ${familiesRequired} judges`);
  }
}

function touchedPaths(group: PathGroup): FindFactor {
  return ({ touched }) => (touched === null ? missing("path report") : hitsFinding(touched[group]));
}

/** Each changed file is a test, a file that can't change what runs, or otherwise code. */
function kindsOf(evidence: ChangeEvidence) {
  const { pathReport, testChanges, touched } = evidence;
  if (pathReport === null || testChanges === null || touched === null) return null;
  const tests = testChanges.files.map((file) => file.path);
  const inert = inertPaths(evidence);
  const onlyTests = testChanges.files.filter((file) => !file.among_code).map((file) => file.path);
  const code = pathReport.files
    .map((file) => file.path)
    .filter((path) => !onlyTests.includes(path) && !touched.documentation.includes(path) && !inert.has(path));
  return { tests, code };
}

/** Lines that differ only in their ending do not count for the size; a reason names them. */
const linesOf = (file: ChangedFile) =>
  Math.max(0, file.added_lines + file.deleted_lines - 2 * (file.ending_lines ?? 0));

/** The size of a change without documentation and added test lines: more tests must not make a change riskier. */
function sizeFinding(
  evidence: ChangeEvidence,
  [one, several]: readonly [one: string, several: string],
  sizeOf: (file: ChangedFile) => number,
): FactorFinding {
  const { pathReport, testChanges, touched } = evidence;
  if (pathReport === null) return missing("path report");
  const inert = inertPaths(evidence);
  const tests = new Set(testChanges?.files.filter((file) => !file.among_code).map((file) => file.path));
  const sizeCounted = (file: ChangedFile) => {
    if (touched?.documentation.includes(file.path) || inert.has(file.path)) return 0;
    if (!tests.has(file.path)) return sizeOf(file);
    return file.deleted_lines === 0 ? 0 : sizeOf({ ...file, added_lines: 0 });
  };
  const sum = (size: (file: ChangedFile) => number) => pathReport.files.reduce((all, file) => all + size(file), 0);
  const [count, all] = [sum(sizeCounted), sum(sizeOf)];
  const more = all > count ? `, not counting ${all - count} in documentation or added to tests` : "";
  return { count, why: `${counted(count, one, several)}${more}` };
}

function hitsFinding(names: readonly string[]): FactorFinding {
  return names.length === 0 ? none("none") : { count: names.length, why: summarizeList(names, 200) };
}

function none(why: string): FactorFinding {
  return { count: 0, why };
}

function missing(input: string, reason = "missing"): FactorFinding {
  return { count: null, why: `${input}${reason === "" ? "" : ` ${reason}`}: full points` };
}
