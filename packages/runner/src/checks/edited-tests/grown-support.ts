/** Finds files beside the tests that only tests use and to which a change only added lines (ADR 0041), and which tests do not pass without them. */
import type { WatchedPaths } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";
import { parsedLanguageOf } from "@aedev/host/syntax/syntax-tree";
import { type CheckEntries, readBlob } from "../../tree/check-tree.ts";
import type { CheckContext } from "../pass/pass.ts";
import { type EditedFile, kindOfAddition } from "./edited-files.ts";

/** Each is one more run of the tests. */
const supportMax = 5;
const usersMax = 500;
const fileBytesMax = 1024 * 1024;
/** Test files that are read to know which code the tests are about. */
const testsMax = 200;

export interface SupportRequest {
  checkContext: Pick<CheckContext, "objects" | "isTest">;
  base: CheckEntries;
  candidate: CheckEntries;
  watched: WatchedPaths | null;
  isTestCode: (path: string) => boolean;
}

/** Helpers that got more than whole functions, and lists of JSON that got rows before all others; what else was added is decided without running anything. None if there are too many. */
export async function grownSupport(request: SupportRequest): Promise<EditedFile[]> {
  const { checkContext, base, candidate, watched, isTestCode } = request;
  const { isTest, objects } = checkContext;
  const found: EditedFile[] = [];
  for (const path of watched?.support ?? []) {
    const [old, now] = [base.get(path), candidate.get(path)];
    if (old === undefined || now === undefined || old.id === now.id || isTest(path)) continue;
    const isCode = parsedLanguageOf(path) !== null;
    if (
      (isCode ? !isTestCode(path) : !path.endsWith(".json")) ||
      [old, now].some(({ mode }) => !mode.startsWith("100"))
    )
      continue;
    const blobs = [await readBlob(objects, old.id), await readBlob(objects, now.id)];
    if (blobs.some(({ length }) => length > fileBytesMax)) continue;
    const [before = "", after = ""] = blobs.map((blob) => blob.toString("utf8"));
    if (kindOfAddition({ before, after }) === "more" && (isCode || hasOtherFirst(before, after)))
      found.push({ path, before, after });
  }
  return found.length > supportMax ? [] : found;
}

function hasOtherFirst(before: string, after: string): boolean {
  const [old, now] = [parseJson(before), parseJson(after)];
  return Array.isArray(old) && Array.isArray(now) && JSON.stringify(old[0]) !== JSON.stringify(now[0]);
}

/** The base's test files that name one of these files, or all if none does. */
export async function testsNaming(support: readonly EditedFile[], request: SupportRequest): Promise<EditedFile[]> {
  const { checkContext, base } = request;
  if (support.length === 0) return [];
  const paths = [...base].filter(
    ([path, { mode }]) => checkContext.isTest(path) && parsedLanguageOf(path) !== null && mode.startsWith("100"),
  );
  const tests: EditedFile[] = [];
  for (const [path, { id }] of paths.slice(0, testsMax)) {
    const before = (await readBlob(checkContext.objects, id)).toString("utf8");
    tests.push({ path, before, after: before });
  }
  const stems = support.map(({ path }) => path.replace(/^.*\//u, "").replace(/\.[^.]*$/u, ""));
  const naming = tests.filter(({ before }) => stems.some((stem) => before.includes(stem)));
  return naming.length > 0 ? naming : tests;
}

export function withoutPath(tree: CheckEntries, path: string): CheckEntries {
  return new Map([...tree].filter(([one]) => one !== path));
}

type Results = readonly { readonly id: string; readonly result: string }[] | null;

/** Tests that pass in the cell's `commands` and in no run without the file. Empty if there are too many. */
export function usersOf(
  without: readonly { readonly report: { readonly tests: Results } | null }[],
  commands: readonly { readonly tests: Results }[],
): string[] {
  const passing = (tests: Results) => (tests ?? []).flatMap(({ id, result }) => (result === "pass" ? [id] : []));
  const left = new Set(without.flatMap(({ report }) => passing(report?.tests ?? null)));
  const users = new Set(commands.flatMap(({ tests }) => passing(tests)).filter((id) => !left.has(id)));
  return users.size > usersMax ? [] : [...users].sort();
}
