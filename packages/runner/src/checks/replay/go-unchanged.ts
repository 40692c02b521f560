/**
 * Finds the Go functions that a change leaves as they are. What such a function gives otherwise comes from another one, which is judged itself, so it is not
 * compared with the base at inputs that no test has. Only if nothing changed but functions that are called by their names: a type, a variable, a start-up
 * function, another meaning of a name, or a method that libraries call can change any of them. Pure.
 */
import type { GoFile } from "./instrument-go.ts";

type Read = Pick<GoFile, "functions" | "others" | "imports"> & { readonly path: string };

/** Functions as `path\nname`. `changed`: the changed files as they are now; `before`, as the base has them; `same`: the base's other files of their packages. Null: a file that can't be read. */
export function unchangedFunctions(files: {
  readonly changed: readonly (Read | null)[];
  readonly before: readonly (Read | null)[];
  readonly same: readonly (Read | null)[];
}): Set<string> {
  const isRead = (file: Read | null) => file !== null;
  const [changed, before, same] = [
    files.changed.filter(isRead),
    files.before.filter(isRead),
    files.same.filter(isRead),
  ];
  if (changed.length < files.changed.length || before.length < files.before.length) return new Set();
  const base = [...before, ...same];
  if (!keepsDeclarations(changed, { before, same }) || hasOtherImports(changed, base) || addsMeaning(changed, base))
    return new Set();
  const declarations = new Set(base.flatMap(({ functions }) => functions.map(keyOf)));
  return new Set(
    changed.flatMap(({ path, functions }) =>
      functions.filter((one) => declarations.has(keyOf(one))).map(({ name }) => `${path}\n${name}`),
    ),
  );
}

const keyOf = ({ name, declaration }: GoFile["functions"][number]) => `${name}\n${declaration}`;

/** All other declarations of the base are there, and new ones do nothing when the package starts. */
function keepsDeclarations(
  changed: readonly Read[],
  { before, same }: { readonly before: readonly Read[]; readonly same: readonly Read[] },
): boolean {
  const left = new Set([...changed, ...same].flatMap(({ others }) => others));
  const old = new Set(before.flatMap(({ others }) => others));
  const added = changed.flatMap(({ others }) => others).filter((one) => !old.has(one));
  const isKept = (one: string) => left.has(one) || added.some((other) => isExtended(one, other));
  return [...old].every(isKept) && added.every((one) => isQuiet(one) && !declaresAnew(one));
}

/** A struct that has all its fields and more, none of which is embedded. Which columns they stand in does not count. */
function isExtended(before: string, after: string): boolean {
  const linesOf = (text: string) => text.split("\n").map((line) => line.trim().replaceAll(/[ \t]+/gu, " "));
  const [head = "", ...fields] = linesOf(before);
  const [other, ...others] = linesOf(after);
  if (!/^type \w+ struct \{$/u.test(head) || head !== other) return false;
  const isField = (line: string) => fields.includes(line) || /^(?:\/\/.*|\w+(?:, \w+)* [^\s/`].*)?$/u.test(line);
  return fields.every((field) => others.includes(field)) && others.every(isField);
}

/** A type, a constant, or a variable without calls but for those that make an error, a pattern or room. */
function isQuiet(declaration: string): boolean {
  if (/^(?:type|const)\b/u.test(declaration)) return true;
  const calls = declaration.replaceAll(/\b(?:errors\.New|fmt\.Errorf|regexp\.MustCompile|make|new)\(|^var \(/gu, "");
  return /^var\b/u.test(declaration) && !/\(|<-/u.test(calls);
}

/** A name that stands for another package than on the base, or names without their package. */
function hasOtherImports(changed: readonly Read[], base: readonly Read[]): boolean {
  const pairsOf = (files: readonly Read[]) => files.flatMap(({ imports }) => imports.map((one) => one.split(" ")));
  const known = Map.groupBy(pairsOf(base), ([name]) => name);
  return pairsOf(changed).some(
    ([name, path]) => name === "." || known.get(name)?.every(([, other]) => other === path) === false,
  );
}

/** Names that Go declares itself, and that a package can declare anew. */
const predeclared =
  /^(?:any|append|bool|byte|cap|clear|close|comparable|complex(?:64|128)?|copy|delete|error|false|float(?:32|64)|imag|u?int(?:8|16|32|64)?|iota|len|make|max|min|new|nil|panic|println?|real|recover|rune|string|true|uintptr)$/u;
/** Methods that libraries call on whatever has them. */
const calledByLibraries =
  /\.(?:String|GoString|Format|Error|Unwrap|Is|As|Marshal\w*|Unmarshal\w*|Scan|Value|Less|Len|Swap|Push|Pop|Read\w*|Write\w*|Set|Seek|Close|ServeHTTP|Gob\w+|IsZero)$/u;

/** New functions that change what unchanged text means. */
function addsMeaning(changed: readonly Read[], base: readonly Read[]): boolean {
  const known = new Set(base.flatMap(({ functions }) => functions.map(({ name }) => name)));
  const added = changed
    .flatMap(({ functions }) => functions.map(({ name }) => name))
    .filter((name) => !known.has(name));
  return added.some((name) => predeclared.test(name) || calledByLibraries.test(name));
}

/** A type, variable or constant of a name that Go declares itself. */
function declaresAnew(declaration: string): boolean {
  const heads = declaration.match(/(?:^(?:type|var|const)[ \t]+|^\t)\w+(?:, \w+)*/gmu) ?? [];
  return heads.some((head) =>
    head
      .replace(/^(?:type|var|const)[ \t]/u, "")
      .split(",")
      .some((name) => predeclared.test(name.trim())),
  );
}
