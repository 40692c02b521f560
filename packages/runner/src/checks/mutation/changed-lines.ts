/** Finds the code lines that a change added or rewrote, for the mutation sample. Reads only our own git objects. */

import { counted } from "@aedev/contracts";
import { type CheckEntries, type Objects, readBlob } from "../../tree/check-tree.ts";
import { changedRanges } from "../changed-code/changed-ranges.ts";

const filesMax = 50;
const rangesMax = 400;
/** Files that Stryker can mutate. */
const code = /\.[cm]?[jt]sx?$/u;
const notCode = /\.d\.[cm]?ts$|(?:^|\/)[^/]*\.config\.[cm]?[jt]s$|(?:^|\/)node_modules\//u;
/** Stryker reads any other character in a name as a pattern or range. */
const plainName = /^[\p{L}\p{N}_@ ./+=~-]+$/u;

export interface LineRange {
  path: string;
  /** 1-based; `last` is included. */
  first: number;
  last: number;
}
export interface ChangedLines {
  ranges: LineRange[];
  lines: number;
  /** Says which lines were left out; null if none were. */
  omitted: string | null;
}

/** Lines of `candidate` that `base` does not have, in code files that are not tests. */
export async function changedLines(
  objects: Objects,
  trees: { base: CheckEntries; candidate: CheckEntries },
  isTest: (path: string) => boolean,
): Promise<ChangedLines> {
  const changed = [...trees.candidate].filter(
    ([path, { id, mode }]) =>
      mode.startsWith("100") &&
      code.test(path) &&
      !notCode.test(path) &&
      !isTest(path) &&
      trees.base.get(path)?.id !== id,
  );
  const named = changed.filter(([path]) => plainName.test(path));
  const taken = named.slice(0, filesMax).map(([path, { id }]) => {
    const before = trees.base.get(path);
    return { path, after: id, grammar: path, before: before?.mode.startsWith("100") === true ? before.id : null };
  });
  const versions = taken.flatMap((file) => (file.before === null ? [] : [{ ...file, before: file.before }]));
  const edited = await changedRanges(objects, versions);
  const known = new Map(versions.map(({ path }, index) => [path, edited[index] ?? []]));
  const ranges: LineRange[] = [];
  for (const { path, after } of taken)
    for (const range of known.get(path) ?? wholeFile(await readBlob(objects, after))) ranges.push({ path, ...range });
  const listed = ranges.slice(0, rangesMax);
  const left = [
    ...(changed.length > named.length ? [`${counted(changed.length - named.length, "file")} with unusual names`] : []),
    ...(named.length > filesMax ? [`${named.length - filesMax} of ${named.length} changed files`] : []),
    ...(ranges.length > rangesMax ? [`${ranges.length - rangesMax} of ${ranges.length} places`] : []),
  ];
  return {
    ranges: listed,
    lines: listed.reduce((sum, { first, last }) => sum + last - first + 1, 0),
    omitted: left.length === 0 ? null : `omitted: ${left.join(", ")}`,
  };
}

function wholeFile(content: Buffer): { first: number; last: number }[] {
  const lines = content.toString("utf8").split("\n");
  const last = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  return last === 0 ? [] : [{ first: 1, last }];
}
