/** What stands in each cell of the test matrix, as lists of entries: whose tests on whose code, control files the base's in every cell (THREATS T9). Pure. */
import picomatch from "picomatch";
import type { Entries, Entry } from "./tree.ts";

/** True where a path is matched by one of the globs, from the root on; dot files too. */
export function matcherOf(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  return picomatch([...globs], { dot: true });
}

/** True where a path is matched by one of policy's globs, which count at any depth and in any case; one without a slash may also name a folder. */
export function policyMatcherOf(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const patterns = globs.flatMap((glob) => (glob.includes("/") ? [`**/${glob}`] : [`**/${glob}`, `**/${glob}/**`]));
  return picomatch(patterns, { dot: true, nonegate: true, flags: "is" });
}

export interface CellEntries {
  "old-tests-old-code": Entries;
  "old-tests-new-code": Entries;
  "new-tests-old-code": Entries;
  "new-tests-new-code": Entries;
}

/** `base` and `candidate` are whole trees; `candidate` already has the base's package.json control keys. */
export function composeCells(sides: {
  base: Entries;
  candidate: Entries;
  isTest: (path: string) => boolean;
  isControl: (path: string) => boolean;
}): CellEntries {
  const { base, isTest, isControl } = sides;
  const candidate = withPathsOf(sides.candidate, base, isControl);
  return {
    "old-tests-old-code": base,
    "old-tests-new-code": withPathsOf(candidate, base, (path) => isTest(path) || isControl(path)),
    "new-tests-old-code": withPathsOf(base, candidate, (path) => isTest(path) && !isControl(path)),
    "new-tests-new-code": candidate,
  };
}

/** `into` with every chosen path taken from `from`: chosen paths that `from` does not have are gone. */
export function withPathsOf(into: Entries, from: Entries, isChosen: (path: string) => boolean): Map<string, Entry> {
  const kept = new Map([...into].filter(([path]) => !isChosen(path)));
  const chosen = [...from].filter(([path]) => isChosen(path));
  // A file of one side may be a folder of the other: what stands in a chosen entry's way goes.
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

/** True where two trees hold the same entries. */
export function sameEntries(one: Entries, other: Entries): boolean {
  if (one.size !== other.size) return false;
  for (const [path, entry] of one) {
    const same = other.get(path);
    if (same === undefined || same.id !== entry.id || same.mode !== entry.mode) return false;
  }
  return true;
}
