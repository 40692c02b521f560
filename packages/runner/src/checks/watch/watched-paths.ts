/** Makes evidence from the traces of a base's commands: the files that its tests opened or looked for, and those that are test support. */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { type WatchedPaths, watchedPathsMax } from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { CheckEntries, Objects } from "../../tree/check-tree.ts";
import { hasWord } from "./has-word.ts";
import type { Trace } from "./read-trace.ts";
import { childBounds, sourceFile, sourceTextsOf } from "./source-texts.ts";

/** Where no manifest does, the readme can tell what is production code. */
const readme = /^readme\.(?:md|rst|txt)$/iu;

export interface WatchedBase {
  objects: Objects;
  entries: CheckEntries;
  /** Globs of test files. */
  testGlobs: readonly string[];
  isTest: (path: string) => boolean;
  /** Paths that prepare creates. */
  outputs: readonly string[];
}

/** Null if a command was not traced, or if its files could not be read within bounds. */
export async function watchedPaths(traces: readonly (Trace | null)[], base: WatchedBase): Promise<WatchedPaths | null> {
  const whole = traces.filter((trace) => trace !== null);
  if (whole.length === 0 || whole.length < traces.length) return null;
  const isOwn = (path: string) =>
    path !== "" && !base.outputs.some((output) => path === output || path.startsWith(`${output}/`));
  const all = (kind: "opened" | "probed" | "written" | "executed" | "listed") =>
    [...new Set(whole.flatMap((trace) => [...trace[kind]]))].filter(isOwn).toSorted();
  const opened = all("opened").filter((path) => base.entries.has(path));
  const support = await supportOf(opened, base);
  if (support === null) return null;
  const lists = {
    opened,
    probed: outermost(all("probed")),
    written: all("written"),
    executed: all("executed"),
    support,
  };
  const modules = [
    ...new Set(whole.flatMap((trace) => [...trace.outside, ...trace.opened].flatMap(moduleOf))),
  ].toSorted();
  const folders = whole.flatMap((trace) => [...trace.listed]).filter((folder) => folder === "" || isOwn(folder));
  const roots = [...new Set(folders)]
    .filter((folder) => !base.entries.has(posix.join(folder, "__init__.py")))
    .toSorted();
  // Only these lists must be complete for the gate's rules; the other lists may be cut.
  const omitted = [lists.probed, support, modules, roots].reduce(
    (sum, list) => sum + Math.max(0, list.length - watchedPathsMax),
    0,
  );
  const short = <T>(list: readonly T[]) => list.slice(0, watchedPathsMax);
  return {
    opened: short(opened),
    probed: short(lists.probed),
    written: short(lists.written),
    executed: short(lists.executed),
    support: short(support),
    modules: short(modules),
    module_folders: modules.length === 0 ? [] : short(roots),
    omitted,
  };
}

/** Keeps only the missing folder where several paths were looked for below it. */
function outermost(probed: readonly string[]): string[] {
  const all = new Set(probed);
  const isBelow = (path: string): boolean => {
    const folder = posix.dirname(path);
    return folder !== "." && (all.has(folder) || isBelow(folder));
  };
  return probed.filter((path) => !isBelow(path));
}

/** The top-level Python module of an opened file that belongs to the interpreter or an installed package. */
function moduleOf(path: string): string[] {
  const found =
    /(?:^|\/)(?:python\d[\d.]*|site-packages|dist-packages)\/(?:(?:lib-dynload|site-packages|dist-packages|__pycache__)\/)*([A-Za-z_]\w*)(?:[./]|$)/u.exec(
      path,
    );
  return found?.[1] === undefined ? [] : [found[1]];
}

/**
 * The changed files that only tests use, on the base and in the change. Code in them that no test runs, such as the way by which an assertion fails, is not
 * product code. A file that other changed code mentions, directly or through such files, is left out: it may be loaded in a way that no import shows. Empty if
 * the base was not watched or the files can't be read within bounds.
 */
export async function changedSupport(
  watched: WatchedPaths | null,
  {
    base,
    candidate,
    ...shared
  }: Omit<WatchedBase, "entries" | "outputs"> & { base: CheckEntries; candidate: CheckEntries },
): Promise<ReadonlySet<string>> {
  if (watched === null) return new Set();
  const known = new Set(watched.support);
  const isChanged = (path: string) => base.get(path)?.id !== candidate.get(path)?.id;
  const sources = [...candidate.keys()].filter((path) => sourceFile.test(path) && !shared.isTest(path));
  const old = sources.filter((path) => known.has(path) && base.has(path));
  const changed = old.filter(isChanged);
  if (changed.length === 0) return new Set();
  const isOld = new Set(old);
  const others = sources.filter((path) => !isOld.has(path) && isChanged(path));
  const texts = await sourceTextsOf([...old, ...others], { ...shared, entries: candidate });
  const support = await supportOf(changed, { ...shared, entries: candidate });
  if (texts === null || support === null) return new Set();
  const mentioned = mentionedFiles(old, others, texts);
  return new Set(support.filter((path) => !mentioned.has(path)));
}

/** Those of `files` that `others` mention, directly or through each other. */
function mentionedFiles(
  files: readonly string[],
  others: readonly string[],
  texts: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...others];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    const text = texts.get(from) ?? "";
    const more = files.filter((path) => !found.has(path) && namesOf(path).some((name) => hasWord(text, name)));
    for (const path of more) found.add(path);
    open.push(...more);
  }
  return found;
}

/** The names by which code can refer to a file: its own without the ending, and its folder's. */
function namesOf(path: string): string[] {
  const stem = posix.basename(path).replace(/(?<=.)\..*$/u, "");
  const folder = posix.basename(posix.dirname(path));
  return folder === "." ? [stem] : [stem, folder];
}

async function supportOf(opened: readonly string[], base: Omit<WatchedBase, "outputs">): Promise<string[] | null> {
  const candidates = opened.filter((path) => !base.isTest(path));
  if (candidates.length === 0) return [];
  const sources = [...base.entries].filter(
    ([path, { mode }]) => mode.startsWith("100") && (sourceFile.test(path) || readme.test(path)),
  );
  const texts = await sourceTextsOf(
    sources.map(([path]) => path),
    base,
  );
  if (texts === null) return null;
  const request = {
    paths: [...base.entries.keys()],
    texts: [...texts],
    opened: candidates,
    tests: base.testGlobs,
  };
  const script = fileURLToPath(new URL("./test-support-child.ts", import.meta.url));
  const { stdout, end } = await runBoundedChild(script, request, childBounds);
  return end === "done" ? (z.array(z.string()).safeParse(parseJson(stdout)).data ?? null) : null;
}
