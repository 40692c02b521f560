/** Finds the changed files that do what they did before under other names, and whether anything else still uses what is gone (ADR 0050). */
import { posix } from "node:path";
import { asksSameBehaviour, mayAskSameBehaviour, readRequest } from "@aedev/clarify";
import type { ChangeKinds } from "@aedev/contracts";
import { findGlob, matchesGlob } from "@aedev/host/globs";
import { languageOf } from "@aedev/languages";
import { contentOf, hasName, stemOf } from "@aedev/languages/same/names";
import type { Refactored } from "@aedev/languages/same/refactored";
import { readChanges } from "../test-diff/read-changes.ts";
import { type ChangeKindsInput, isPlainFile, type NamingLine } from "./change-kinds-input.ts";
import { uncommentedLines } from "./uncommented-lines.ts";

type FileKind = ChangeKinds["files"][number];

/** `files`: kinds by path, old paths included. */
export interface FoundRenames extends Pick<ChangeKinds, "same_tests" | "unasked" | "renames" | "refactoring"> {
  readonly files: ReadonlyMap<string, FileKind>;
}

const nothing: FoundRenames = { files: new Map() };

export async function findRenames(input: ChangeKindsInput): Promise<FoundRenames> {
  const { files, renames, documents, tests, mission } = input;
  const old = new Map(renames.map(({ from, to }) => [to, from]));
  const gone = new Set(renames.map(({ from }) => from));
  const textAt = new Map(files.map((file) => [file.path, file]));
  const sources = files.flatMap(({ path, before, after }) => {
    const from = old.get(path) ?? path;
    if (gone.has(path) && textAt.get(path)?.status === "deleted") return [];
    const isTest = matchesGlob(path, tests) && matchesGlob(from, tests);
    const isDocument = findGlob(path, documents) !== null;
    return [
      { path, from, before: from === path ? before : (textAt.get(from)?.before ?? null), after, isTest, isDocument },
    ];
  });
  if (!sources.some(({ path, before, after }) => languageOf(path) !== null && before !== null && after !== null))
    return nothing;
  const goModule = await input.goModule();
  const job = { change: { files: sources, goModule }, before: null, after: null } as const;
  const request = readRequest(mission);
  const touchesTests = sources.some(({ isTest }) => isTest);
  const isAskedFor = asksSameBehaviour(request) || (!touchesTests && mayAskSameBehaviour(request));
  const [answer, called] = await readChanges([
    { kind: "renames", ...job },
    ...(isAskedFor ? [{ kind: "refactored" as const, ...job }] : []),
  ]);
  const refactored = called?.kind === "refactored" ? called.refactored : null;
  const refactoring = refactored === null ? {} : { refactoring: asMissionAllows(refactored, mission) };
  if (answer?.kind !== "renames") return { ...nothing, ...refactoring };
  const { explained } = answer;
  const isUsable = ({ path, from }: { path: string; from: string }) =>
    [path, from].every((one) => {
      const file = textAt.get(one);
      return file !== undefined && isPlainFile(file);
    }) && matchesGlob(path, tests) === matchesGlob(from, tests);
  const same = explained.files.filter(isUsable);
  const paths = same.filter(({ path, from }) => path !== from).map(({ path, from }) => ({ from, to: path }));
  const users = await usersOf({ paths, names: explained.shared }, input);
  const found = new Map<string, FileKind>();
  const same_tests: string[] = [];
  for (const { path, from, kind, names } of same) {
    const named_by = users.get(from) ?? names.flatMap((name) => users.get(name) ?? [])[0] ?? null;
    for (const one of new Set([from, path])) {
      found.set(one, { path: one, kind, named_by });
      if (named_by === null && matchesGlob(one, tests)) same_tests.push(one);
    }
  }
  const isAsked = ({ from, to }: { from: string; to: string }) =>
    [from, to].every((name) => name === "" || hasName(mission, name));
  const names = explained.shared.filter(({ isPublic }) => isPublic).map(({ isPublic: _, ...one }) => one);
  const moved = paths.filter(({ to }) => !matchesGlob(to, tests));
  const unasked = [
    ...names.filter((one) => !isAsked(one)),
    ...moved
      .filter(({ from, to }) => !isAsked({ from: stemOf(from), to: stemOf(to) }))
      .map((one) => ({ ...one, path: one.from })),
  ];
  const titles = explained.titles.map(({ from, to }) => ({ from: contentOf(from), to: contentOf(to) }));
  return {
    files: found,
    ...refactoring,
    ...(same_tests.length === 0 ? {} : { same_tests, renames: { paths, names: explained.names, titles } }),
    ...(unasked.length === 0 ? {} : { unasked }),
  };
}

/** A name that is gone is not lost if the mission has it. One that the mission has may still not get other parameters. */
function asMissionAllows({ gone, altered, changed }: Refactored, mission: string) {
  const isNamed = (name: string) => name.split(".").every((part) => hasName(mission, part));
  return { lost: [...altered, ...gone.filter((name) => !isNamed(name))], changed };
}

/** For each old path and name, an unchanged file that uses it, or that has the new name already. */
async function usersOf(
  { paths, names }: { paths: readonly { from: string; to: string }[]; names: readonly { from: string; to: string }[] },
  input: ChangeKindsInput,
): Promise<Map<string, string>> {
  const { files, documents, linesNaming } = input;
  const changed = new Set(files.map(({ path }) => path));
  const stems = new Set(paths.map(({ from }) => stemOf(from)));
  const sought = new Set([...names.flatMap(({ from, to }) => (to === "" ? [from] : [from, to])), ...stems]);
  const lines = sought.size === 0 ? [] : await linesNaming({ files: [...sought], folders: [] });
  if (lines === null) {
    const all = [...names.map(({ from }) => from), ...paths.map(({ from }) => from)];
    return new Map(all.map((one) => [one, "(more files than could be searched)"]));
  }
  const isOther = ({ path }: NamingLine) =>
    !changed.has(path) && !lockFile.test(path) && findGlob(path, documents) === null;
  const others = await uncommentedLines(lines.filter(isOther), input);
  const found = new Map<string, string>();
  for (const { from, to } of names) {
    const user = others.find(({ text }) => hasName(text, from) || (to !== "" && hasName(text, to)));
    if (user !== undefined) found.set(from, user.path);
  }
  for (const { from } of paths) {
    const user = others.find((line) => loads(line, from));
    if (user !== undefined) found.set(from, user.path);
  }
  return found;
}

/** Files in which a tool lists packages; nothing in them is a name of the repository's code. */
const lockFile = /(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|npm-shrinkwrap\.json|go\.sum|[^/]+\.lock)$/u;

/** Whether a line may load the file: by its name, or by its stem, which JavaScript and Go can only have in quotes. */
function loads({ path, text }: NamingLine, file: string): boolean {
  const stem = stemOf(file);
  if (text.includes(posix.basename(file))) return true;
  if (!/^(?:javascript|go)$/u.test(languageOf(path)?.name ?? "")) return hasName(text, stem);
  const quoted = [...text.matchAll(/"([^"]*)"|'([^']*)'|`([^`]*)`/gu)].map((one) => one.slice(1).join(""));
  return quoted.some((one) => one.split(/[/.]/u).includes(stem));
}
