/** Composes the trees of the test matrix's cells: one side's tests on one side's code. Control files are the base's in every cell (SECURITY T9). Pure. */
import type { CheckEntries, CheckEntry } from "./check-tree.ts";

export interface CellEntries {
  "old-tests-old-code": CheckEntries;
  "old-tests-new-code": CheckEntries;
  "new-tests-old-code": CheckEntries;
  "new-tests-new-code": CheckEntries;
}

/** `base` and `candidate` are whole trees; `candidate` already has the base's package.json control keys. */
export function composeCells(sides: {
  base: CheckEntries;
  candidate: CheckEntries;
  isTest: (path: string) => boolean;
  isControl: (path: string) => boolean;
  /** True for files that only the base's tests use, which belong to the tests (SECURITY T28). */
  isSupport: (path: string) => boolean;
  /** True for tests that go with the code of their version, because only names differ. */
  isSameTest?: (path: string) => boolean;
}): CellEntries {
  const { base, isControl, isSameTest = () => false } = sides;
  const isTest = (path: string) => (sides.isTest(path) || sides.isSupport(path)) && !isSameTest(path);
  const candidate = withPathsOf(sides.candidate, base, isControl);
  return {
    "old-tests-old-code": base,
    "old-tests-new-code": withPathsOf(candidate, base, (path) => isTest(path) || isControl(path)),
    "new-tests-old-code": withPathsOf(base, candidate, (path) => isTest(path) && !isControl(path)),
    "new-tests-new-code": candidate,
  };
}

/** `into` with all chosen paths taken from `from`. A chosen path that `from` lacks is removed. */
export function withPathsOf(
  into: CheckEntries,
  from: CheckEntries,
  isChosen: (path: string) => boolean,
): Map<string, CheckEntry> {
  const kept = new Map([...into].filter(([path]) => !isChosen(path)));
  const chosen = [...from].filter(([path]) => isChosen(path));
  // A file of one side may be a folder on the other. Entries that conflict with a chosen one are dropped.
  const folders = new Set(chosen.flatMap(([path]) => foldersOf(path)));
  const files = new Set(chosen.map(([path]) => path));
  for (const path of kept.keys()) {
    if (folders.has(path) || foldersOf(path).some((folder) => files.has(folder))) kept.delete(path);
  }
  return new Map([...kept, ...chosen]);
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) folders.push(path.slice(0, at));
  return folders;
}

/** True if two trees have the same entries. */
export function sameEntries(one: CheckEntries, other: CheckEntries): boolean {
  if (one.size !== other.size) return false;
  for (const [path, entry] of one) {
    const same = other.get(path);
    if (same === undefined || same.id !== entry.id || same.mode !== entry.mode) return false;
  }
  return true;
}
