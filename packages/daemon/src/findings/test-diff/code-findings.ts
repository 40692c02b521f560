/** Searches changed code for knowledge of the tests: of the changed tests and, if the code compares with a literal, of the unchanged tests too. */

import { posix } from "node:path";
import type { TestChanges } from "@aedev/contracts";
import { matchesGlob } from "@aedev/host/globs";
import { isCodeFile, languageOf } from "@aedev/languages";
import type { AddedFunctions } from "@aedev/languages/shared/added-functions";
import type { Surrounding } from "@aedev/languages/shared/surroundings/use";
import { finding } from "./compare-tests.ts";
import { casesFor, type KnownCase } from "./known-cases.ts";
import { type Beside, type Job, type JobAnswer, readChanges } from "./read-changes.ts";
import type { TestChangesInput } from "./test-changes.ts";

const findingsMax = 200;
/** The most cases of all files, those of the base first. */
const casesMax = 10_000;
const surroundingCharactersMax = 200;

type CodeFindings = TestChanges["code_findings"];

interface FoundInCode {
  readonly findings: CodeFindings;
  /** Files to which the change only adds functions. */
  readonly onlyAdds: readonly Added[];
  /** Data files to which the change only adds rows. */
  readonly addsRows: readonly string[];
}
export interface Added extends Readonly<AddedFunctions> {
  readonly path: string;
}

export async function findInCode(input: TestChangesInput, changedCases: readonly KnownCase[]): Promise<FoundInCode> {
  const { files, tests, readUnchangedTests } = input;
  const code = files.flatMap(({ path, before, after }) =>
    after !== null && isCodeFile(path) && !matchesGlob(path, tests) ? [{ path, before: before ?? "", after }] : [],
  );
  const unread = files.filter(
    ({ path, status, after }) =>
      status !== "deleted" && after === null && isCodeFile(path) && !matchesGlob(path, tests),
  );
  const unreadable = unread.map(({ path }) => ({ path, ...finding("parse-failed", null, 0, "not text") }));
  const beside = await goFilesBeside(input, code);
  const signs = await readChanges(code.map((file) => ({ kind: "signs", ...file, ...beside(file.path) })));
  const found = [
    ...unreadable,
    ...signs.flatMap((answer, index) => findingsOf(answer, code[index]?.path ?? "")),
    ...surroundingFindings(code.map(({ path }, index) => ({ path, answer: signs[index] }))),
  ];
  const data = files.flatMap(({ path, before, after }) =>
    before !== null && after !== null && !isCodeFile(path) && !matchesGlob(path, tests)
      ? [{ path, before, after }]
      : [],
  );
  const areRows = await readChanges(data.map((file) => ({ kind: "rows", ...file })));
  const suspects = code.filter((_, index) => {
    const answer = signs[index];
    return answer?.kind === "signs" && answer.isSuspect;
  });
  const onlyAdds = code.flatMap(({ path }, index) => {
    const answer = signs[index];
    const added = answer?.kind === "signs" ? answer.addedFunctions : null;
    return added === null ? [] : [{ path, ...added }];
  });
  const addsRows = data
    .map(({ path }) => path)
    .filter((_, index) => {
      const answer = areRows[index];
      return answer?.kind === "rows" && answer.addsOnlyRows;
    });
  if (suspects.length === 0) return { findings: found.slice(0, findingsMax), onlyAdds, addsRows };
  const unchanged = [...(await readUnchangedTests()).texts];
  const others = await readChanges([
    ...unchanged.flatMap(([path, text]): Job[] =>
      languageOf(path)?.testParser === undefined
        ? []
        : [{ kind: "tests", path, from: path, before: text, after: text }],
    ),
    ...[...unchanged.map(([path, before]) => ({ path, before, after: null })), ...files].flatMap((file): Job[] => {
      const areAllTests = matchesGlob(file.path, tests);
      const language = languageOf(file.path);
      const mayHaveTests = language?.hasCodeRules === true && (areAllTests || language.hasTestsInCode === true);
      const isReadSingly = language?.testParser !== undefined;
      const { path, before, after } = file;
      return mayHaveTests && !isReadSingly ? [{ kind: "cases", path, before, after, areAllTests }] : [];
    }),
  ]);
  // The base's cases come before the change's, and tests before rows, so that the change can't crowd them out.
  const cases = [...changedCases, ...others.flatMap((answer) => ("cases" in answer ? answer.cases : []))].toSorted(
    (one, other) =>
      Number(one.isNew) - Number(other.isNew) || Number(one.isRow === true) - Number(other.isRow === true),
  );
  // Code that only moved between files is not new.
  const before = code.map((file) => file.before).join("\n");
  const read = await readChanges(
    suspects.map(({ path, after }) => ({ kind: "code", path, before, after })),
    {
      cases: casesFor(
        suspects.map(({ after }) => after),
        cases,
      ).slice(0, casesMax),
    },
  );
  const special = read.flatMap((answer, index) => findingsOf(answer, suspects[index]?.path ?? ""));
  return { findings: [...special, ...found].slice(0, findingsMax), onlyAdds, addsRows };
}

/** The other files in the package of a Go file with comparing methods, since they may declare the type. */
async function goFilesBeside(
  { files, readGoBeside }: TestChangesInput,
  code: readonly { path: string; before: string; after: string }[],
): Promise<(path: string) => { beside?: Beside }> {
  const paths = code.filter(
    ({ path, before, after }) => isInPackage(path) && languageOf(path)?.asksBeside?.(before + after) === true,
  );
  const asking = new Set(paths.map(({ path }) => path));
  const unchanged = asking.size === 0 ? undefined : await readGoBeside?.([...asking]);
  return (path) => {
    if (!asking.has(path)) return {};
    const isBeside = (other: string) =>
      other !== path && isInPackage(other) && posix.dirname(other) === posix.dirname(path);
    const same = [...(unchanged ?? [])].flatMap(([other, text]) => (isBeside(other) ? [text] : []));
    const changed = (side: "before" | "after") =>
      files.flatMap((file) => (isBeside(file.path) && file[side] !== null ? [file[side]] : []));
    return { beside: { before: [...same, ...changed("before")], after: [...same, ...changed("after")] } };
  };
}

const isInPackage = (path: string) => languageOf(path)?.isInPackage?.(path) === true;

/** The new dependencies of changed code besides its inputs. Code that only moved between files has none. */
function surroundingFindings(read: readonly { path: string; answer: JobAnswer | undefined }[]): CodeFindings {
  const files = read.flatMap(({ path, answer }) =>
    answer?.kind === "signs" ? [{ path, ...answer.surroundings }] : [],
  );
  const before = files.flatMap((file) => file.before);
  const after = files.flatMap((file) => file.after.map((use) => ({ ...use, path: file.path })));
  return addedSurroundings(before, after).map(({ path, what, line }) => ({
    path,
    ...finding("surroundings-used", null, line, what.slice(0, surroundingCharactersMax)),
  }));
}

function findingsOf(answer: JobAnswer, path: string): CodeFindings {
  if (answer.kind === "code" || answer.kind === "signs") return answer.findings.map((found) => ({ path, ...found }));
  const why = answer.kind === "unreadable" ? answer.why : "not read";
  return [{ path, ...finding("parse-failed", null, 0, why) }];
}

/**
 * The uses that `after` has more often than `before`: those that a change adds, and definitions that it rewrites. Moved code adds nothing if all its files are
 * given together.
 */
export function addedSurroundings<S extends Surrounding>(before: readonly Surrounding[], after: readonly S[]): S[] {
  const left = new Map<string, number>();
  for (const use of before) left.set(keyOf(use), (left.get(keyOf(use)) ?? 0) + 1);
  const added = after.filter((use) => {
    const count = left.get(keyOf(use)) ?? 0;
    left.set(keyOf(use), count - 1);
    return count <= 0;
  });
  const isGone = (use: Surrounding) => use.asks === "never" && (left.get(keyOf(use)) ?? 0) > 0;
  const gone = new Set(before.filter(isGone).map(({ what }) => what));
  return added.filter(({ what, asks }) => asks === undefined || (asks === "in-place-of-plain" && gone.has(what)));
}

const keyOf = ({ what, digest = "" }: Surrounding) => `${what} ${digest}`;
