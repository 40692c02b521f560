/**
 * The rules for changes to existing tests. A removed or weakened test holds unless the specification names the file or the test; then the gate asks.
 * Skips and longer time limits always ask. Other edits ask, unless they only add lines and the test still notices what it noticed before. A test whose
 * old version fails holds unless the specification names it.
 */
import {
  bounded,
  type EditedTests,
  type Fact,
  namedTests,
  type PathReport,
  type Specification,
  type TestChanges,
  type TestFinding,
} from "@aedev/contracts";
import { noticing } from "./checks/edited-tests.ts";
import { isExactlyResultOf, isResultOf } from "./checks/result-names.ts";
import { isOnlyUndone, restoredPaths } from "./revert-rules.ts";
import type { ChangeEvidence } from "./risk/change-evidence.ts";
import { changesTestsOnly } from "./risk/change-kind.ts";
import { updatedPaths } from "./risk/dependency-updates.ts";

/** A test file of the base with fewer assertions than before. */
export interface WeakenedTest {
  readonly path: string;
  readonly before: number;
  readonly after: number;
  readonly allowed: boolean;
}
/** What a person said that they want. */
export type SpecificationText = Pick<Specification, "text" | "criteria" | "instructions" | "allowed_tests">;
type FileChange = TestChanges["files"][number];
/** The input of the rules about tests. */
export type TestEvidence = Pick<ChangeEvidence, "testChanges" | "pathReport" | "checks" | "reverts" | "reverted"> &
  Partial<Pick<ChangeEvidence, "watched" | "provenness" | "changeKinds" | "dependencyRecords">> & {
    readonly specification: SpecificationText;
  };

const holding: ReadonlySet<TestFinding["kind"]> = new Set(["test-removed", "assertion-removed", "assertion-weakened"]);

/** Why this change is held, one cause for each file or finding. */
export function testHolds(evidence: TestEvidence): Fact[] {
  const { testChanges, pathReport, specification } = evidence;
  if (testChanges === null || pathReport === null) return [];
  const restored = restoredPaths(evidence);
  const isHeld = ({ path, allowed }: { path: string; allowed: boolean }) => !allowed && !restored.has(path);
  const weakened = weakenedTests(testChanges, pathReport, specification).filter(isHeld);
  const named = namedFindings(testChanges, pathReport, specification).filter(isHeld);
  return [...weakened.map(lostAssertions), ...named.map(({ fact }) => fact)];
}

/** Why a person has to review the change's effects on tests; empty if it only adds tests. */
export function testAsks(evidence: TestEvidence): Fact[] {
  const { testChanges, pathReport, checks, specification } = evidence;
  if (testChanges === null || pathReport === null) return [];
  const restored = restoredPaths(evidence);
  const weakened = weakenedTests(testChanges, pathReport, specification);
  const named = namedFindings(testChanges, pathReport, specification).filter(
    ({ path, allowed }) => allowed || restored.has(path),
  );
  const failed = new Set(checks?.outdated ?? []);
  const unrun = new Set(checks?.own_tests ?? []);
  const edited = evidence.provenness?.edited_tests ?? null;
  const isMoved = (checks?.moved.length ?? 0) > 0;
  const updated = new Set(updatedPaths(evidence));
  const onlyTests = changesTestsOnly({ watched: null, ...evidence });
  return [
    // Findings that the specification does not name are held already.
    ...weakened.map((test) => ({ ...lostAssertions(test), named: test.allowed || restored.has(test.path) })),
    ...named.map(({ fact }) => ({ ...fact, named: true })),
    ...testChanges.files.flatMap((file) =>
      fileAsks(file, { paths: namesBefore(file, pathReport), specification }, { failed, unrun, edited, onlyTests }),
    ),
    ...testChanges.files
      .filter(({ moved_tests }) => isMoved && moved_tests.length > 0)
      .map(({ path, moved_tests }): Fact => ({ kind: "moved-tests", path: bounded(path), ...namedTests(moved_tests) })),
    ...testChanges.settings
      .filter(({ path, kind }) => kind !== "snapshot" && !updated.has(path))
      .map(({ path, kind }): Fact => ({ kind: "test-settings", path: bounded(path), setting: kind })),
    ...testChanges.code_findings
      .filter((found) => found.kind !== "surroundings-used" || !isHelper(found.path, evidence))
      .map((found) => testFinding(`${found.path}:${found.line}`, found)),
  ];
}

/** Whether only tests use the file and it only gained functions. Its code may depend on its surroundings as tests may. */
function isHelper(path: string, { watched, testChanges }: TestEvidence): boolean {
  return watched?.support.includes(path) === true && testChanges?.only_adds_functions.includes(path) === true;
}

/** Results of old versions of the base's tests: those that fail on the new code, files whose tests gave no results on it, and the mutants that both versions kill. */
interface OldVersions {
  readonly failed: ReadonlySet<string>;
  readonly unrun: ReadonlySet<string>;
  readonly edited: EditedTests | null;
  /** Nothing but tests changes, so that old versions pass whatever the new ones are worth. */
  readonly onlyTests: boolean;
}

function fileAsks(
  file: FileChange,
  { paths, specification }: { paths: readonly string[]; specification: SpecificationText },
  old: OldVersions,
): Fact[] {
  const isRed = (name: string) => [...old.failed].some((id) => isResultOf(id, { paths, name }));
  const asked = file.changed_tests.filter((name) => !isAgreedExpectation(name, file, { paths, specification }));
  const isUnrun = paths.some((one) => old.unrun.has(one));
  const formOf = (name: string) => {
    if (isRed(name)) return "red";
    if (isUnrun) return "not-run";
    const found = noticing({ name, paths }, old.edited);
    if (found === "less") return "weaker";
    if (found === "as-before" && !file.support_lost) return null;
    return old.onlyTests && found === "unknown" ? "weaker" : "green";
  };
  const path = bounded(file.path);
  const forms = Map.groupBy(asked, formOf);
  return [
    ...(["weaker", "green", "not-run", "red"] as const).flatMap((old_form): Fact[] => {
      const names = forms.get(old_form) ?? [];
      return names.length === 0 ? [] : [{ kind: "changed-tests", path, ...namedTests(names), old_form }];
    }),
    ...(file.support_changed ? [{ kind: "shared-by-tests" as const, path }] : []),
    ...file.findings.filter(({ kind }) => !holding.has(kind)).map((found) => testFinding(file.path, found)),
  ];
}

/** Whether a person allowed this very test to change, and nothing of the file differs but the values that such tests expect. */
function isAgreedExpectation(
  name: string,
  { expecting_otherwise: found = [], support_changed, support_lost }: FileChange,
  { paths, specification }: { paths: readonly string[]; specification: SpecificationText },
): boolean {
  if (support_changed || support_lost || !found.includes(name)) return false;
  return (specification.allowed_tests ?? []).some((id) => isExactlyResultOf(id, { paths, name }));
}

/** Whether the only failures are old versions of tests whose new expectations a person allowed. */
export function isRedAsAgreed({ testChanges, pathReport, checks, specification }: TestEvidence): boolean {
  if (testChanges === null || pathReport === null || checks?.status !== "red") return false;
  const { outdated, outdated_beside, newly_failing, vanished, newly_skipped } = checks;
  if (outdated.length === 0 || outdated_beside === true || vanished.length + newly_skipped.length > 0) return false;
  return newly_failing.every(
    (id) =>
      outdated.includes(id) &&
      testChanges.files.some((file) => {
        const paths = namesBefore(file, pathReport);
        const isOf = (name: string) =>
          isResultOf(id, { paths, name }) && isAgreedExpectation(name, file, { paths, specification });
        return file.changed_tests.some(isOf);
      }),
  );
}

/** The test files that lost assertions. Assertions that moved with a renamed file or into another file are not lost; a deleted file loses all others. */
export function weakenedTests(
  changes: TestChanges,
  pathReport: PathReport,
  specification: SpecificationText,
): WeakenedTest[] {
  const text = specificationText(specification);
  return changes.files.flatMap((file) => {
    if (file.status === "added") return [];
    const after = file.status === "deleted" ? renamedAssertions(file.path, changes, pathReport) : file.assertions_after;
    const kept = after === null ? null : after + file.moved_assertions;
    if (kept !== null && kept >= file.assertions_before) return [];
    if (kept === null && file.moved_assertions > 0 && file.moved_assertions >= file.assertions_before) return [];
    const allowed = namesPath(text, file.path) || onlyAllowedChange(file, pathReport, specification);
    return [{ path: file.path, before: file.assertions_before, after: kept ?? file.moved_assertions, allowed }];
  });
}

/** Findings that hold unless the specification names the file or the test. */
function namedFindings(changes: TestChanges, report: PathReport, specification: SpecificationText) {
  const text = specificationText(specification);
  return changes.files.flatMap((file) => {
    const isNamed = namesBefore(file, report).some((path) => namesPath(text, path));
    return file.findings
      .filter(({ kind }) => holding.has(kind))
      .map((found) => ({
        path: file.path,
        fact: testFinding(file.path, found),
        allowed:
          isNamed ||
          (found.test !== null && isAllowed(specification, { paths: namesBefore(file, report), name: found.test })),
      }));
  });
}

/**
 * Whether failed checks ask instead of holding. The failures must be old versions of edited tests that the specification names, missing tests that were
 * moved or are named, new tests that need the change's own control files, or tests that a revert takes back. Contract: any other failure gives false.
 */
export function isRedToAsk(evidence: TestEvidence): boolean {
  return isOutdatedByName(evidence) || isGoneByName(evidence) || needsOwnControl(evidence) || isOnlyUndone(evidence);
}

function needsOwnControl({ checks }: TestEvidence): boolean {
  if (checks === null) return false;
  const { needs_own_control: needing, newly_failing, vanished, newly_skipped } = checks;
  if (needing.length === 0 || vanished.length > 0 || newly_skipped.length > 0) return false;
  return newly_failing.every((id) => needing.includes(id));
}

/** Whether each missing test is named by the specification or moved: it passes in its new file, and so does its old version. */
function isGoneByName({ testChanges, pathReport, checks, specification }: TestEvidence): boolean {
  if (testChanges === null || pathReport === null || checks === null) return false;
  const { gone, moved, newly_failing, vanished, newly_skipped } = checks;
  if (gone.length === 0 || newly_skipped.length > 0) return false;
  if ([...vanished, ...newly_failing].some((id) => !gone.includes(id))) return false;
  const text = specificationText(specification);
  return gone.every((id) =>
    testChanges.files.some((file) => {
      const paths = namesBefore(file, pathReport);
      if (moved.includes(id) && file.moved_tests.some((name) => isResultOf(id, { paths, name }))) return true;
      // A retitled test whose results do not confirm the new title is gone as well.
      const removed = [
        ...file.findings.flatMap(({ kind, test }) => (kind === "test-removed" && test !== null ? [test] : [])),
        ...file.renamed_tests.map(({ from }) => from),
      ];
      // Naming the file is enough unless the new code also breaks the removed test; then the whole file must be deleted.
      const named = paths.filter((path) => namesPath(text, path));
      const isDeleted = testChanges.files.some(({ path, status }) => status === "deleted" && named.includes(path));
      const isEnough = isDeleted || (named.length > 0 && !newly_failing.includes(id));
      return removed.some(
        (name) => isResultOf(id, { paths, name }) && (isEnough || isAllowed(specification, { paths, name })),
      );
    }),
  );
}

function isOutdatedByName({ testChanges, pathReport, checks, specification }: TestEvidence): boolean {
  if (testChanges === null || pathReport === null || checks === null) return false;
  const { outdated, newly_failing, vanished, newly_skipped } = checks;
  if (outdated.length === 0 || vanished.length > 0 || newly_skipped.length > 0) return false;
  if (newly_failing.some((id) => !outdated.includes(id))) return false;
  const text = specificationText(specification);
  return outdated.every((id) =>
    testChanges.files.some((file) => {
      const paths = namesBefore(file, pathReport);
      const isNamed = paths.some((path) => namesPath(text, path));
      return file.changed_tests.some(
        (name) => isResultOf(id, { paths, name }) && (isNamed || isAllowed(specification, { paths, name })),
      );
    }),
  );
}

/** Whether the specification names this test, or a person allowed it to change. */
function isAllowed(
  specification: SpecificationText,
  test: { readonly paths: readonly string[]; readonly name: string },
): boolean {
  if (namesTest(specificationText(specification), test.name)) return true;
  return (specification.allowed_tests ?? []).some((id) => isExactlyResultOf(id, test));
}

/** Whether a person allowed every test that this file's change touches, and it touches nothing that tests share. */
function onlyAllowedChange(file: FileChange, report: PathReport, specification: SpecificationText): boolean {
  const found = file.findings.filter(({ kind }) => holding.has(kind));
  const touched = [...found.map(({ test }) => test), ...file.changed_tests];
  const paths = namesBefore(file, report);
  return (
    touched.length > 0 &&
    !file.support_changed &&
    touched.every((name) => name !== null && isAllowed(specification, { paths, name }))
  );
}

function namesBefore({ path }: FileChange, { renames }: PathReport): string[] {
  return [path, ...renames.filter(({ to }) => to === path).map(({ from }) => from)];
}

/** Everything that a person asked for, as one text. */
export function specificationText({ text, criteria, instructions }: SpecificationText): string {
  return [text, ...criteria.map((criterion) => criterion.text), ...(instructions ?? [])].join("\n");
}

function testFinding(place: string, { kind, test, text }: TestFinding): Fact {
  const name = test === null ? null : bounded(test);
  return { kind: "test-finding", finding: kind, place: bounded(place), test: name, text: bounded(text), named: false };
}

function lostAssertions({ path, before, after }: WeakenedTest): Fact {
  return { kind: "lost-assertions", path: bounded(path), before, after, named: false };
}

/** Assertions under the new name; null if the file was not renamed to another test file. */
function renamedAssertions(path: string, changes: TestChanges, report: PathReport): number | null {
  const target = report.renames.find((rename) => rename.from === path)?.to;
  const renamed = changes.files.find((file) => file.path === target && file.status === "added");
  return renamed?.assertions_after ?? null;
}

/** True if `text` names exactly this path, not a longer path that contains it. */
export function namesPath(text: string, path: string): boolean {
  let at = text.indexOf(path);
  while (at >= 0) {
    const before = text.slice(0, at).replace(/(^|[^\w./-])\.\/$/, "$1");
    const after = text.slice(at + path.length);
    if (!/[\w./@-]$/.test(before) && !/^([\w/@-]|\.\w)/.test(after)) return true;
    at = text.indexOf(path, at + 1);
  }
  return false;
}

const titleCharactersMin = 4;
/** A text does not contain a title of this length by coincidence. */
const plainTitleCharactersMin = 16;

/** True if `text` has a test's full name path or title: in quotes, or without quotes if it has three words or more. */
export function namesTest(text: string, name: string): boolean {
  const title = name.split(" > ").at(-1) ?? name;
  return [name, title].some((one) => {
    if (one.length < titleCharactersMin) return false;
    if (
      ["``", '""', "''", "“”", "‘’", "«»", "「」", "『』"].some(([open, close]) =>
        text.includes(`${open}${one}${close}`),
      )
    )
      return true;
    const isLong = one.length >= plainTitleCharactersMin && one.trim().split(/[\s_]+/).length >= 3;
    const at = isLong ? text.indexOf(one) : -1;
    return at >= 0 && !/\w$/.test(text.slice(0, at)) && !/^\w/.test(text.slice(at + one.length));
  });
}
