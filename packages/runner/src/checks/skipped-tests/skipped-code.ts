/**
 * Finds changed code that only skipped tests check: tests that import it or stand beside it, and did not run. Counts the tests of a skipped group, and reads
 * from their source what they lack to run. Pure.
 */
import { posix } from "node:path";
import { needsMax, type SkippedTests, skippedCodeMax } from "@aedev/contracts/skipped-tests";
import { languageOf } from "@aedev/languages";
import { readersOf } from "@aedev/languages/readers";
import type { References } from "@aedev/languages/shared/references";
import { ifReadable } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { hasWord } from "../watch/has-word.ts";
import { referredFiles } from "../watch/test-support.ts";

export interface SkippedRequest {
  /** Every path of the tree; `texts` has its code. */
  readonly paths: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  readonly isTest: (path: string) => boolean;
  /** Ids of skipped tests; `ran` has all others. */
  readonly skipped: readonly string[];
  readonly ran: readonly string[];
  /** Changed files of code. `isMissed`: whether some of the code is run by no test; null if unknown. */
  readonly changed: readonly { readonly path: string; readonly isMissed: boolean | null }[];
}

const isParsed = (path: string) => readersOf(path)?.references !== undefined;
const noReferences: References = { paths: [], names: [], words: [] };
const separator = " > ";
const stemCharactersMin = 3;

export function skippedCode(request: SkippedRequest): SkippedTests {
  const { texts, changed } = request;
  const testFiles = [...texts.keys()].filter(
    (path) => request.isTest(path) || languageOf(path)?.hasTestsInCode === true,
  );
  const ofFiles = new Set(testFiles);
  const fileOf = (id: string): string | null => {
    const at = id.indexOf(separator);
    const start = at === -1 ? id : id.slice(0, at);
    return ofFiles.has(start) ? start : null;
  };
  const skippedOf = (path: string) => request.skipped.filter((id) => belongs(id, path, fileOf, texts));
  const byFile = new Map(testFiles.flatMap((path) => (skippedOf(path).length > 0 ? [[path, skippedOf(path)]] : [])));
  const counts = new Map([...byFile].map(([path, ids]) => [path, countOf(ids, path, texts.get(path) ?? "")]));
  const counted = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const reach = reacher(request);
  const ranIn = (path: string) => request.ran.some((id) => belongs(id, path, fileOf, texts));
  const code = changed.flatMap(({ path, isMissed }) => {
    if (isMissed === false) return [];
    const reaching = [...byFile.keys()].filter((test) => reach(test, path));
    const [test] = reaching.toSorted((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0));
    // Without coverage, any test that ran and uses the file may check it.
    const isOther = isMissed === null && testFiles.some((one) => reach(one, path) && ranIn(one));
    if (test === undefined || isOther) return [];
    const tests = reaching.reduce((sum, one) => sum + (counts.get(one) ?? 0), 0);
    return [{ path, test_file: test, tests, needs: needsOf(texts.get(test) ?? "") }];
  });
  return { tests: Math.max(counted, request.skipped.length), code: code.slice(0, skippedCodeMax) };
}

/** True if a test belongs to a file: its id begins with the file's path, or else names its Python module or a test of it. */
function belongs(
  id: string,
  path: string,
  fileOf: (id: string) => string | null,
  texts: ReadonlyMap<string, string>,
): boolean {
  const named = fileOf(id);
  if (named !== null) return named === path;
  const parts = id.split(separator);
  const module = languageOf(path)?.moduleOf?.(path);
  if (module !== undefined && parts.some((part) => part === module || part.startsWith(`${module}.`))) return true;
  const name = nameOf(id);
  return name.length >= stemCharactersMin && hasWord(texts.get(path) ?? "", name);
}

/** The test's own name, without parameters, subtests and counters. */
function nameOf(id: string): string {
  const last = (id.split(separator).at(-1) ?? id).replace(/#\d+$/u, "").replace(/\[[^\]]*\]$/u, "");
  const plain = /^(?:Test|Benchmark|Example|Fuzz)\w*\//u.test(last) ? last.slice(0, last.indexOf("/")) : last;
  return plain.split("::").at(-1) ?? plain;
}

/** The number of tests behind these results: a group or module that is skipped as a whole reports one result. */
function countOf(ids: readonly string[], path: string, text: string): number {
  const testPaths = readersOf(path)?.testPaths;
  if (testPaths === undefined) return ids.length;
  const tests = ifReadable(() => testPaths(readSyntax(text, path)), []);
  if (languageOf(path)?.moduleOf !== undefined) {
    const isModule = ids.length === 1 && !hasWord(text, nameOf(ids[0] ?? ""));
    return isModule ? Math.max(1, tests.length) : ids.length;
  }
  return ids.reduce((sum, id) => {
    const group = id.split(separator).slice(id.startsWith(`${path}${separator}`) ? 1 : 0);
    const within = tests.filter((test) => test.length > group.length && group.every((name, at) => test[at] === name));
    return sum + Math.max(1, within.length);
  }, 0);
}

/** Returns whether a test file uses a file of code: through imports, directly or not, or, where imports can't be read, by its name or place. */
function reacher({ paths, texts, isTest }: SkippedRequest): (test: string, target: string) => boolean {
  const all = new Set(paths);
  const references = new Map<string, References>();
  const reached = new Map<string, ReadonlySet<string>>();
  const readReferences = (path: string) => {
    const known = references.get(path) ?? readersOf(path)?.references?.(path, texts.get(path) ?? "") ?? noReferences;
    references.set(path, known);
    return known;
  };
  const from = (start: string): ReadonlySet<string> => {
    const known = reached.get(start);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const open = [start];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (found.has(path)) continue;
      found.add(path);
      if (isParsed(path)) open.push(...referredFiles(path, readReferences(path), all));
    }
    reached.set(start, found);
    return found;
  };
  return (test, target) => {
    if (test === target) return true;
    const stem = posix.basename(target).replace(/(?<=.)\..*$/u, "");
    if (isParsed(test) && isParsed(target))
      return from(test).has(target) || readReferences(test).names.some((name) => name.endsWith(`/${stem}`));
    if (posix.extname(test) !== posix.extname(target) || (!isTest(test) && test !== target)) return false;
    const isRoot = /^(?:lib|main|mod|index)$/u.test(stem);
    const isBeside =
      languageOf(target)?.isInPackage?.(target) === true && posix.dirname(test) === posix.dirname(target);
    return isBeside || isRoot || (stem.length >= stemCharactersMin && hasWord(texts.get(test) ?? "", stem));
  };
}

const environmentReads = [
  /\b(?:process|import\.meta)\.env\.([A-Za-z_]\w*)/gu,
  /\b(?:process|import\.meta)\.env\[["']([A-Za-z_]\w*)["']\]/gu,
  /\b(?:environ(?:\.get)?|getenv|Getenv|LookupEnv|ENV(?:\.fetch)?|var(?:_os)?|env|EnvironmentVariable)[ ]*[[(][ ]*(?:named\s*=\s*)?["']([A-Za-z_]\w*)["']/gu,
];
/** Nearly always set, so no test lacks them. */
const usual = /^(?:CI|HOME|PATH|TZ|LANG|PWD|USER|NODE_ENV|TMPDIR)$/u;
const skipping = /skip|ignore|runIf|todo|pending|EnabledIf|DisabledIf|importorskip/iu;

/** The environment variables and packages that a test file names where it skips; if there are none, all that it reads. */
function needsOf(text: string): string[] {
  const namesIn = (part: string) =>
    environmentReads.flatMap((pattern) => [...part.matchAll(pattern)].map(([, name = ""]) => name));
  const near = text
    .split("\n")
    .filter((line) => skipping.test(line) && line.length < 2000)
    .join("\n");
  const constants = [...near.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/gu)].map(([name]) => name);
  const packages = [...near.matchAll(/importorskip\(\s*["']([\w.]+)["']/gu)].map(([, name]) => `the package ${name}`);
  const first = [...packages, ...namesIn(near), ...constants];
  const found = first.length > 0 ? first : namesIn(text);
  return [...new Set(found)].filter((name) => !usual.test(name) && name.length <= 100).slice(0, needsMax);
}
