/** Finds the changed files of code that are not tests, and which of their lines the change has. Reads only our own git objects. */
import { type CheckEntries, type Objects, readBlob, writeCheckTree } from "../../tree/check-tree.ts";
import { changedRanges } from "../mutation/changed-lines.ts";
import type { CheckContext } from "../pass/pass.ts";
import type { LineSpan } from "./places.ts";

export type MeasuredLanguage = "javascript" | "python" | "go";
export interface ChangedCode {
  path: string;
  /** Null: no language that can be measured. */
  language: MeasuredLanguage | null;
  text: string;
  bytes: number;
  lines: readonly LineSpan[];
}

const languages: readonly [RegExp, MeasuredLanguage][] = [
  [/(?<!\.d)\.(?:[cm]?[jt]s|[jt]sx)$/u, "javascript"],
  [/\.py$/u, "python"],
  [/(?<!_test)\.go$/u, "go"],
];
const otherCode =
  /\.(?:rs|java|kts?|scala|groovy|rb|php|pl|lua|exs?|erl|hs|ml|clj|cc?|cpp|cxx|h|hpp|cs|fs|swift|m|dart|zig|nim|r|jl|sh|bash|ps1|sql|vue|svelte|astro|coffee|pyx)$/iu;
const notCode = /(?:^|\/)(?:node_modules\/|[^/]*\.config\.[cm]?[jt]s$)/u;

/** Files with changed lines, those in no known language of code left out. */
export async function changedCode(
  { objects, isTest }: Pick<CheckContext, "objects" | "isTest">,
  { base, candidate, isControl }: { base: CheckEntries; candidate: CheckEntries; isControl: (path: string) => boolean },
): Promise<ChangedCode[]> {
  const changed = [...candidate].filter(
    ([path, { id, mode }]) =>
      mode.startsWith("100") && !isTest(path) && !isControl(path) && !notCode.test(path) && base.get(path)?.id !== id,
  );
  const files: ChangedCode[] = [];
  let renamed: ReadonlyMap<string, string> | undefined;
  for (const [path, { id }] of changed) {
    const language = languages.find(([pattern]) => pattern.test(path))?.[1] ?? null;
    if (language === null && !otherCode.test(path)) continue;
    let before = base.get(path);
    if (before === undefined) {
      renamed ??= await renamedFiles(objects, base, candidate);
      before = base.get(renamed.get(path) ?? "");
    }
    const content = await readBlob(objects, id);
    const isFile = before?.mode.startsWith("100") === true;
    const lines =
      before !== undefined && isFile
        ? await changedRanges(objects, before.id, id)
        : [{ first: 1, last: Number.MAX_SAFE_INTEGER }];
    const text = content.toString("utf8").toWellFormed();
    if (lines.length > 0) files.push({ path, language, text, bytes: content.length, lines });
  }
  return files;
}

/** The base's path of each renamed file. */
async function renamedFiles(
  objects: Objects,
  base: CheckEntries,
  candidate: CheckEntries,
): Promise<ReadonlyMap<string, string>> {
  const [before, after] = [await writeCheckTree(objects, base), await writeCheckTree(objects, candidate)];
  const tree = ["diff-tree", "-r", "-z", "--diff-filter=R", "--find-renames=60%", before, after];
  const { stdout } = await objects.git(tree, { gitDir: objects.gitDir });
  const fields = stdout.toString("utf8").split("\0");
  return new Map(
    fields.flatMap((field, index) => {
      const [from, to] = fields.slice(index + 1);
      return field.startsWith(":") && from !== undefined && to !== undefined ? [[to, from] as const] : [];
    }),
  );
}
