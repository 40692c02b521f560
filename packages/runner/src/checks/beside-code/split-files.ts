/** Puts together, for all files of code that a change touches, the code of one side and the tests of the other. Pure; the texts are hostile: run it in the child process of tests-beside-code.ts. */
import { posix } from "node:path";
import { onlyTestsOf, type RustFile, readRustFile, withTestsOf } from "@aedev/host/syntax/rust-file";
import { UnreadableText } from "@aedev/host/syntax/syntax-tree";

/** A changed file of code; null where a side does not have it. */
export interface FileVersions {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}
/** The text of a file in a cell that mixes the sides; null: it is not there. A file that can't be parted, or is the same in all cells, is not among the answers. */
export interface SplitFile {
  readonly path: string;
  readonly oldTests: string | null;
  readonly newTests: string | null;
}

export function splitFiles(files: readonly FileVersions[]): SplitFile[] {
  const read = files.map((file) => ({ ...file, old: readSide(file.before), young: readSide(file.after) }));
  const readable = read.filter(({ old, young }) => old !== "unreadable" && young !== "unreadable") as Sides[];
  const byPath = new Map(readable.map((file) => [file.path, file]));
  const declared = new Map<string, string[]>();
  for (const file of readable.filter(({ old, young }) => old === null && hasTests(young))) {
    const parent = parentsOf(file.path).find((path) => declares(byPath.get(path), moduleOf(file.path)));
    if (parent !== undefined) declared.set(parent, [...(declared.get(parent) ?? []), moduleOf(file.path)]);
  }
  return readable.flatMap((file) => splitFile(file, declared));
}

interface Sides extends FileVersions {
  readonly old: RustFile | null;
  readonly young: RustFile | null;
}

function readSide(text: string | null): RustFile | null | "unreadable" {
  if (text === null) return null;
  try {
    return readRustFile(text) ?? "unreadable";
  } catch (error) {
    // One file that is nested too deep leaves the others readable.
    if (error instanceof RangeError || error instanceof UnreadableText) return "unreadable";
    throw error;
  }
}
const hasTests = (file: RustFile | null) => (file?.tests.length ?? 0) > 0;

function splitFile({ path, old, young }: Sides, declared: ReadonlyMap<string, readonly string[]>): SplitFile[] {
  const modules = declared.get(path) ?? [];
  if (young === null || !(hasTests(old) || hasTests(young) || modules.length > 0)) return [];
  const isDeclared = [...declared].some(
    ([parent, names]) => names.includes(moduleOf(path)) && parentsOf(path).includes(parent),
  );
  if (old === null)
    return isDeclared ? [{ path, oldTests: withTestsOf(young, none), newTests: onlyTestsOf(young) }] : [];
  return [{ path, oldTests: withTestsOf(young, old), newTests: withTestsOf(old, young, modules) }];
}

const none: RustFile = { text: "", tests: [], files: [] };

/** The new version of a file names the module, and the old one does not. */
const declares = (parent: Sides | undefined, name: string) =>
  parent?.young?.files.includes(name) === true && parent.old?.files.includes(name) === false;

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
