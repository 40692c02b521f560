/** Which proof a change needs by its kind: none of its own if it can't change what runs (ADR 0047), faults in the code if it only adds tests (ADR 0048). */
import { type ChangedFile, watchedPathsMax } from "@aedev/contracts";
import type { Policy } from "../policy/policy-schema.ts";
import type { ChangeEvidence } from "./change-evidence.ts";
import { updatedPaths } from "./dependency-updates.ts";
import { unitsWithSameResults } from "./refactoring.ts";

/** Whether nothing but versions of known packages changes, beside files that can't change what runs (ADR 0052). */
export function updatesDependenciesOnly(
  evidence: Pick<ChangeEvidence, "changeKinds" | "watched" | "pathReport" | "dependencyRecords">,
): boolean {
  const files = evidence.pathReport?.files ?? [];
  const proven = pathsWithoutBehaviour(evidence);
  return !isInert(evidence) && files.length > 0 && files.every(({ path }) => proven.has(path));
}

/** The changed files without behaviour of their own: those that can't change what runs, and those in which only versions of packages change. */
export function pathsWithoutBehaviour(
  evidence: Pick<ChangeEvidence, "changeKinds" | "watched" | "dependencyRecords">,
): ReadonlySet<string> {
  return new Set([...inertPaths(evidence), ...updatedPaths(evidence)]);
}

/**
 * The changed files that can't change what the code does. A document may: if code names it, or if the base's checks opened it or could not be watched. So may
 * a renamed file: if something uses what it was called.
 */
function inertPaths({ changeKinds, watched }: Pick<ChangeEvidence, "changeKinds" | "watched">): ReadonlySet<string> {
  const isWatched = watched !== null && watched.opened.length < watchedPathsMax;
  const opened = new Set(watched?.opened);
  const inert = (changeKinds?.files ?? []).filter(({ path, kind, named_by }) => {
    if (kind === "code") return false;
    if (kind !== "document") return named_by === null;
    return named_by === null && isWatched && !opened.has(path);
  });
  return new Set(inert.map(({ path }) => path));
}

/** If only documents and other files without behaviour change: the documents that something uses, and what names them (null: the base's checks may open them). */
export function usedDocuments({
  changeKinds,
  watched,
  pathReport,
}: Pick<ChangeEvidence, "changeKinds" | "watched" | "pathReport">): { path: string; by: string | null }[] {
  const inert = inertPaths({ changeKinds, watched });
  const others = (pathReport?.files ?? []).filter(({ path }) => !inert.has(path));
  const found = others.flatMap(
    ({ path }) => changeKinds?.files.find((file) => file.path === path && file.kind === "document") ?? [],
  );
  return found.length < others.length ? [] : found.map(({ path, named_by: by }) => ({ path, by }));
}

/** Whether that holds for every changed file. Contract: false if a changed file is not in the evidence. */
export function isInert(evidence: Pick<ChangeEvidence, "changeKinds" | "watched" | "pathReport">): boolean {
  const files = evidence.pathReport?.files ?? [];
  const inert = inertPaths(evidence);
  return files.length > 0 && files.every(({ path }) => inert.has(path));
}

/** The changed files that can do harm, without lines added to tests (more tests must not make a change riskier) and lines that differ in their ending. */
export function harmfulFiles(
  evidence: Pick<
    ChangeEvidence,
    "pathReport" | "testChanges" | "touched" | "changeKinds" | "watched" | "dependencyRecords"
  >,
): ChangedFile[] {
  const { pathReport, testChanges, touched } = evidence;
  const harmless = new Set([...pathsWithoutBehaviour(evidence), ...(touched?.documentation ?? [])]);
  const tests = new Set(testChanges?.files.filter((file) => !file.among_code).map(({ path }) => path));
  return (pathReport?.files ?? []).flatMap((file) => {
    const { path, added_lines: added, deleted_lines: deleted, ending_lines: endings = 0 } = file;
    const isTest = tests.has(path);
    if (harmless.has(path) || (isTest && deleted === 0)) return [];
    return [{ ...file, added_lines: isTest ? 0 : added - endings, deleted_lines: deleted - endings }];
  });
}

/** Whether the change only adds to tests and changes nothing else that runs (ADR 0048). */
export function addsTestsOnly(
  evidence: Pick<ChangeEvidence, "changeKinds" | "watched" | "pathReport" | "provenness" | "testChanges">,
): boolean {
  const { pathReport, testChanges, provenness } = evidence;
  if (isInert(evidence) || provenness === null || pathReport === null || testChanges === null) return false;
  const inert = inertPaths(evidence);
  const tests = new Map(testChanges.files.filter((file) => !file.among_code).map((file) => [file.path, file]));
  const tried = provenness.added_tests ?? null;
  const named = testChanges.files.reduce((sum, file) => sum + file.added_tests.length, 0);
  // Each new test ran.
  const isTried = tried !== null && named <= tried.noticing + tried.unnoticing.length;
  return pathReport.files.every(({ path }) => {
    const file = tests.get(path);
    return inert.has(path) || (file !== undefined && (grows(file) || (isTried && bringsTests(file))));
  });
}

type TestFile = NonNullable<ChangeEvidence["testChanges"]>["files"][number];

/** A file without tests may be code. The names of new tests are not known in files compared as a whole, which therefore need a new assertion. */
function bringsTests({ added_tests: added, assertions_before: before, assertions_after: after, parser }: TestFile) {
  return after >= before && (added.length > 0 || (parser === "lines" && after > before));
}

/** A file whose tests all check what they did, as their text shows (ADR 0038), and that names no new test. */
function grows(file: TestFile): boolean {
  const { changed_tests, added_tests, findings, moved_tests, renamed_tests } = file;
  const others = [changed_tests, added_tests, findings, moved_tests, renamed_tests];
  const isKept = file.assertions_after >= file.assertions_before && !file.support_changed;
  return file.status === "modified" && isKept && others.every(({ length }) => length === 0);
}

/** Whether another run is to make the change from the specification alone, with tests, before it merges. Tests that pass on the base would not count for a refactoring. */
export function needsOtherRun(
  evidence: Parameters<typeof addsTestsOnly>[0] &
    Parameters<typeof updatesDependenciesOnly>[0] &
    Parameters<typeof unitsWithSameResults>[0],
  { second_implementation: wanted }: Pick<Policy, "second_implementation">,
): boolean {
  const isProven = isInert(evidence) || addsTestsOnly(evidence) || updatesDependenciesOnly(evidence);
  return wanted !== "never" && !isProven && unitsWithSameResults(evidence).length === 0;
}

/** Whether each of the added tests fails on a fault in the code. Null: tests of the base only grew, so that there is no new one. */
export function doTestsNotice({ provenness }: Pick<ChangeEvidence, "provenness">): boolean {
  const added = provenness?.added_tests ?? null;
  return added === null || (added.noticing > 0 && added.unnoticing.length === 0);
}
