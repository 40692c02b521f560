/**
 * Finds the Go functions that a change leaves as they are. What such a function gives otherwise comes from another one, which is judged itself, so it is not
 * compared with the base at inputs that no test has. Only if nothing changed but functions that are called by their names: a type, a variable, a start-up
 * function, another meaning of a name, or a method that libraries call can change any of them. Pure.
 */
import { dirname } from "node:path/posix";
import type { GoFile } from "./instrument-go.ts";

type Read = Omit<GoFile, "text" | "packageName"> & { readonly path: string };

/** Functions as `path\nname`. `changed`: the changed files as they are now; `before`, as the base has them; `same`: the base's other files of their packages. Null: a file that can't be read. */
export function unchangedFunctions(files: {
  readonly changed: readonly (Read | null)[];
  readonly before: readonly (Read | null)[];
  readonly same: readonly (Read | null)[];
}): Set<string> {
  const all = [...files.changed, ...files.before, ...files.same];
  const read = all.filter((file) => file !== null);
  if (read.length < all.length) return new Set();
  const folders = new Set(read.map(({ path }) => dirname(path)));
  const packages = [...folders].map((folder) => {
    const of = (some: readonly (Read | null)[]) =>
      some.filter((file) => file !== null).filter(({ path }) => dirname(path) === folder);
    return { changed: of(files.changed), before: of(files.before), same: of(files.same) };
  });
  if (!packages.every(keepsMeaning)) return new Set();
  return new Set(
    packages.flatMap(({ changed, before, same }) => {
      const declarations = new Set([...before, ...same].flatMap(({ functions }) => functions.map(keyOf)));
      return changed.flatMap(({ path, functions }) =>
        functions.filter((one) => declarations.has(keyOf(one))).map(({ name }) => `${path}\n${name}`),
      );
    }),
  );
}

interface Package {
  readonly changed: readonly Read[];
  readonly before: readonly Read[];
  readonly same: readonly Read[];
}

const keyOf = ({ name, declaration }: GoFile["functions"][number]) => `${name}\n${declaration}`;

function keepsMeaning(of: Package): boolean {
  return keepsDeclarations(of) && keepsImports(of) && keepsNames(of) && keepsMethods(of);
}

/** All other declarations and directives of the base are there, and new ones do nothing when the package starts. */
function keepsDeclarations({ changed, before, same }: Package): boolean {
  const left = new Set([...changed, ...same].flatMap(({ others }) => others));
  const old = new Set(before.flatMap(({ others }) => others));
  const added = changed.flatMap(({ others }) => others).filter((one) => !old.has(one));
  const isKept = (one: string) => left.has(one) || added.some((other) => isExtended(one, other));
  const directives = (some: readonly Read[]) => some.flatMap((file) => file.directives).join("\n");
  return [...old].every(isKept) && added.every(isQuiet) && directives(changed) === directives(before);
}

/** A struct that has all its fields in order and more, each of one name and a plain type. Which columns they stand in does not count. */
function isExtended(before: string, after: string): boolean {
  const linesOf = (text: string) => text.split("\n").map((line) => line.trim().replaceAll(/[ \t]+/gu, " "));
  const [head = "", ...fields] = linesOf(before);
  const [other, ...others] = linesOf(after);
  if (!/^type \w+ struct \{$/u.test(head) || head !== other || before.includes("/*")) return false;
  let next = 0;
  for (const line of others)
    if (line === fields[next]) next += 1;
    else if (!/^\w+ [\w.*[\]]+(?: \/\/.*)?$/u.test(line)) return false;
  return next === fields.length;
}

/** A type, a constant, or a variable without calls but for those that make an error, a pattern or room. */
function isQuiet(declaration: string): boolean {
  if (/^(?:type|const)\b/u.test(declaration)) return true;
  const calls = declaration.replaceAll(/\b(?:errors\.New|fmt\.Errorf|regexp\.MustCompile|make|new)\(|^var \(/gu, "");
  return /^var\b/u.test(declaration) && !/\(|<-/u.test(calls);
}

const standard =
  /^(?:bufio|bytes|cmp|container|context|crypto|encoding|errors|fmt|hash|html|io|iter|maps|math|net|os|path|reflect|regexp|slices|sort|strconv|strings|sync|text|time|unicode)(?:\/|$)/u;

/** Every import of the base is still there under its name, and a name that is new to the package stands for a package of the standard library. */
function keepsImports({ changed, before, same }: Package): boolean {
  const namesOf = (files: readonly Read[]) => new Set(files.flatMap(({ imports }) => imports));
  const [known, now] = [namesOf([...before, ...same]), namesOf(changed)];
  const isStandard = (one: string) => /^(\w+) (?:[a-z]\w*\/)?\1$/u.test(one) && standard.test(one.split(" ")[1] ?? "");
  const isFree = (one: string) => ![...known].some((other) => other.split(" ")[0] === one.split(" ")[0]);
  const left = new Set([...now, ...namesOf(same)]);
  return (
    [...namesOf(before)].every((one) => left.has(one)) &&
    [...now].every((one) => known.has(one) || (isStandard(one) && isFree(one)))
  );
}

/** Go's predeclared identifiers, which a package can shadow. */
const predeclared =
  /^(?:any|append|bool|byte|cap|clear|close|comparable|complex(?:64|128)?|copy|delete|error|false|float(?:32|64)|imag|u?int(?:8|16|32|64)?|iota|len|make|max|min|new|nil|panic|println?|real|recover|rune|string|true|uintptr)$/u;

/** No new declaration has a name that meant something else before: one of Go's, or that of a package. */
function keepsNames({ changed, before, same }: Package): boolean {
  const base = [...before, ...same];
  const known = new Set(base.flatMap(({ functions, names }) => [...names, ...functions.map(({ name }) => name)]));
  const imported = new Set(base.flatMap(({ imports }) => imports.map((one) => one.split(" ")[0])));
  return changed
    .flatMap(({ functions, names }) => [...names, ...functions.map(({ name }) => name)])
    .every((name) => known.has(name) || !(predeclared.test(name) || imported.has(name)));
}

/** Types of the base have the methods that they had: others can be called by libraries and by assertions of the code. */
function keepsMethods({ changed, before, same }: Package): boolean {
  const methodsOf = (files: readonly Read[]) =>
    new Set(files.flatMap(({ functions }) => functions.map(({ name }) => name)).filter((name) => name.includes(".")));
  const [old, now] = [methodsOf([...before, ...same]), methodsOf([...changed, ...same])];
  const types = new Set([...before, ...same].flatMap(({ names }) => names));
  return (
    [...old].every((name) => now.has(name)) &&
    [...now].every((name) => old.has(name) || !types.has(name.split(".")[0] ?? ""))
  );
}
