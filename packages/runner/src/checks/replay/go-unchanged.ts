/**
 * Finds the Go functions that a change leaves as they are. What such a function gives otherwise comes from another one, which is judged itself, so it is not
 * compared with the base at inputs that no test has. Only if nothing changed but functions that can be called: a type, a variable or a start-up function can change any of them. Pure.
 */
import type { GoFile } from "./instrument-go.ts";

type Read = Pick<GoFile, "functions" | "others"> & { readonly path: string };

/** Functions as `path\nname`. `changed`: the changed files as they are now; `before`, as the base has them; `same`: the base's other files of their packages. Null: a file that can't be read. */
export function unchangedFunctions(files: {
  readonly changed: readonly (Read | null)[];
  readonly before: readonly (Read | null)[];
  readonly same: readonly (Read | null)[];
}): Set<string> {
  const [changed, before] = [files.changed.filter(isRead), files.before.filter(isRead)];
  if (changed.length < files.changed.length || before.length < files.before.length) return new Set();
  const left = new Set([...changed, ...files.same.filter(isRead)].flatMap(({ others }) => others));
  const old = new Set(before.flatMap(({ others }) => others));
  const added = changed.flatMap(({ others }) => others).filter((one) => !old.has(one));
  const isKept = (one: string) => left.has(one) || added.some((other) => isExtended(one, other));
  if (![...old].every(isKept) || !added.every(isQuiet)) return new Set();
  const declarations = new Set(
    [...before, ...files.same.filter(isRead)].flatMap(({ functions }) => functions.map(keyOf)),
  );
  return new Set(
    changed.flatMap(({ path, functions }) =>
      functions.filter((one) => declarations.has(keyOf(one))).map(({ name }) => `${path}\n${name}`),
    ),
  );
}

const isRead = (file: Read | null): file is Read => file !== null;
const keyOf = ({ name, declaration }: GoFile["functions"][number]) => `${name}\n${declaration}`;

/** A struct that has all its fields and more. Which columns they stand in does not count. */
function isExtended(before: string, after: string): boolean {
  const linesOf = (text: string) => text.split("\n").map((line) => line.trim().replaceAll(/[ \t]+/gu, " "));
  const [head = "", ...fields] = linesOf(before);
  const [other, ...others] = linesOf(after);
  return /^type \w+ struct \{$/u.test(head) && head === other && fields.every((field) => others.includes(field));
}

/** A declaration that does nothing when the package starts: a type, a constant, or a variable without calls but for those that make an error, a pattern or room. */
function isQuiet(declaration: string): boolean {
  if (/^(?:type|const)\b/u.test(declaration)) return true;
  const calls = declaration.replaceAll(/\b(?:errors\.New|fmt\.Errorf|regexp\.MustCompile|make|new)\(|^var \(/gu, "");
  return /^var\b/u.test(declaration) && !/\(|<-/u.test(calls);
}
