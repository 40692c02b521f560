/** Finds the changed files of which only declarations moved, and what may still look for these in their old file: code that names them, and tests that put something else in their place (ADR 0050). */
import type { ChangeKinds } from "@aedev/contracts";
import { findGlob } from "@aedev/host/globs";
import { hasName, stemOf } from "@aedev/languages/same/names";
import { type ChangeKindsInput, isPlainFile, lockFile, type NamingLine } from "./change-kinds-input.ts";
import { uncommentedLines } from "./uncommented-lines.ts";

interface Moves {
  readonly paths: readonly string[];
  readonly moved: readonly {
    readonly name: string;
    readonly from: string;
    readonly isGone: boolean;
    readonly isPublic: boolean;
  }[];
  readonly used: readonly string[];
}
type UnchangedFiles = Pick<ChangeKindsInput, "files" | "documents" | "linesNaming" | "readUnchanged">;

/** `gone`: names that code outside the repository may miss. */
export async function findMoves(
  moves: Moves,
  input: UnchangedFiles,
): Promise<{ files: ChangeKinds["files"]; gone: { from: string; to: string; path: string }[] }> {
  const plain = new Set(input.files.filter(isPlainFile).map(({ path }) => path));
  const named_by = moves.paths.length === 0 ? null : await userOfMoved(moves, input);
  return {
    files: moves.paths.filter((path) => plain.has(path)).map((path) => ({ path, kind: "moved", named_by })),
    gone: moves.moved.filter(({ isPublic }) => isPublic).map(({ name, from }) => ({ from: name, to: "", path: from })),
  };
}

/** Calls by which tests replace a whole file. */
const replacesFile = /(?:mock|proxyquire|rewire|replace)\w*\s*\(/iu;

/** An unchanged file that may miss one of these, or that none could be searched for; null: none does. */
async function userOfMoved({ moved, used }: Moves, input: UnchangedFiles): Promise<string | null> {
  const changed = new Set(input.files.map(({ path }) => path));
  const stems = [...new Set(moved.map(({ from }) => stemOf(from)))];
  const names = moved.map(({ name }) => name.split(".").at(-1) ?? name);
  const lines = await input.linesNaming({ files: [...new Set([...names, ...stems])], folders: [] });
  if (lines === null) return "(more files than could be searched)";
  const isOther = ({ path }: NamingLine) =>
    !changed.has(path) && !lockFile.test(path) && findGlob(path, input.documents) === null;
  const others = await uncommentedLines(lines.filter(isOther), input);
  const gone = moved.filter(({ isGone }) => isGone).map(({ name }) => name);
  const isUser = ({ text }: NamingLine): boolean => {
    const quoted = [...text.matchAll(/"([^"]*)"|'([^']*)'|`([^`]*)`/gu)].map((one) => one.slice(1).join(""));
    const isQuoted = (name: string) => quoted.some((one) => !/\s/u.test(one) && hasName(one, name));
    const isSet = (name: string) => new RegExp(`\\.${name.replaceAll("$", "\\$")}\\s*=(?!=)`, "u").test(text);
    const hasFile = stems.some((stem) => hasName(text, stem));
    return (
      gone.some((name) => hasName(text, name)) ||
      names.some((name) => isQuoted(name) || isSet(name)) ||
      (hasFile && used.some((name) => isQuoted(name) || isSet(name))) ||
      (replacesFile.test(text) && stems.some(isQuoted))
    );
  };
  return others.find(isUser)?.path ?? null;
}
