/** Which proof a change needs by its kind: none of its own if it can't change what runs (ADR 0047), faults in the code if it only adds tests (ADR 0048). */
import { type ChangedFile, watchedPathsMax } from "@aedev/contracts";
import { noticing } from "../checks/edited-tests.ts";
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

/**
 * Whether the change changes tests and nothing else that runs (ADR 0048). A file without tests may be code, unless it was a file of tests before. The names of
 * new tests are not known in files compared as a whole, which therefore need a new assertion.
 */
export function changesTestsOnly(
  evidence: Pick<ChangeEvidence, "changeKinds" | "watched" | "pathReport" | "testChanges">,
): boolean {
  const { pathReport, testChanges } = evidence;
  if (isInert(evidence) || pathReport === null || testChanges === null) return false;
  const inert = inertPaths(evidence);
  const tests = new Map(testChanges.files.filter((file) => !file.among_code).map((file) => [file.path, file]));
  const isTests = (path: string) => {
    const file = tests.get(path);
    return inert.has(path) || (file !== undefined && (file.status === "modified" ? hasTests(file) : bringsTests(file)));
  };
  return pathReport.files.length > 0 && pathReport.files.every(({ path }) => isTests(path));
}

type TestFile = NonNullable<ChangeEvidence["testChanges"]>["files"][number];

/** Whether a file of the base had tests, or has one that changes. */
function hasTests({ assertions_before: before, changed_tests, added_tests, renamed_tests }: TestFile): boolean {
  return before > 0 || changed_tests.length + added_tests.length + renamed_tests.length > 0;
}

function bringsTests({ added_tests: added, assertions_before: before, assertions_after: after, parser }: TestFile) {
  return after >= before && (added.length > 0 || (parser === "lines" && after > before));
}

/** Whether another run is to make the change from the specification alone, with tests, before it merges. Tests that pass on the base would not count for a refactoring. */
export function needsOtherRun(
  evidence: Parameters<typeof changesTestsOnly>[0] &
    Parameters<typeof updatesDependenciesOnly>[0] &
    Parameters<typeof unitsWithSameResults>[0],
  { second_implementation: wanted }: Pick<Policy, "second_implementation">,
): boolean {
  const isProven = isInert(evidence) || changesTestsOnly(evidence) || updatesDependenciesOnly(evidence);
  return wanted !== "never" && !isProven && unitsWithSameResults(evidence).length === 0;
}

/** Whether nothing but tests changes, and each new or edited one notices faults in the code as it should. */
export function doChangedTestsNotice(
  evidence: Parameters<typeof changesTestsOnly>[0] & Pick<ChangeEvidence, "provenness" | "testChanges">,
): boolean {
  const { testChanges, provenness } = evidence;
  if (!changesTestsOnly(evidence) || unnoticingTests(evidence).length > 0) return false;
  return (testChanges?.files ?? []).every(({ path, changed_tests: names }) =>
    names.every((name) =>
      /^(?:as-before|others)$/u.test(noticing({ name, paths: [path] }, provenness?.edited_tests ?? null)),
    ),
  );
}

/**
 * Names of added tests that failed on no fault in the code: those of the results, or all that the files name if one of them did not run. A new file that is
 * compared as a whole stands for its tests.
 */
export function unnoticingTests({
  provenness,
  testChanges,
}: Pick<ChangeEvidence, "provenness" | "testChanges">): readonly string[] {
  const named = (testChanges?.files ?? []).flatMap(({ path, status, parser, added_tests: added }) =>
    status === "added" && parser === "lines" ? [path] : added,
  );
  const { noticing, unnoticing } = provenness?.added_tests ?? { noticing: 0, unnoticing: [] };
  return named.length <= noticing + unnoticing.length ? unnoticing : named;
}
