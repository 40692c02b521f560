/**
 * Tests inside a file of code, as in Rust, are tests in the cells of the matrix too: the base's go with the new code, and the new ones with the base's code. A
 * child process separates them from the code. Contract: a file that can't be separated, or is too large or changed beyond the bounds, keeps its tests.
 *
 * Folder: tests that stand in a file of code, as Rust's do.
 */
import { fileURLToPath } from "node:url";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { languageOf } from "@aedev/languages";
import { z } from "zod";
import type { CellEntries } from "../../tree/cells.ts";
import { type CheckEntries, type CheckEntry, type Objects, readBlob, writeBlob } from "../../tree/check-tree.ts";
import type { CheckContext } from "../pass/pass.ts";

const filesMax = 200;
const fileBytesMax = 1024 * 1024;
const childBounds = { timeoutMs: 30_000, memoryMegabytes: 768, answerBytesMax: 128 * 1024 * 1024 };
const script = fileURLToPath(new URL("./split-child.ts", import.meta.url));
const splitSchema = z.array(z.strictObject({ path: z.string(), oldTests: z.string(), newTests: z.string() }));

/** A file's entries in the two cells that mix the sides, and the change's whole file. */
export interface BesideCode {
  readonly path: string;
  readonly own: CheckEntry;
  readonly oldTestsNewCode: CheckEntry;
  readonly newTestsOldCode: CheckEntry;
}

/** `unread`: files that could not be separated, so that their tests run only in the change's form. */
export interface FoundBesideCode {
  readonly files: readonly BesideCode[];
  readonly unread: readonly string[];
}

/** Finds the changed files of code that contain tests, if one of the runners runs such tests. */
export async function testsBesideCode(
  { objects, plans, isTest }: Pick<CheckContext, "objects" | "plans" | "isTest">,
  { base, candidate, isControl }: { base: CheckEntries; candidate: CheckEntries; isControl: (path: string) => boolean },
): Promise<FoundBesideCode> {
  if (!plans.some(({ runner }) => runner?.testsAmongCode === true)) return { files: [], unread: [] };
  const isCode = (path: string) => languageOf(path)?.hasTestsInCode === true && !isTest(path) && !isControl(path);
  const changed = [...candidate.keys()].filter(
    (path) => isCode(path) && base.get(path)?.id !== candidate.get(path)?.id,
  );
  if (changed.length === 0) return { files: [], unread: [] };
  if (changed.length > filesMax) return { files: [], unread: changed };
  const files = await Promise.all(
    changed.map(async (path) => ({
      path,
      before: base.has(path) ? await textOf(objects, base.get(path)) : null,
      after: await textOf(objects, candidate.get(path)),
    })),
  );
  const known = files.filter(({ before, after }) => before !== undefined && after !== undefined);
  const { stdout } = await runBoundedChild(script, { kind: "split", files: known }, childBounds);
  const split = splitSchema.safeParse(parseJson(stdout)).data;
  if (split === undefined) return { files: [], unread: changed };
  const parted = await Promise.all(
    split.flatMap(({ path, oldTests, newTests }) => {
      const own = candidate.get(path);
      if (own === undefined || !changed.includes(path)) return [];
      return [
        Promise.all([writeBlob(objects, oldTests), writeBlob(objects, newTests)]).then(([old, young]) => ({
          path,
          own,
          oldTestsNewCode: { ...own, id: old },
          newTestsOldCode: { ...own, id: young },
        })),
      ];
    }),
  );
  return { files: parted, unread: [] };
}

/** The cells, with those files replaced in the two cells that mix the sides. */
export function withTestsApart(cells: CellEntries, files: readonly BesideCode[]): CellEntries {
  if (files.length === 0) return cells;
  const merged = (into: CheckEntries, entryOf: (file: BesideCode) => CheckEntry) =>
    new Map([...into, ...files.map((file): [string, CheckEntry] => [file.path, entryOf(file)])]);
  return {
    ...cells,
    "old-tests-new-code": merged(cells["old-tests-new-code"], (file) => file.oldTestsNewCode),
    "new-tests-old-code": merged(cells["new-tests-old-code"], (file) => file.newTestsOldCode),
  };
}

/** Joins the code of each pair's first file with the tests of the second into a new blob; null where a file can't be separated. */
export async function joinTests(
  objects: Objects,
  pairs: readonly { readonly code: string; readonly tests: string }[],
): Promise<(string | null)[]> {
  if (pairs.length === 0) return [];
  const texts = await Promise.all(
    pairs.map(async ({ code, tests }) => ({
      code: (await readBlob(objects, code)).toString("utf8"),
      tests: (await readBlob(objects, tests)).toString("utf8"),
    })),
  );
  const { stdout } = await runBoundedChild(script, { kind: "join", pairs: texts }, childBounds);
  const joined = z.array(z.string().nullable()).safeParse(parseJson(stdout)).data ?? [];
  return Promise.all(
    pairs.map((_, index) => {
      const text = joined[index] ?? null;
      return text === null ? null : writeBlob(objects, text);
    }),
  );
}

/** Undefined if the entry has no text within the bounds. */
async function textOf(objects: Objects, entry: CheckEntry | undefined): Promise<string | undefined> {
  if (entry?.mode.startsWith("100") !== true) return undefined;
  const bytes = await readBlob(objects, entry.id);
  return bytes.length > fileBytesMax || bytes.includes(0) ? undefined : bytes.toString("utf8").toWellFormed();
}
