/** The Go package that records calls and the program that repeats them: their texts and their places in the repository. Pure. */
import { readFileSync } from "node:fs";
import type { GoFile, GoNames } from "@aedev/languages/go/instrument";

const textAt = (name: string) => readFileSync(new URL(`./inside/${name}`, import.meta.url), "utf8");
const parts = ["values.go", "recorder.go", "call_again.go"].map((name) => [name, textAt(name)] as const);

/** Where the files of one module are. */
export interface GoModule {
  /** The name in its go.mod. */
  readonly name: string;
  /** Its folder in the repository; empty for the root. */
  readonly folder: string;
}

/** The nearest go.mod above the file, and the import path of the file's package. Null if there is none. */
export function goModuleOf(
  path: string,
  textOf: (manifest: string) => string | null,
): { module: GoModule; importPath: string } | null {
  const folders = path.split("/").slice(0, -1);
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const folder = folders.slice(0, depth).join("/");
    const text = textOf(folder === "" ? "go.mod" : `${folder}/go.mod`);
    const name = /^module[ \t]+"?([\w.~-]+(?:\/[\w.~-]+)*)"?[ \t]*(?:\/\/.*)?\r?$/mu.exec(text ?? "")?.[1];
    if (text !== null && name === undefined) return null;
    if (name !== undefined) return { module: { name, folder }, importPath: [name, ...folders.slice(depth)].join("/") };
  }
  return null;
}

const inFolder = (folder: string, path: string) => (folder === "" ? path : `${folder}/${path}`);

/** The recorder's package: each file's path in the repository and text. `target`: the file that it writes to. */
export function recorderPackage(
  { folder }: GoModule,
  { own, target, root }: Pick<GoNames, "own"> & { target: string; root: string },
): Map<string, string> {
  return new Map(
    parts.map(([name, text]) => [
      inFolder(folder, `${own}/${name}`),
      text
        .replace(/^package replay$/mu, () => `package ${own}`)
        .replace('"TARGET"', () => JSON.stringify(target))
        .replace('"ROOT"', () => JSON.stringify(root)),
    ]),
  );
}

/** The files of the calling program: a table of functions in each of their packages, and a main package. */
export function callingProgram(
  { name, folder }: GoModule,
  {
    own,
    files,
  }: {
    own: string;
    files: readonly (Pick<GoFile, "packageName" | "functions"> & { path: string; importPath: string })[];
  },
): Map<string, string> {
  const table = `F${own}`;
  const packages = Map.groupBy(files, ({ importPath }) => importPath);
  const program = new Map<string, string>();
  const imports: string[] = [];
  for (const [index, [importPath, members]] of [...packages].entries()) {
    const rows = members.flatMap(({ path, functions }) =>
      functions.map((one) => `\t${JSON.stringify(`${path}\n${one.name}`)}: ${one.expression},\n`),
    );
    const [first] = members;
    // The base may lack the package.
    if (first === undefined || rows.length === 0) continue;
    const at = first.path.slice(0, first.path.lastIndexOf("/") + 1);
    program.set(
      `${at}${own}.go`,
      `package ${first.packageName}\n\nfunc ${table}() map[string]interface{} {\n\treturn map[string]interface{}{\n${rows.join("")}\t}\n}\n`,
    );
    imports.push(`\tp${index} ${JSON.stringify(importPath)}\n`);
  }
  const merged = imports.map(
    (_, index) => `\tfor name, one := range p${index}.${table}() {\n\t\tall[name] = one\n\t}\n`,
  );
  program.set(
    inFolder(folder, `${own}/main/main.go`),
    `package main\n\nimport (\n\t${own} ${JSON.stringify(`${name}/${own}`)}\n${imports.join("")})\n\nfunc main() {\n\tall := map[string]interface{}{}\n${merged.join("")}\t${own}.CallAgain(all)\n}\n`,
  );
  return program;
}
