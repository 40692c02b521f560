/**
 * Reports how a change affects tests, from both versions of its files: tests rewritten, added or weakened, changed runner settings, and code that knows the
 * tests. It does not judge; the policy decides.
 *
 * Folder: reports how a change affects tests.
 */
import { counted, type TestChanges, type TestFinding } from "@aedev/contracts";
import { matchesGlob } from "@aedev/host/globs";
import { languageOf } from "@aedev/languages";
import { sourceCharactersMax } from "@aedev/languages/tree/syntax-node";
import { type Added, findInCode } from "./code-findings.ts";
import { finding, type RelocatedTest } from "./compare-tests.ts";
import { type Job, type JobAnswer, readChanges } from "./read-changes.ts";
import { findSettings, isSnapshot } from "./test-settings.ts";

/** Both versions of a changed file as text; null if the file is absent or not text on that side. */
export interface ChangedText {
  readonly path: string;
  readonly status: "added" | "modified" | "deleted";
  readonly before: string | null;
  readonly after: string | null;
}
export interface TestChangesInput {
  readonly files: readonly ChangedText[];
  /** Globs of test files. */
  readonly tests: readonly string[];
  readonly renames: readonly { readonly from: string; readonly to: string }[];
  /** The configuration files that the verify commands name. */
  readonly steering?: readonly string[];
  /** Paths of files that do what they did before; they are no change of tests. */
  readonly same?: ReadonlySet<string>;
  /** Reads the unchanged test files, since code may know their answers. */
  readonly readUnchangedTests: () => Promise<UnchangedTests>;
  /** Reads unchanged Go files in the folders of changed ones, by path; none if there are too many. */
  readonly readGoBeside?: (paths: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}
export interface UnchangedTests {
  /** The files' texts by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** False if there were too many to read. */
  readonly areAll: boolean;
}
type FileChange = TestChanges["files"][number];

const filesMax = 2000;
const listMax = 1000;
const findingsMax = 200;

export async function deriveTestChanges(given: TestChangesInput): Promise<TestChanges> {
  const input = { ...given, files: given.files.filter(({ path }) => given.same?.has(path) !== true) };
  const isTest = ({ path }: ChangedText) => matchesGlob(path, input.tests) || isSnapshot(path);
  const pairs = [
    ...input.files.filter(isTest).map((file) => pairOf(file, input)),
    ...input.files.filter((file) => !isTest(file)).flatMap(pairAmongCode),
  ];
  const read = await readChanges(pairs.map(({ job }) => job));
  const moved = movedTests(read);
  // The result for a renamed file is reported under its new name.
  const renamed = new Map(
    pairs.flatMap(({ job }, index) => (job.kind === "tests" && job.from !== job.path ? [[job.from, read[index]]] : [])),
  );
  const changes = pairs.flatMap((pair, index) => {
    const answer = pair.isRenamed ? renamed.get(pair.file.path) : read[index];
    if (pair.isAmongCode === true && answer?.kind === "lines" && answer.isSame) return [];
    return [fileChange(pair, answer ?? { kind: "unreadable", why: "not read" }, moved)];
  });
  const { findings, onlyAdds, addsRows } = await findInCode(
    input,
    read.flatMap((answer) => (answer.kind === "tests" ? answer.cases : [])),
  );
  const added = read.flatMap((answer, index) => {
    const functions = answer.kind === "tests" ? answer.addedFunctions : null;
    return functions === null ? [] : [{ path: pairs[index]?.file.path ?? "", ...functions }];
  });
  const helpers = read.flatMap((answer, index) =>
    answer.kind === "lines" && answer.names.length > 0
      ? [{ path: pairs[index]?.file.path ?? "", names: answer.names, imported: [] }]
      : [],
  );
  const unnoticed = await unmentioned([...added, ...onlyAdds, ...helpers], input);
  // A file with new helpers counts as changed if their names occur elsewhere; any other, unless it only got functions.
  const helperPaths = new Set(helpers.map(({ path }) => path));
  const isChanged = ({ path, support_changed: changed }: FileChange) =>
    helperPaths.has(path) ? changed || !unnoticed.has(path) : changed && !unnoticed.has(path);
  return {
    files: cappedFiles(changes).map((file) => ({
      ...file,
      support_changed: isChanged(file),
    })),
    settings: findSettings(given.files, given.steering),
    code_findings: findings,
    only_adds_functions: onlyAdds
      .map(({ path }) => path)
      .filter((path) => unnoticed.has(path))
      .slice(0, filesMax),
    only_adds_rows: addsRows.slice(0, filesMax),
  };
}

/** The files whose new functions no test of the base and no old text of a changed file mentions, and which load no other file of the change. */
async function unmentioned(
  all: readonly Added[],
  { files, readUnchangedTests }: TestChangesInput,
): Promise<Set<string>> {
  const changed = new Set(files.flatMap(({ path }) => path.replace(/\.\w+$/u, "").split("/")));
  const added = all.filter(({ imported }) => !imported.some((name) => changed.has(name)));
  const plain = added.filter(({ names }) => names.length === 0).map(({ path }) => path);
  const named = added.filter(({ names }) => names.length > 0);
  if (named.length === 0) return new Set(plain);
  const { texts, areAll } = await readUnchangedTests();
  const isUnread = files.some(({ status, before }) => status !== "added" && before === null);
  if (!areAll || isUnread) return new Set(plain);
  const olds = files.flatMap(({ path, before }): [string, string][] => (before === null ? [] : [[path, before]]));
  const answers = await readChanges(
    [...texts, ...olds].map(([path, text]) => ({ kind: "names", path, before: null, after: text })),
  );
  if (answers.some(({ kind }) => kind !== "names")) return new Set(plain);
  const known = new Set(answers.flatMap((answer) => (answer.kind === "names" ? answer.names : [])));
  const free = named.filter(({ names }) => !names.some((name) => known.has(name)));
  return new Set([...plain, ...free.map(({ path }) => path)]);
}

interface Pair {
  readonly file: ChangedText;
  /** The file was renamed; its tests are reported under the new name. */
  readonly isRenamed: boolean;
  /** The tests are in a code file. */
  readonly isAmongCode?: boolean;
  readonly job: Job;
}

/** Pairs the versions of a file. A renamed file's old version belongs to the new name, so the old name has nothing to compare. */
function pairOf(file: ChangedText, { files, renames, tests }: TestChangesInput): Pair {
  const { path, status, after } = file;
  const from = status === "added" ? renames.find((rename) => rename.to === path)?.from : undefined;
  const source = files.find((other) => other.path === from && other.status === "deleted");
  const to = status === "deleted" ? renames.find((rename) => rename.from === path)?.to : undefined;
  const target = files.find((other) => other.path === to && other.status === "added");
  const isRenamed =
    target !== undefined && matchesGlob(target.path, tests) && languageOf(target.path)?.testParser !== undefined;
  const before = source === undefined ? file.before : source.before;
  const size = Math.max(before?.length ?? 0, after?.length ?? 0);
  if (
    languageOf(path)?.testParser === undefined ||
    isSnapshot(path) ||
    !isText(file) ||
    size > sourceCharactersMax ||
    isRenamed
  )
    return {
      file,
      isRenamed,
      job: { kind: "lines", path, status, before: file.before, after: isRenamed ? null : after },
    };
  return { file, isRenamed, job: { kind: "tests", path, from: source?.path ?? path, before, after } };
}

/** The tests inside a code file, compared as if they were a separate file. */
function pairAmongCode(file: ChangedText): Pair[] {
  const { path, status, before, after } = file;
  const mayHave =
    languageOf(path)?.hasTestsInCode === true && [before, after].some((text) => /test|quickcheck/iu.test(text ?? ""));
  const job = { kind: "lines", path, status, before, after, isAmongCode: true } as const;
  return mayHave ? [{ file, isRenamed: false, isAmongCode: true, job }] : [];
}

function isText({ status, before, after }: ChangedText): boolean {
  return (status === "added" || before !== null) && (status === "deleted" || after !== null);
}

function fileChange(
  { file, isRenamed, isAmongCode = false, job }: Pair,
  answer: JobAnswer,
  moved: MovedTests,
): FileChange {
  const { path, status } = file;
  const byLine = {
    path,
    status,
    assertions_before: 0,
    assertions_after: 0,
    parser: "lines" as const,
    changed_tests: [],
    added_tests: [],
    findings: [],
    moved_assertions: 0,
    moved_tests: [],
    renamed_tests: [],
    support_changed: false,
    support_lost: true,
    among_code: isAmongCode,
  };
  if (isRenamed && answer.kind === "tests")
    return {
      ...byLine,
      parser: languageOf(path)?.testParser ?? "lines",
      assertions_before: answer.comparison.assertionsBefore,
    };
  if (answer.kind === "tests")
    return readChange(file, answer, { moved, isFromOther: job.kind === "tests" && job.from !== path });
  const lines = answer.kind === "lines" ? answer : null;
  const counts = { assertions_before: lines?.assertionsBefore ?? 0, assertions_after: lines?.assertionsAfter ?? 0 };
  const isSource = languageOf(path)?.testParser !== undefined && !isSnapshot(path);
  if (lines !== null && !isSource)
    return {
      ...byLine,
      ...counts,
      findings: lines.findings.slice(0, findingsMax),
      changed_tests: lines.changedTests.slice(0, listMax),
      support_changed: lines.changed,
    };
  const why = answer.kind === "unreadable" ? answer.why : "not text, or too long";
  const findings = [finding("parse-failed", null, 0, why)];
  return { ...byLine, ...counts, findings, support_changed: status !== "added" };
}

function readChange(
  { path, status }: ChangedText,
  { comparison }: Extract<JobAnswer, { kind: "tests" }>,
  { moved, isFromOther }: { moved: MovedTests; isFromOther: boolean },
): FileChange {
  const removed = comparison.removed.filter((test) => !moved.isMoved(test, "added"));
  const added = comparison.added.filter((test) => !moved.isMoved(test, "removed"));
  const movedAway = comparison.removed.filter((test) => moved.isMoved(test, "added"));
  const hasTests = [comparison.changed, comparison.added, comparison.removed, comparison.renamed].some(
    ({ length }) => length > 0,
  );
  const findings = [
    ...removed.map(({ name, line, assertions }) =>
      finding("test-removed", name, line, `with ${assertions} assertions`),
    ),
    ...comparison.findings,
  ];
  return {
    path,
    status,
    // A renamed file's old assertions count under its old name.
    assertions_before: isFromOther ? 0 : comparison.assertionsBefore,
    assertions_after: comparison.assertionsAfter,
    parser: languageOf(path)?.testParser ?? "lines",
    changed_tests: comparison.changed.slice(0, listMax),
    added_tests: [...new Set(added.map(({ name }) => name))].slice(0, listMax),
    ...(comparison.expectingOtherwise.length === 0
      ? {}
      : { expecting_otherwise: comparison.expectingOtherwise.slice(0, listMax) }),
    findings: cappedFindings(findings),
    moved_assertions: movedAway.reduce((sum, { assertions }) => sum + assertions, 0),
    renamed_tests: comparison.renamed.slice(0, listMax),
    // A renamed file's tests moved with it.
    moved_tests: [...new Set([...movedAway.map(({ name }) => name), ...(isFromOther ? comparison.kept : [])])].slice(
      0,
      listMax,
    ),
    // Other tests may use a file without tests, and a file with tests may share code that none of its tests mentions.
    support_changed:
      status !== "added" &&
      (hasTests ? comparison.changed.length === 0 && comparison.supportLost : comparison.supportChanged),
    support_lost: status !== "added" && comparison.supportLost,
    among_code: false,
  };
}

interface MovedTests {
  isMoved(test: RelocatedTest, side: "added" | "removed"): boolean;
}

/** Tests that one file lost and another got, unchanged and under the same name. */
function movedTests(answers: readonly (JobAnswer | null)[]): MovedTests {
  const sides = { added: new Set<string>(), removed: new Set<string>() };
  for (const answer of answers) {
    if (answer?.kind !== "tests") continue;
    for (const side of ["added", "removed"] as const)
      for (const test of answer.comparison[side]) sides[side].add(`${test.digest} ${test.name}`);
  }
  return { isMoved: (test, side) => sides[side].has(`${test.digest} ${test.name}`) };
}

/** Findings that hold a change come first, so that truncation hides none of them. */
function cappedFindings(findings: readonly TestFinding[]): TestFinding[] {
  const weight: Partial<Record<TestFinding["kind"], number>> = {
    "test-removed": 0,
    "assertion-removed": 1,
    "assertion-weakened": 2,
  };
  const weightOf = ({ kind }: TestFinding) => weight[kind] ?? 3;
  if (findings.length <= findingsMax) return [...findings];
  const kept = findings.toSorted((one, other) => weightOf(one) - weightOf(other)).slice(0, findingsMax - 1);
  return [
    ...kept,
    finding("parse-failed", null, 0, `${counted(findings.length - kept.length, "more finding")} omitted`),
  ];
}

/** Keeps the files that lost most, so that truncation can't hide a weakened test. */
function cappedFiles(changes: FileChange[]): FileChange[] {
  if (changes.length <= filesMax) return changes;
  const loss = (file: FileChange) => file.assertions_after - file.assertions_before - file.findings.length;
  return changes.toSorted((one, other) => loss(one) - loss(other)).slice(0, filesMax);
}
