/** Makes the evidence of a traced base from the traces of its commands: which files its tests opened and looked for, and which of them are test support. */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { WatchedPaths } from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type CheckEntries, type Objects, readBlobsTogether } from "../../tree/check-tree.ts";
import type { Trace } from "./read-trace.ts";

const pathsMax = 20_000;
const textsBytesMax = 32 * 1024 * 1024;
const childBounds = { timeoutMs: 60_000, memoryMegabytes: 1024, answerBytesMax: 8 * 1024 * 1024 };
const sourceFile =
  /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs)$|(?:^|\/)(?:package\.json|pyproject\.toml|setup\.(?:py|cfg))$/u;

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
  // What no rule reads says nothing by its end.
  const omitted = [lists.probed, support, modules, roots].reduce(
    (sum, list) => sum + Math.max(0, list.length - pathsMax),
    0,
  );
  const short = <T>(list: readonly T[]) => list.slice(0, pathsMax);
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

/** What is looked for in a folder that does not exist is as new as the folder. */
function outermost(probed: readonly string[]): string[] {
  const all = new Set(probed);
  const isBelow = (path: string): boolean => {
    const folder = posix.dirname(path);
    return folder !== "." && (all.has(folder) || isBelow(folder));
  };
  return probed.filter((path) => !isBelow(path));
}

/** The top-level Python module that an opened file belongs to, if it is the interpreter's or an installed one. */
function moduleOf(path: string): string[] {
  const found =
    /(?:^|\/)(?:python\d[\d.]*|site-packages|dist-packages)\/(?:(?:lib-dynload|site-packages|dist-packages|__pycache__)\/)*([A-Za-z_]\w*)(?:[./]|$)/u.exec(
      path,
    );
  return found?.[1] === undefined ? [] : [found[1]];
}

/**
 * The changed or new files that only tests use in the change too: what in them no test runs, such as the way by which an assertion fails, is no code of
 * the product. Empty if the base was not watched or the files can't be read within bounds.
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
  const changed = [...candidate].flatMap(([path, { id }]) =>
    sourceFile.test(path) && base.get(path)?.id !== id && (known.has(path) || !base.has(path)) ? [path] : [],
  );
  return new Set((await supportOf(changed, { ...shared, entries: candidate })) ?? []);
}

async function supportOf(opened: readonly string[], base: Omit<WatchedBase, "outputs">): Promise<string[] | null> {
  const candidates = opened.filter((path) => !base.isTest(path));
  if (candidates.length === 0) return [];
  const sources = [...base.entries].filter(([path, { mode }]) => mode.startsWith("100") && sourceFile.test(path));
  const texts = await readBlobsTogether(
    base.objects,
    sources.map(([, { id }]) => id),
    textsBytesMax,
  );
  if (texts === null) return null;
  const request = {
    paths: [...base.entries.keys()],
    texts: sources.map(([path], index) => [path, texts[index]?.toString("utf8") ?? ""]),
    opened: candidates,
    tests: base.testGlobs,
  };
  const script = fileURLToPath(new URL("./test-support-child.ts", import.meta.url));
  const { stdout, end } = await runBoundedChild(script, request, childBounds);
  return end === "done" ? (z.array(z.string()).safeParse(parseJson(stdout)).data ?? null) : null;
}
