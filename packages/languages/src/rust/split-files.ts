/** Puts together, for all files of code that a change touches, the code of one side and the tests of the other. Pure; the texts are hostile: run it in the child process of tests-beside-code.ts. */
import { posix } from "node:path";
import { ifReadable } from "../tree/syntax-node.ts";
import { emptyRustFile, onlyTestsOf, type RustFile, readRustFile, withTestsOf } from "./rust-file.ts";

/** A file of code that a change writes; `before` is null if it is new. */
export interface FileVersions {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
}
/** The change's version of a file with the base's tests, and the base's version with the new tests. A file that can't be parted, or has no tests, is not among the answers. */
export interface SplitFile {
  readonly path: string;
  readonly oldTests: string;
  readonly newTests: string;
}

export function splitFiles(files: readonly FileVersions[]): SplitFile[] {
  const readable = files.flatMap(({ path, before, after }): Sides[] => {
    const [old, young] = [before === null ? null : readSide(before), readSide(after)];
    return young === null || (old === null && before !== null) ? [] : [{ path, old, young }];
  });
  const byPath = new Map(readable.map((file) => [file.path, file]));
  const declared = new Map<string, string[]>();
  const isDeclared = new Set<Sides>();
  for (const file of readable.filter(({ old, young }) => old === null && hasTests(young))) {
    const parent = parentsOf(file.path).find((path) => declares(byPath.get(path), moduleOf(file.path)));
    if (parent === undefined) continue;
    declared.set(parent, [...(declared.get(parent) ?? []), moduleOf(file.path)]);
    isDeclared.add(file);
  }
  return readable.flatMap((file): SplitFile[] => {
    const { path, old, young } = file;
    if (old === null)
      return isDeclared.has(file)
        ? [{ path, oldTests: withTestsOf(young, emptyRustFile), newTests: onlyTestsOf(young) }]
        : [];
    const modules = declared.get(path) ?? [];
    if (!hasTests(old) && !hasTests(young) && modules.length === 0) return [];
    return [{ path, oldTests: withTestsOf(young, old), newTests: withTestsOf(old, young, modules) }];
  });
}

interface Sides {
  readonly path: string;
  readonly old: RustFile | null;
  readonly young: RustFile;
}

/** One file that is nested too deep leaves the others readable. */
const readSide = (text: string): RustFile | null => ifReadable(() => readRustFile(text), null);
const hasTests = ({ tests }: RustFile) => tests.length > 0;

/** The new version of a file names the module, and the old one does not. */
const declares = (parent: Sides | undefined, name: string) =>
  parent?.young.files.includes(name) === true && parent.old?.files.includes(name) === false;

/** `a` of a.rs and of a/mod.rs. */
function moduleOf(path: string): string {
  const name = posix.basename(path, ".rs");
  return name === "mod" ? posix.basename(posix.dirname(path)) : name;
}

/** The files that can name a file's module. */
function parentsOf(path: string): string[] {
  const folder = posix.basename(path) === "mod.rs" ? posix.dirname(posix.dirname(path)) : posix.dirname(path);
  return [...["lib.rs", "main.rs", "mod.rs"].map((name) => posix.join(folder, name)), `${folder}.rs`];
}
