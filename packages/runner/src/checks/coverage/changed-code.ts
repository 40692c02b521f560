/** Finds the changed files of code that are not tests, and their changed lines. Reads only our own git objects. */

import { mayBeCode, measuredLanguage, readablePath } from "@aedev/languages";
import type { Language } from "@aedev/languages/language";
import type { LineSpan } from "@aedev/languages/shared/probing";
import { type CheckEntries, type Objects, readBlob, writeCheckTree } from "../../tree/check-tree.ts";
import { changedRanges } from "../changed-code/changed-ranges.ts";
import type { CheckContext } from "../pass/pass.ts";
import { withOnlyReturns } from "./base-returns.ts";
import { movedLines } from "./moved-lines.ts";

const site = "runner/checks/coverage/changed-code";

export interface ChangedCode {
  path: string;
  /** Null if coverage can't be measured in the file's language. */
  language: Language | null;
  text: string;
  bytes: number;
  lines: readonly LineSpan[];
  /** Lines that only the base has and lines that only the change has, ignoring indentation. */
  removed: readonly string[];
  added: readonly string[];
  /** True if a line, counted from 1, is a `return` statement that the change only moved. */
  isMoved: (line: number) => boolean;
}

/** The files with changed lines, without those in unknown languages. */
export async function changedCode(
  { objects, isTest }: Pick<CheckContext, "objects" | "isTest">,
  {
    base,
    candidate,
    isTestCode,
  }: { base: CheckEntries; candidate: CheckEntries; isTestCode: (path: string) => boolean },
): Promise<ChangedCode[]> {
  const changed = [...candidate].filter(
    ([path, { id, mode }]) => mode.startsWith("100") && !isTest(path) && !isTestCode(path) && base.get(path)?.id !== id,
  );
  const read: {
    path: string;
    language: Language | null;
    bytes: number;
    text: string;
    id: string;
    before: string | null;
  }[] = [];
  let renamed: ReadonlyMap<string, string> | undefined;
  for (const [path, { id }] of changed) {
    if (!mayBeCode(path)) continue;
    const content = await readBlob(objects, id);
    const text = content.toString("utf8").toWellFormed();
    const language = measuredLanguage(path, text);
    if (language === "none") continue;
    let before = base.get(path);
    if (before === undefined) {
      renamed ??= await renamedFiles(objects, base, candidate);
      before = base.get(renamed.get(path) ?? "");
    }
    const isFile = before?.mode.startsWith("100") === true;
    read.push({ path, language, bytes: content.length, text, id, before: isFile ? (before?.id ?? null) : null });
  }
  const versions = read.flatMap(({ path, language, id, before }) =>
    before === null ? [] : [{ path, before, after: id, grammar: readablePath(path, language) }],
  );
  const ranges = await changedRanges(objects, versions);
  const linesOf = new Map(versions.map(({ path }, index) => [path, ranges[index] ?? []]));
  const files: Omit<ChangedCode, "isMoved">[] = [];
  const texts: { path: string; language: Language | null; before: string; after: string }[] = [];
  for (const { path, language, bytes, text, before } of read) {
    const lines = linesOf.get(path) ?? [{ first: 1, last: Number.MAX_SAFE_INTEGER }];
    const old = before === null ? "" : (await readBlob(objects, before)).toString("utf8");
    texts.push({ path, language, before: old, after: text });
    // A file that only loses lines has nothing to measure, but other files may have received its lines.
    const only = { removed: linesOnlyIn(old, text), added: linesOnlyIn(text, old) };
    if (lines.length > 0) files.push({ path, language, text, bytes, lines, ...only });
  }
  const seemsMoved = movedLines(texts);
  const isAny = files.some(({ path, text, lines }) =>
    text.split("\n").some((_line, index) => isWithin(index + 1, lines) && seemsMoved(path, index + 1)),
  );
  // Only code can move; a comment or string may have the same text by chance.
  const isMoved = isAny ? movedLines(await withOnlyReturns(texts)) : seemsMoved;
  return files.map((file) => ({ ...file, isMoved: (line) => isMoved(file.path, line) }));
}

/** Lines of `text` that `other` does not have, or not as often. */
function linesOnlyIn(text: string, other: string): string[] {
  const left = new Map<string, number>();
  for (const line of other.split("\n")) left.set(line.trim(), (left.get(line.trim()) ?? 0) + 1);
  return text.split("\n").filter((line) => {
    const count = left.get(line.trim()) ?? 0;
    left.set(line.trim(), count - 1);
    return count <= 0;
  });
}

function isWithin(line: number, spans: readonly LineSpan[]): boolean {
  return spans.some(({ first, last }) => first <= line && line <= last);
}

/** The old path of each renamed file. */
async function renamedFiles(
  objects: Objects,
  base: CheckEntries,
  candidate: CheckEntries,
): Promise<ReadonlyMap<string, string>> {
  const [before, after] = [await writeCheckTree(objects, base), await writeCheckTree(objects, candidate)];
  const tree = ["diff-tree", "-r", "-z", "--diff-filter=R", "--find-renames=60%", before, after];
  const { stdout } = await objects.git(site, tree, { gitDir: objects.gitDir });
  const fields = stdout.toString("utf8").split("\0");
  return new Map(
    fields.flatMap((field, index) => {
      const [from, to] = fields.slice(index + 1);
      return field.startsWith(":") && from !== undefined && to !== undefined ? [[to, from] as const] : [];
    }),
  );
}
