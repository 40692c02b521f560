/** Finds the facts that speak for asking a person: those that always ask (such as SECURITY T7, T9, T17 and T19), and those that count in the sum of risk. */
import { bounded, type Checks, caseText, type Fact, namedTests, unneededPartText } from "@aedev/contracts";
import { combineVerdicts } from "../judges/combine.ts";
import { byteAsks } from "./byte-rules.ts";
import { disqualificationReasons, type GateInput } from "./hard-gates.ts";
import { replayFacts } from "./replay-rules.ts";
import { isOnlyUndone, revertAsks } from "./revert-rules.ts";
import {
  changesTestsOnly,
  isInert,
  unnoticingTests,
  updatesDependenciesOnly,
  usedDocuments,
} from "./risk/change-kind.ts";
import { dependencyProblems, updatedPaths } from "./risk/dependency-updates.ts";
import { isRedAsAgreed, testAsks } from "./test-rules.ts";
import { watchedAsks } from "./watched-rules.ts";

/** All facts that speak for asking. `signalOf` says with which weight one counts; a fact without a weight always asks. */
export function askReasons(input: GateInput): Fact[] {
  return [
    ...sameChangeFacts(input),
    ...revertAsks(input),
    ...neverAloneAsks(input),
    ...byteAsks(input),
    ...dependencyReasons(input),
    ...checksReasons(input),
    ...renameReasons(input),
    ...(isInert(input) || updatesDependenciesOnly(input)
      ? []
      : changesTestsOnly(input)
        ? addedTestReasons(input)
        : behaviourReasons(input)),
    ...testAsks(input),
    ...watchedAsks(input),
    ...judgeReasons(input),
  ];
}

/** What is asked about a change that may change what runs. */
function behaviourReasons(input: GateInput): Fact[] {
  return [
    ...provennessReasons(input),
    ...unneededFacts(input),
    ...independentFacts(input),
    ...replayFacts(input, "unsure"),
    ...documentFacts(input),
  ];
}

function documentFacts(input: GateInput): Fact[] {
  const [first, ...others] = usedDocuments(input);
  if (first === undefined) return [];
  const by = first.by === null ? null : bounded(first.by);
  return [{ kind: "document-used", path: bounded(first.path), by, more: others.length }];
}

/** What only tests use is no public name. */
function renameReasons({ changeKinds, watched }: GateInput): Fact[] {
  const helpers = new Set(watched?.support);
  const open = (changeKinds?.unasked ?? []).filter(({ path }) => path === undefined || !helpers.has(path));
  const renames = open.map(({ from, to }) => (to === "" ? `${from} (gone)` : `${from} → ${to}`));
  return renames.length === 0 ? [] : [{ kind: "unasked-renames", ...namedTests(renames) }];
}

/** Of a change that changes tests and no code: the new tests that may test nothing. */
function addedTestReasons(input: GateInput): Fact[] {
  const unnoticing = unnoticingTests(input);
  return unnoticing.length === 0 ? [] : [{ kind: "tests-notice-nothing", ...namedTests(unnoticing) }];
}

/** A change that has landed before lands again only if a person wants that. */
function sameChangeFacts({ sameChanges = [] }: GateInput): Fact[] {
  return sameChanges.map(({ task_id, landed_commit }) => ({
    kind: "same-change",
    task: task_id,
    commit: landed_commit,
  }));
}

/** Asks if independent tests fail on the change, if that run's code gives other results, or if no test could be compared because of that run. */
function independentFacts(input: GateInput): Fact[] {
  const failed = input.independentTests?.failed ?? [];
  const { cases = [], more: unlisted = 0, tests_failed: tests = [] } = input.secondImplementation ?? {};
  const { tests: calls, more } = namedTests([...cases.map(caseText), ...tests.map((test) => `${test} fails there`)]);
  const why = input.policy.second_implementation === "never" ? null : whyMissing(input);
  return [
    ...(failed.length === 0 ? [] : [{ kind: "independent-tests" as const, ...namedTests(failed) }]),
    ...(calls.length + unlisted === 0
      ? []
      : [{ kind: "implementations-differ" as const, calls, more: more + unlisted }]),
    ...(why === null ? [] : [{ kind: "independent-tests-missing" as const, ...why }]),
  ];
}

/** Why no independent test was compared. Null if some were, if no command gives a result for each test, if they are still to come, or if those of a first run can't be loaded on this change. */
function whyMissing({ independentTests: found, independentOutcome }: GateInput) {
  if (independentOutcome === undefined) return null;
  if (independentOutcome.missing !== null) return independentOutcome.missing;
  // Evidence that gives no reason although no test was compared also asks.
  const isNone = found != null && found.passed + found.failed.length === 0;
  const why = found?.why_none ?? (isNone ? "none-counted" : undefined);
  if (why === undefined || why === "no-results") return null;
  // Another coder may use other names. But if the coder was told the first run's tests, the change must not merge just because the second run's tests don't load.
  return why === "not-loaded" && !independentOutcome.isSecond ? null : { why, code: null };
}

/** Paths that never merge without a person. A file that decides how tests run decides the same if nothing but versions of packages changes in it. */
export function neverAloneAsks({
  pathReport,
  dependencyRecords,
}: Pick<GateInput, "pathReport" | "dependencyRecords">): Fact[] {
  const updated = new Set(updatedPaths({ dependencyRecords }));
  return (pathReport?.never_by_itself ?? [])
    .filter(({ path, rule }) => !(updated.has(path) && rule.startsWith("control file ")))
    .map(({ path, rule }) => ({ kind: "never-alone", path: bounded(path), rule: bounded(rule) }));
}

function dependencyReasons(input: GateInput): Fact[] {
  return dependencyProblems(input, input.policy).map(({ name, file, why }) => ({
    kind: "dependency",
    name: bounded(name),
    file: bounded(file),
    why: bounded(why),
  }));
}

/** Only green checks merge automatically, and any new tests must test the change. */
function checksReasons(input: GateInput): Fact[] {
  const { checks, testChanges } = input;
  const untested: Fact[] =
    checks?.new_tests === "green-on-base" && !changesTestsOnly(input)
      ? [{ kind: "new-tests-green-on-base", ...namedTests(checks.untested) }]
      : [];
  const skipped = checks?.skipped_new ?? [];
  const unrun: Fact[] = skipped.length === 0 ? [] : [{ kind: "new-tests-skipped", ...namedTests(skipped) }];
  const [code, ...alike] = checks?.skipped?.code ?? [];
  const unchecked: Fact[] =
    code === undefined ? [] : [{ kind: "only-skipped-tests", ...code, path: bounded(code.path), more: alike.length }];
  const needing = checks?.needs_own_control ?? [];
  const control: Fact[] = needing.length === 0 ? [] : [{ kind: "needs-own-control", ...namedTests(needing) }];
  const [written, ...others] = checks?.build_writes ?? [];
  const build: Fact[] =
    written === undefined ? [] : [{ kind: "build-writes", path: bounded(written), more: others.length }];
  const [own, ...more] = checks?.own_tests ?? [];
  const ownTests: Fact[] = own === undefined ? [] : [{ kind: "own-tests-only", path: bounded(own), more: more.length }];
  // Only tests of the change that a revert takes back are red; the revert's own reason says so.
  const status = isOnlyUndone(input) || isRedAsAgreed(input) ? [] : statusReasons(checks, testChanges);
  return [...status, ...build, ...ownTests, ...control, ...untested, ...unrun, ...unchecked];
}

/** A test counts for a change only if it was shown able to fail (SECURITY T26). Without checks there is nothing to show. */
function provennessReasons({ checks, provenness }: GateInput): Fact[] {
  if (checks?.status === "none" || (provenness?.proven ?? 0) > 0) return [];
  return [{ kind: "nothing-proven", green: provenness?.tests_executing_change ?? 0 }];
}

/** Code that the tests don't need is not shown to be right by them (ADR 0037). */
export function unneededFacts({ provenness }: Pick<GateInput, "provenness">): Fact[] {
  const { parts: found = [], tried = 0, untried = 0, why_untried: why } = provenness?.unneeded ?? {};
  if (found.length === 0 && (tried > 0 || untried === 0)) return [];
  const { tests: parts, more } = namedTests(found.map((part) => unneededPartText(part, (text) => text)));
  return [{ kind: "unneeded-code", parts, more, ...(why === undefined ? {} : { why_untried: why }) }];
}

function statusReasons(checks: Checks | null, testChanges: GateInput["testChanges"]): Fact[] {
  if (checks === null) return [{ kind: "checks-not-green", status: "missing" }];
  switch (checks.status) {
    case "green":
      return [];
    case "flaky":
      return [{ kind: "newly-flaky", ...namedTests(checks.newly_flaky) }];
    case "exit-code-only":
      return [{ kind: "checks-not-green", status: exitCodeStatus(checks, testChanges) }];
    default:
      return [{ kind: "checks-not-green", status: checks.status }];
  }
}

/** What the exit codes alone prove without a result for each test. If all are 0, they prove something only about a change that adds or edits tests. */
function exitCodeStatus(checks: Checks, testChanges: GateInput["testChanges"]) {
  if (checks.exit_codes === "red-on-base") return "exit-code-red-on-base";
  const touchesTests = testChanges?.files.some(({ status }) => status !== "deleted") === true;
  if (checks.exit_codes === "green-on-base" && touchesTests) return "exit-code-green-on-base";
  const hasResults = checks.pass_to_pass + checks.fail_to_pass.length + checks.flaky.length > 0;
  return hasResults ? "partly-by-test" : "exit-code-only";
}

/** With enough passes, a flip does not hold the change. But one view of the judge failed it, which counts in the sum. */
function judgeReasons({ verdicts, requestedJudges: families, unqualified, policy }: GateInput): Fact[] {
  const familiesRequired = policy.judges.families_required;
  const combined = combineVerdicts({ verdicts, families, unqualified, familiesRequired });
  if (combined.outcome === "passed")
    return combined.unsure.filter(({ said }) => said === "flip").map(({ family }) => ({ kind: "judge-flip", family }));
  const passed = combined.passed.length - combined.unqualified.length;
  const uncounted = disqualificationReasons(combined.unqualified, unqualified);
  return [
    { kind: "too-few-judges", passed, required: familiesRequired },
    ...uncounted.map((judge): Fact => ({ kind: "uncounted-pass", ...judge })),
  ];
}
