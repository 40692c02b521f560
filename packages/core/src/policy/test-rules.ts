/**
 * What a change may do to existing tests. Gone, or with less to say: only where the specification names the file or the test, and then a
 * person is asked. Changed otherwise, skipped, given more time: a person is asked. Red in its old form: held, unless the specification names it.
 */
import type { Checks, PathReport, Specification, TestChanges, TestFinding } from "../wire/index.ts";
import { summarizeList } from "./summarize-list.ts";

/** A test file of the base with fewer assertions than before. */
export interface WeakenedTest {
  readonly path: string;
  readonly before: number;
  readonly after: number;
  readonly allowed: boolean;
}
type Words = Pick<Specification, "text" | "criteria" | "instructions">;
type FileChange = TestChanges["files"][number];
/** What the rules about tests read. */
export interface TestEvidence {
  readonly testChanges: TestChanges | null;
  readonly pathReport: PathReport | null;
  readonly checks: Checks | null;
  readonly specification: Words;
}

const namesCharactersMax = 300;
const holding: ReadonlySet<TestFinding["kind"]> = new Set(["test-removed", "assertion-removed", "assertion-weakened"]);

/** Why this change holds, one cause per file or finding. */
export function testHolds({ testChanges, pathReport, specification }: TestEvidence): string[] {
  if (testChanges === null || pathReport === null) return [];
  const weakened = weakenedTests(testChanges, pathReport, specification).filter(({ allowed }) => !allowed);
  const named = namedFindings(testChanges, pathReport, specification).filter(({ allowed }) => !allowed);
  return [
    ...weakened.map(({ path, before, after }) => `lost assertions: ${path} (${before} to ${after})`),
    ...named.map(({ words }) => words),
  ];
}

/** Why a person has to look at what this change does to tests; empty where it only adds some. */
export function testAsks({ testChanges, pathReport, checks, specification }: TestEvidence): string[] {
  if (testChanges === null || pathReport === null) return [];
  const weakened = weakenedTests(testChanges, pathReport, specification);
  const named = namedFindings(testChanges, pathReport, specification).filter(({ allowed }) => allowed);
  const outdated = new Set(checks?.outdated ?? []);
  const isMoved = (checks?.moved.length ?? 0) > 0;
  return [
    ...weakened.map(
      ({ path, before, after }) => `lost assertions, as the specification names it: ${path} (${before} to ${after})`,
    ),
    ...named.map(({ words }) => `as the specification names it: ${words}`),
    ...testChanges.files.flatMap((file) => fileAsks(file, namesBefore(file, pathReport), outdated)),
    ...testChanges.files
      .filter(({ moved_tests }) => isMoved && moved_tests.length > 0)
      .map(({ path, moved_tests }) => `moved tests: ${path}: ${summarizeList(moved_tests, namesCharactersMax)}`),
    ...testChanges.settings
      .filter(({ kind }) => kind !== "snapshot")
      .map(({ path, kind }) => `decides how tests run or count (${kind}): ${path}`),
    ...testChanges.code_findings.map((found) => findingWords(`${found.path}:${found.line}`, found)),
  ];
}

function fileAsks(file: FileChange, paths: readonly string[], outdated: ReadonlySet<string>): string[] {
  const isRed = (name: string) => [...outdated].some((id) => isResultOf(id, { paths, name }));
  const green = file.changed_tests.filter((name) => !isRed(name));
  const red = file.changed_tests.filter(isRed);
  const list = (names: readonly string[]) => `${file.path}: ${summarizeList(names, namesCharactersMax)}`;
  return [
    ...(green.length > 0 ? [`changed existing tests, green in their old form: ${list(green)}`] : []),
    ...(red.length > 0
      ? [`changed existing tests, red in their old form as the specification names it: ${list(red)}`]
      : []),
    ...(file.support_changed ? [`changed what tests share, or can't be told apart from it: ${file.path}`] : []),
    ...file.findings.filter(({ kind }) => !holding.has(kind)).map((found) => findingWords(file.path, found)),
  ];
}

/** A file renamed with all its assertions is not weakened, nor one whose tests stand elsewhere now; a deleted test file always is. */
export function weakenedTests(changes: TestChanges, pathReport: PathReport, specification: Words): WeakenedTest[] {
  const text = wordsOf(specification);
  return changes.files.flatMap((file) => {
    if (file.status === "added") return [];
    const after = file.status === "deleted" ? renamedAssertions(file.path, changes, pathReport) : file.assertions_after;
    const kept = after === null ? null : after + file.moved_assertions;
    if (kept !== null && kept >= file.assertions_before) return [];
    if (kept === null && file.moved_assertions > 0 && file.moved_assertions >= file.assertions_before) return [];
    const allowed = namesPath(text, file.path);
    return [{ path: file.path, before: file.assertions_before, after: kept ?? file.moved_assertions, allowed }];
  });
}

/** Findings that hold unless the person named the file or the very test. */
function namedFindings(changes: TestChanges, report: PathReport, specification: Words) {
  const text = wordsOf(specification);
  return changes.files.flatMap((file) => {
    const isNamed = namesBefore(file, report).some((path) => namesPath(text, path));
    return file.findings
      .filter(({ kind }) => holding.has(kind))
      .map((found) => ({
        words: findingWords(file.path, found),
        allowed: isNamed || (found.test !== null && namesTest(text, found.test)),
      }));
  });
}

/**
 * True where a person is asked although the checks are red: all that is red is the old form of tests that the change wrote anew and the
 * specification names, or all that is missing was moved or is named. Contract: any other red gives false.
 */
export function isRedByName(evidence: TestEvidence): boolean {
  return isOutdatedByName(evidence) || isGoneByName(evidence);
}

/** Moved: seen passing where it is now, and its old form passes too; what changed on the way has findings of its own. Else the person has to have named it. */
function isGoneByName({ testChanges, pathReport, checks, specification }: TestEvidence): boolean {
  if (testChanges === null || pathReport === null || checks === null) return false;
  const { gone, moved, newly_failing, vanished, newly_skipped } = checks;
  if (gone.length === 0 || newly_skipped.length > 0) return false;
  if ([...vanished, ...newly_failing].some((id) => !gone.includes(id))) return false;
  const text = wordsOf(specification);
  return gone.every((id) =>
    testChanges.files.some((file) => {
      const paths = namesBefore(file, pathReport);
      if (moved.includes(id) && file.moved_tests.some((name) => isResultOf(id, { paths, name }))) return true;
      const removed = file.findings.flatMap(({ kind, test }) =>
        kind === "test-removed" && test !== null ? [test] : [],
      );
      // That the code breaks a test is another matter than that a file loses one: then its file is named in vain, unless it goes as a whole.
      const named = paths.filter((path) => namesPath(text, path));
      const goes = testChanges.files.some(({ path, status }) => status === "deleted" && named.includes(path));
      const isEnough = goes || (named.length > 0 && !newly_failing.includes(id));
      return removed.some((name) => isResultOf(id, { paths, name }) && (isEnough || namesTest(text, name)));
    }),
  );
}

function isOutdatedByName({ testChanges, pathReport, checks, specification }: TestEvidence): boolean {
  if (testChanges === null || pathReport === null || checks === null) return false;
  const { outdated, newly_failing, vanished, newly_skipped } = checks;
  if (outdated.length === 0 || vanished.length > 0 || newly_skipped.length > 0) return false;
  if (newly_failing.some((id) => !outdated.includes(id))) return false;
  const text = wordsOf(specification);
  return outdated.every((id) =>
    testChanges.files.some((file) => {
      const paths = namesBefore(file, pathReport);
      const isNamed = paths.some((path) => namesPath(text, path));
      return file.changed_tests.some((name) => isResultOf(id, { paths, name }) && (isNamed || namesTest(text, name)));
    }),
  );
}

/** A file's path and the one it had before. */
function namesBefore({ path }: FileChange, { renames }: PathReport): string[] {
  return [path, ...renames.filter(({ to }) => to === path).map(({ from }) => from)];
}

function wordsOf({ text, criteria, instructions }: Words): string {
  return [text, ...criteria.map((criterion) => criterion.text), ...(instructions ?? [])].join("\n");
}

function findingWords(place: string, { kind, test, text }: TestFinding): string {
  return `${kind}: ${place}${test === null ? "" : `: ${test}`}${text === "" ? "" : ` (${text})`}`;
}

/** Assertions under the new name; null where the test was not renamed to another test. */
function renamedAssertions(path: string, changes: TestChanges, report: PathReport): number | null {
  const target = report.renames.find((rename) => rename.from === path)?.to;
  const renamed = changes.files.find((file) => file.path === target && file.status === "added");
  return renamed?.assertions_after ?? null;
}

/** True where `text` names exactly this path, not merely a longer one that contains it. */
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
/** A title that long is not in a text by chance. */
const plainTitleCharactersMin = 16;

/** True where `text` has the whole name path or the title of a test: in quotes, or as it is where it is three words or more. */
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

/** True where a result's id is that of this test: after its file, or as a test of that name where ids have no file. */
export function isResultOf(id: string, { paths, name }: { paths: readonly string[]; name: string }): boolean {
  const parts = id.replace(/#\d+$/, "").split(" > ");
  const wanted = name.split(" > ");
  const isPlace = (part: string) => paths.some((path) => part === path || part === moduleOf(path));
  for (let start = 0; start + wanted.length <= parts.length; start += 1) {
    const isHere = wanted.every((part, index) => partNames(parts[start + index] ?? "", part, paths));
    if (!isHere) continue;
    const before = parts.slice(0, start);
    const isOwnFile = before.every((part) => isPlace(part) || !looksLikeFile(part));
    const isWhole = start + wanted.length === parts.length || before.length === 0;
    if (isOwnFile && isWhole) return true;
  }
  return false;
}

/** pytest adds parameters to a name, and puts a class behind its module. */
function partNames(part: string, wanted: string, paths: readonly string[]): boolean {
  return (
    part === wanted ||
    part.replace(/\[.*\]$/s, "") === wanted ||
    paths.some((path) => part === `${moduleOf(path)}.${wanted}`)
  );
}

function moduleOf(path: string): string {
  return path.replace(/\.\w+$/, "").replaceAll("/", ".");
}

function looksLikeFile(part: string): boolean {
  return /^\S+\.\w+$/.test(part) || /^\S+\/\S+$/.test(part);
}
