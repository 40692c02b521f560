/** Reads which modules and files an import of Python may mean. Pure. */
import { posix } from "node:path";
import type { ReferringFile } from "../shared/references.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { importOf, pythonImport } from "./python-syntax.ts";

/** `import a.b as c, d`, `from a import b, c`, `from ..a import (b)`. */
export function readPythonImport(statement: SyntaxNode, { path, found }: ReferringFile): void {
  if (!pythonImport.test(statement.name)) return;
  const { module, names } = importOf(statement);
  const members = names.map(({ name }) => name);
  if (module === null) found.names.push(...members);
  else if (!module.startsWith(".")) found.names.push(module, ...members.map((name) => `${module}.${name}`));
  else {
    const dots = module.replace(/[^.].*$/u, "").length;
    const above = Array.from({ length: dots - 1 }, () => "..");
    const folder = posix.join(posix.dirname(path), ...above, ...module.slice(dots).split("."));
    found.paths.push(folder, ...members.map((name) => posix.join(folder, name)));
  }
}
