/** Finds the results that a runner reports for a test, given its file and name path. Pure. */
import type { TestChanges } from "@aedev/contracts";

/** A test of which only the title changed. `paths`: its file's path. */
export interface RenamedTest {
  readonly paths: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** Tests of the base that a change edited in a file, by name. */
export interface EditedFile {
  readonly path: string;
  readonly names: readonly string[];
}

/** The tests that a change retitled, and those that it edited. */
export function testKinds({ files }: TestChanges): { renamed: RenamedTest[]; edited: EditedFile[] } {
  const edited = files.flatMap(({ path, changed_tests: names }) => (names.length === 0 ? [] : [{ path, names }]));
  const renamed = files.flatMap(({ path, renamed_tests: tests }) => tests.map((test) => ({ ...test, paths: [path] })));
  return { renamed, edited };
}

/** The id that a result has under the test's new title; null if it belongs to another test. */
export function renamedId(id: string, { paths, from, to }: RenamedTest): string | null {
  if (!isResultOf(id, { paths, name: from })) return null;
  const [title = "", other = ""] = [from, to].map((name) => name.split(" > ").at(-1) ?? name);
  const groups = id.split(" > ");
  const last = groups.pop() ?? "";
  // pytest appends parameters.
  if (last !== title && !last.startsWith(`${title}[`)) return null;
  return [...groups, `${other}${last.slice(title.length)}`].join(" > ");
}

/** True if a result's id belongs to this test: after its file, or by name alone if ids have no file. */
export function isResultOf(id: string, { paths, name }: { paths: readonly string[]; name: string }): boolean {
  const parts = id.replace(/#\d+$/, "").split(" > ");
  const wanted = name.split(" > ");
  for (let start = 0; start + wanted.length <= parts.length; start += 1) {
    const isHere = wanted.every((part, index) => partNames(parts[start + index] ?? "", part, paths));
    if (!isHere) continue;
    const before = parts.slice(0, start);
    const isOwnFile = before.every((part, at) => isLocation(part, at, paths) || !isFileLike(part));
    const isWhole = start + wanted.length === parts.length || before.length === 0;
    if (isOwnFile && isWhole) return true;
  }
  return false;
}

/** True if a result's id names exactly this test: the same groups and title, after its file or without one. A group's id does not match its tests. */
export function isExactlyResultOf(id: string, { paths, name }: { paths: readonly string[]; name: string }): boolean {
  const wanted = name.split(" > ");
  const parts = id.replace(/#\d+$/, "").split(" > ");
  const first = parts.findIndex((part, at) => !isLocation(part, at, paths));
  const own = first < 0 ? [] : parts.slice(first);
  return own.length === wanted.length && own.every((part, at) => partNames(part, wanted[at] ?? "", paths));
}

/** The name's parts; pytest appends parameters, and writes a class after its module. */
function partNames(part: string, wanted: string, paths: readonly string[]): boolean {
  return (
    part === wanted ||
    part.replace(/\[.*\]$/s, "") === wanted ||
    paths.some((path) => part === `${moduleOf(path)}.${wanted}`)
  );
}

function isLocation(part: string, at: number, paths: readonly string[]): boolean {
  return paths.some((path) => part === path || part === moduleOf(path) || (at === 0 && isGoPackage(part, path)));
}

/** Whether an import path can be that of the file's folder. The path of the module itself is not known. */
function isGoPackage(part: string, path: string): boolean {
  const [, folder] = /^(?:(.*)\/)?[^/]+\.go$/u.exec(path) ?? [null, null];
  return folder !== null && `/${part}`.endsWith(folder === undefined ? "" : `/${folder}`);
}

function moduleOf(path: string): string {
  return path.replace(/\.\w+$/, "").replaceAll("/", ".");
}

function isFileLike(part: string): boolean {
  return /^\S+\.\w+$/.test(part) || /^\S+\/\S+$/.test(part);
}
