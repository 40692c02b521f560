/**
 * The signals of harm: what the evidence says for and against a change, each with a count and its reason. estimate-harm.ts turns counts into
 * log-odds with the policy's weights.
 */
import {
  bounded,
  counted,
  coverageText,
  type Fact,
  type HarmSignal,
  historyText,
  reasonText,
  summarizeList,
} from "@aedev/contracts";
import { combineVerdicts } from "../../judges/combine.ts";
import { cautiousShift } from "../../prior/prior.ts";
import type { Policy } from "../policy/policy-schema.ts";
import type { ChangeEvidence, PathGroup } from "./change-evidence.ts";
import {
  doChangedTestsNotice,
  harmfulFiles,
  isInert,
  needsOtherRun,
  pathsWithoutBehaviour,
  updatesDependenciesOnly,
} from "./change-kind.ts";
import { dependencyProblems } from "./dependency-updates.ts";
import { isCoveredRefactoring, unitsWithSameResults } from "./refactoring.ts";

/** `count`: lines, files, ways or hits; null if the input is missing. */
export interface SignalFinding {
  readonly count: number | null;
  readonly why: string;
}
type FindSignal = (evidence: ChangeEvidence, policy: Policy) => SignalFinding;

/** Facts that count in the sum, under the name of their weight. Every other fact asks, whatever the sum is. */
const factSignals = {
  "nothing-proven": "nothing_proven",
  "unneeded-code": "unneeded_code",
  "independent-tests": "independent_tests_fail",
  "implementations-differ": "implementations_differ",
  "independent-tests-missing": "independent_tests_missing",
  "replay-unsure": "replay_unsure",
  "new-tests-green-on-base": "new_tests_green_on_base",
  "new-tests-skipped": "new_tests_skipped",
  "only-skipped-tests": "only_skipped_tests",
  "tests-notice-nothing": "tests_notice_nothing",
  "moved-tests": "moved_tests",
  "lost-assertions": "lost_assertions",
  "test-finding": "test_finding",
  "test-settings": "test_settings",
  "shared-by-tests": "shared_by_tests",
  "test-support": "test_support",
  unwatched: "unwatched",
  "document-used": "document_used",
  "judge-flip": "judge_flip",
} as const satisfies Partial<Record<Fact["kind"], HarmSignal>>;
type FactSignal = (typeof factSignals)[keyof typeof factSignals] | "changed_tests" | "edited_tests";

/** The name of the weight with which a fact counts; undefined: the fact asks, whatever the sum is. */
export function signalOf(fact: Fact): FactSignal | undefined {
  if (fact.kind === "changed-tests") return fact.old_form === "green" ? "edited_tests" : "changed_tests";
  const { kind } = fact;
  return kind in factSignals ? factSignals[kind as keyof typeof factSignals] : undefined;
}

/** Every signal that was found in the evidence or in the facts about it, or whose input is missing. */
export function findSignals(
  evidence: ChangeEvidence,
  facts: readonly Fact[],
  policy: Policy,
): Map<HarmSignal, SignalFinding> {
  const found = Object.entries(findings).map(([name, find]): [HarmSignal, SignalFinding] => [
    name as HarmSignal,
    find(evidence, policy),
  ]);
  const named = Map.groupBy(facts, signalOf);
  const told = [...named].flatMap(([name, all]): [HarmSignal, SignalFinding][] =>
    name === undefined ? [] : [[name, findingOf(all)]],
  );
  return new Map([...found, ...told].filter(([, { count }]) => count !== 0));
}

function findingOf(facts: readonly Fact[]): SignalFinding {
  const [first, ...others] = facts.map((fact) => reasonText(fact));
  const more =
    others.length === 0 ? "" : ` (and ${counted(others.length, "more file or finding", "more files or findings")})`;
  return { count: facts.reduce((sum, fact) => sum + sizeOfFact(fact), 0), why: `${first ?? ""}${more}` };
}

function sizeOfFact(fact: Fact): number {
  if (fact.kind === "unneeded-code") return Math.max(1, fact.parts.length + fact.more);
  if (fact.kind === "implementations-differ") return fact.calls.length + fact.more;
  return fact.kind === "independent-tests" ? fact.tests.length + fact.more : 1;
}

const findings: { readonly [S in Exclude<HarmSignal, FactSignal>]: FindSignal } = {
  same_behaviour: (evidence) => yes(isInert(evidence), "the code does what it did"),
  same_results: (evidence) => {
    const { length } = unitsWithSameResults(evidence);
    return {
      count: length,
      why: `${counted(length, "changed function")} or value gave the same results as on the base`,
    };
  },
  added_tests_notice: (evidence) =>
    yes(doChangedTestsNotice(evidence), "only tests change, and each new or edited one notices faults in the code"),
  updates_confirmed: (evidence, policy) =>
    yes(
      updatesDependenciesOnly(evidence) && dependencyProblems(evidence, policy).length === 0,
      "only versions of known packages change, as their registries have them",
    ),
  tests_can_fail: ({ provenness }) => {
    const proven = provenness?.proven ?? 0;
    return { count: proven, why: `${counted(proven, "test")} of the base were shown able to fail` };
  },
  new_tests_fail_on_base: ({ checks }) => {
    const tests = checks?.new_tests === "red-on-base" ? checks.fail_to_pass : [];
    return { count: tests.length, why: `${counted(tests.length, "test")} fail without the change and pass with it` };
  },
  ways_covered: ({ provenness }) => {
    const coverage = provenness?.coverage;
    const isWhole = coverage != null && coverage.unmeasured.length + coverage.unmeasured_more + coverage.missed === 0;
    return yes(isWhole, "tests take every way through the changed code");
  },
  same_outside_tests: ({ replay }) => {
    const same = (replay?.functions ?? []).filter(({ outcome }) => outcome === "same");
    return {
      count: same.length,
      why: `${counted(same.length, "changed function")} gave the results that the tests saw`,
    };
  },
  independent_tests_pass: (evidence, policy) => {
    const { independentTests: found, independentOutcome: outcome } = evidence;
    // Until they are written, they count as passing, so that they are written only for a change that could then merge.
    if (isAwaited(evidence, policy))
      return yes(true, "another run will write tests from the mission alone; this counts them as passing until then");
    const isPassed = found != null && found.passed > 0 && found.failed.length === 0 && outcome?.missing == null;
    return yes(isPassed, `${counted(found?.passed ?? 0, "test")} that another run wrote from the mission alone pass`);
  },
  safer_history: (evidence) => historyFinding(evidence, -1),
  implementations_agree: (evidence, policy) => {
    if (isAwaited(evidence, policy))
      return yes(true, "another run will make the same change; this counts its results as the same until then");
    const { secondImplementation: found } = evidence;
    const { agreed = 0, tests_passed: tests = 0, cases = [], more = 0, tests_failed: failed = [] } = found ?? {};
    const isWhole = Object.values(found?.left_out ?? {}).every((count) => count === 0);
    const isAlike = agreed + tests > 0 && cases.length + more + failed.length === 0 && isWhole;
    const why = `${counted(agreed, "call")} and ${counted(tests, "new test")} give the same with the code that another run made`;
    return yes(isAlike, why);
  },
  judges_pass: (evidence, policy) => {
    const familiesRequired = policy.judges.families_required;
    const { verdicts, requestedJudges: families } = evidence;
    const { outcome, passed } = combineVerdicts({ verdicts, families, familiesRequired });
    return yes(outcome === "passed", passed.join(", "));
  },
  riskier_history: (evidence) => historyFinding(evidence, 1),
  sensitive_paths: touchedPaths("sensitive"),
  authentication_paths: touchedPaths("authentication"),
  network_paths: touchedPaths("network"),
  tests_without_code: (evidence) => {
    const kinds = kindsOf(evidence);
    if (kinds === null) return missing("test changes");
    if (doChangedTestsNotice(evidence)) return hitsFinding([]);
    return hitsFinding(kinds.code.length === 0 ? kinds.tests : []);
  },
  code_without_test: (evidence) => {
    const kinds = kindsOf(evidence);
    if (kinds === null) return missing("test changes");
    // Without new behaviour, the tests that run the code are those that it needs.
    return hitsFinding(kinds.tests.length === 0 && !isCoveredRefactoring(evidence) ? kinds.code : []);
  },
  untested_ways: (evidence) => untestedWays(evidence, ({ missed, missed_minor: minor }) => missed - minor),
  minor_untested_ways: (evidence) => untestedWays(evidence, ({ missed_minor: minor }) => minor),
};

/** Whether another run is still to make the change. */
export function isAwaited(evidence: ChangeEvidence, policy: Policy): boolean {
  return evidence.independentOutcome === undefined && needsOtherRun(evidence, policy);
}

/**
 * The ways through changed code that no test takes. Code that could have been measured and was not counts as missing. Without measurable code nothing
 * counts, nor with failing tests, unless these tests can be approved because they only need the change's own control files.
 */
function untestedWays(
  evidence: ChangeEvidence,
  countOf: (coverage: { missed: number; missed_minor: number }) => number,
): SignalFinding {
  const { provenness, checks } = evidence;
  if (isInert(evidence)) return { count: 0, why: "the code does what it did" };
  if (provenness === null) return missing("coverage");
  const { coverage, coverage_missing: reason } = provenness;
  const why = bounded(coverageText(provenness));
  if (coverage === null) {
    const needsControl = (checks?.needs_own_control.length ?? 0) > 0;
    const isNothing = reason === "no-code" || reason === "language" || (reason === "not-green" && !needsControl);
    return isNothing ? { count: 0, why } : missing(why, "");
  }
  const isUnmeasured = coverage.unmeasured_more > 0 || coverage.unmeasured.some((file) => file.why !== "language");
  return isUnmeasured ? missing(why, "") : { count: countOf(coverage), why };
}

function touchedPaths(group: PathGroup): FindSignal {
  return ({ touched }) => (touched === null ? missing("path report") : hitsFinding(touched[group]));
}

/** Each changed file that can change what runs is a test or code. */
function kindsOf(evidence: ChangeEvidence) {
  const { pathReport, testChanges, touched } = evidence;
  if (pathReport === null || testChanges === null || touched === null) return null;
  const inert = pathsWithoutBehaviour(evidence);
  const tests = testChanges.files.map((file) => file.path).filter((path) => !inert.has(path));
  const onlyTests = testChanges.files.filter((file) => !file.among_code).map((file) => file.path);
  const code = pathReport.files
    .map((file) => file.path)
    .filter((path) => !onlyTests.includes(path) && !touched.documentation.includes(path) && !inert.has(path));
  return { tests, code };
}

/** `side` 1: by how many tenths of log-odds history finds the change riskier than a usual one; -1: safer. Without a file that can do harm, neither. */
function historyFinding(evidence: ChangeEvidence, side: 1 | -1): SignalFinding {
  const { pathReport, history } = evidence;
  if (pathReport !== null && harmfulFiles(evidence).length === 0) return { count: 0, why: "no code" };
  if (history == null) return missing("the repository's past", "is not read yet");
  const count = Math.max(0, Math.floor((side * cautiousShift(history)) / 100));
  return { count, why: historyText(history) };
}

function hitsFinding(names: readonly string[]): SignalFinding {
  return { count: names.length, why: summarizeList(names, 200) };
}

function yes(isFound: boolean, why: string): SignalFinding {
  return { count: isFound ? 1 : 0, why };
}

function missing(input: string, reason = "missing"): SignalFinding {
  return { count: null, why: `${input}${reason === "" ? "" : ` ${reason}`}: counts in full` };
}
