/**
 * Makes mutants of the code that tests are likely about, and reads which tests fail on them.
 *
 * Folder: small faults in code, on which tests run.
 */
import { randomInt } from "node:crypto";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cell } from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { isCodeFile, languageOf, mayBeCode, measuredLanguage } from "@aedev/languages";
import type { Language } from "@aedev/languages/language";
import type { Mutant } from "@aedev/languages/mutants";
import { z } from "zod";
import { readBlob } from "../../tree/check-tree.ts";
import type { CommandPass } from "../pass/pass.ts";
import type { TestedChange } from "../proof/proof.ts";

/** Each mutant takes one or two runs of the tests, so this bounds the time. */
export const triedMax = 24;
const filesMax = 8;
/** Mutants of the files closest to the tests, tried before all others. */
const closestMin = 12;
const fileBytesMax = 128 * 1024;
const childBounds = { timeoutMs: 20_000, memoryMegabytes: 512, answerBytesMax: 16 * 1024 * 1024 };

/** Both versions of a file of tests; empty: it is absent. */
export interface TestText {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}
export interface CodeFile {
  readonly path: string;
  readonly text: string;
  readonly language: Language;
  readonly rank: number;
}

const mutantsSchema = z.array(
  z.strictObject({
    line: z.int(),
    from: z.int(),
    to: z.int(),
    before: z.string(),
    after: z.string(),
    within: z.array(z.string()),
  }),
);

export function isCellGreen({ ran, commands }: Cell): boolean {
  return ran && commands.every(({ exit_code, incomplete }) => exit_code === 0 && incomplete === null);
}

/** Tests that pass in the cell and fail here, as far as the run got. */
export function killersIn(passes: CommandPass[] | "unbuildable", { commands }: Cell): string[] {
  if (passes === "unbuildable") return [];
  const green = new Set(
    commands.flatMap(({ tests }) => (tests ?? []).flatMap(({ id, result }) => (result === "pass" ? [id] : []))),
  );
  const failed = passes.flatMap(({ report }) =>
    (report?.tests ?? []).flatMap(({ id, result }) => (result === "fail" && green.has(id) ? [id] : [])),
  );
  return [...new Set(failed)].sort();
}

/** Files of code in a change that alters no code, those closest to the tests first. */
export async function codeFiles(
  { checkContext, candidate, isTestCode }: TestedChange,
  tests: readonly TestText[],
): Promise<CodeFile[]> {
  const { isTest, objects } = checkContext;
  const isCode = ([path, { mode }]: [string, { mode: string }]) =>
    mode.startsWith("100") && languageOf(path)?.testParser !== undefined && !isTest(path) && !isTestCode(path);
  const ranked = [...candidate]
    .filter(isCode)
    .map(([path, { id }]) => ({ path, id, rank: closeness(path, tests) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank || (one.path < other.path ? -1 : 1));
  const files: CodeFile[] = [];
  for (const { path, id, rank } of ranked) {
    if (files.length === filesMax) break;
    const content = await readBlob(objects, id);
    const text = content.toString("utf8");
    const language = measuredLanguage(path, text);
    if (content.length <= fileBytesMax && text.isWellFormed() && language !== null && language !== "none")
      files.push({ path, text, language, rank });
  }
  return files;
}

/** Whether each changed file is a test, or no code by its name. */
export function differsInTestsOnly(tested: TestedChange): boolean {
  const { isTest } = tested.checkContext;
  return changedPaths(tested).every((path) => isTest(path) || !mayBeCode(path));
}

/** The paths of files whose content or mode the change alters. */
export function changedPaths({ base, candidate }: TestedChange): string[] {
  const isOther = (path: string) => {
    const [one, other] = [base.get(path), candidate.get(path)];
    return one?.id !== other?.id || one?.mode !== other?.mode;
  };
  return [...new Set([...base.keys(), ...candidate.keys()])].filter(isOther);
}

/** Ranks how closely a file of code is related to these tests; 0: not at all. */
export function closeness(path: string, tests: readonly TestText[]): number {
  const stem = posix.basename(path).replace(/\.[^.]*$/u, "");
  const name = /^(?:index|main|mod|__init__)$/u.test(stem) ? posix.basename(posix.dirname(path)) : stem;
  const isNamed = name.length > 1 && tests.some(({ before }) => wordsOf(before).has(name));
  const isBeside = tests.some((test) => posix.dirname(test.path) === posix.dirname(path));
  return (isNamed ? 2 : 0) + (isBeside ? 1 : 0);
}

/** For example `user.service` and `user` from `./user.service.js`. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.match(/[\p{L}\p{Nd}_.-]+/gu) ?? [];
  return new Set(
    words.flatMap((word) => [word, isCodeFile(word) ? word.replace(/\.[^.]*$/u, "") : word, ...word.split(".")]),
  );
}

export interface MutantOf {
  readonly path: string;
  /** The whole file's text, with the mutation. */
  readonly text: string;
  readonly mutant: Mutant;
}

/**
 * Returns mutants in an order that the change's author can't predict, of each file those first that `isPreferred` names; null if the child process did not
 * answer for each file.
 */
export async function mutantsIn(
  files: readonly CodeFile[],
  isPreferred: (mutant: Mutant) => boolean = () => false,
): Promise<MutantOf[] | null> {
  const script = fileURLToPath(new URL("./mutants-child.ts", import.meta.url));
  const asked = files.map(({ path, text }) => ({ path, text }));
  const { stdout, end } = await runBoundedChild(script, asked, childBounds);
  if (end !== "done") return null;
  const answers = stdout.split("\n");
  const found = files.map(({ path, text, rank }, index) => ({
    rank,
    mutants: shuffled(mutantsSchema.safeParse(parseJson(answers[index] ?? "")).data ?? [])
      .toSorted((one, other) => Number(isPreferred(other)) - Number(isPreferred(one)))
      .slice(0, triedMax)
      .map((mutant) => ({ path, text: text.slice(0, mutant.from) + mutant.after + text.slice(mutant.to), mutant })),
  }));
  const closest = found.filter(({ rank }) => rank === found[0]?.rank).map(({ mutants }) => mutants);
  const first = inTurn(closest).slice(0, closestMin);
  return [...first, ...inTurn(found.map(({ mutants }) => mutants.filter((one) => !first.includes(one))))];
}

/** Takes one element of each list in turn. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}

function shuffled<T>(list: readonly T[]): T[] {
  const left = [...list];
  return list.flatMap(() => left.splice(randomInt(left.length), 1));
}
