/** Reads a file as statements, with what its names at the top mean and what it gives to other files. Pure. */
import { allDeclared, declaredBy } from "../javascript/javascript-syntax.ts";
import { boundTargets, importOf, pythonImport } from "../python/python-syntax.ts";
import { childOf, fieldOf, isComment, nodesIn, partsIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { contentOf } from "./names.ts";
import { inertNames } from "./removed.ts";

/** A name of another file; `*`: the file as an object of all its names. */
export interface Link {
  readonly module: string;
  readonly name: string;
}
export interface Statement {
  readonly node: SyntaxNode;
  /** The names that it declares at the top. */
  readonly names: readonly string[];
  /** It only declares: nothing runs when the file is loaded. */
  readonly isInert: boolean;
}
export interface FileLinks {
  readonly statements: Statement[];
  /** Names at the top that come from other files. */
  readonly links: Map<string, Link>;
  /** What other files get: a name of this file, or one of another. */
  readonly given: Map<string, string | Link>;
  /** Modules of which it gives all names, and modules that it loads. */
  readonly wholes: string[];
  readonly loads: string[];
}

const empty = (): FileLinks => ({ statements: [], links: new Map(), given: new Map(), wholes: [], loads: [] });
const nodesOf = ({ root }: SyntaxTree) => root.children.filter((node) => !isComment(node));
const isName = ({ name }: SyntaxNode) => name === "identifier";

export const linkedReaders: Readonly<Record<string, (tree: SyntaxTree) => FileLinks>> = {
  javascript: readScript,
  python: readPython,
  go: readGo,
};

function readScript(tree: SyntaxTree): FileLinks {
  const file = empty();
  for (const node of nodesOf(tree)) {
    if (isScriptImport(node, file) || isRequire(node, file) || isExportList(node, file)) continue;
    const inert = inertNames(node, "javascript");
    const names = inert ?? scriptNames(node);
    file.statements.push({ node, names, isInert: inert !== null });
    if (node.name !== "export_statement") continue;
    for (const name of names) file.given.set(name, name);
    if (childOf(node, "default") !== undefined) file.given.set("default", names[0] ?? "default");
  }
  return file;
}

function scriptNames(statement: SyntaxNode): string[] {
  const node = statement.name === "export_statement" ? fieldOf(statement, "declaration") : statement;
  if (node === undefined) return [];
  const own = /^(?:lexical|variable)_declaration$/u.test(node.name) ? partsOf(node).flatMap(declaredBy) : null;
  if (own !== null) return own.map(textOf);
  const name = fieldOf(node, "name");
  return name === undefined ? allDeclared(node).map(textOf) : [textOf(name)];
}

function isScriptImport(node: SyntaxNode, file: FileLinks): boolean {
  const clause = node.name === "import_statement" ? childOf(node, "import_clause") : undefined;
  const source = node.name === "import_statement" ? fieldOf(node, "source") : undefined;
  const module = contentOf(textOf(source));
  if (source !== undefined) file.loads.push(module);
  if (clause === undefined) return false;
  for (const one of partsOf(clause)) {
    if (isName(one)) file.links.set(textOf(one), { module, name: "default" });
    if (one.name === "namespace_import") file.links.set(textOf(childOf(one, "identifier")), { module, name: "*" });
    if (one.name !== "named_imports") continue;
    for (const part of partsOf(one)) {
      const name = textOf(fieldOf(part, "name"));
      file.links.set(textOf(fieldOf(part, "alias")) || name, { module, name });
    }
  }
  return true;
}

/** `const { a, b: c } = require("./d")`, `const d = require("./d")` and `const a = require("./d").a`. */
function isRequire(node: SyntaxNode, file: FileLinks): boolean {
  if (!/^(?:lexical|variable)_declaration$/u.test(node.name)) return false;
  const declarators = partsOf(node).filter(({ name }) => name === "variable_declarator");
  const found: [string, Link][] = [];
  for (const one of declarators) {
    const [, module, member] = required.exec(textOf(fieldOf(one, "value"))) ?? [];
    const target = fieldOf(one, "name");
    if (module === undefined || target === undefined) return false;
    if (isName(target)) found.push([textOf(target), { module, name: member ?? "*" }]);
    else if (target.name !== "object_pattern" || member !== undefined) return false;
    else
      for (const part of partsOf(target)) {
        const [key, value] =
          part.name === "pair_pattern" ? [fieldOf(part, "key"), fieldOf(part, "value")] : [part, part];
        if (!/^(?:shorthand_property_identifier_pattern|pair_pattern)$/u.test(part.name)) return false;
        found.push([textOf(value), { module, name: textOf(key) }]);
      }
  }
  for (const [name, link] of found) {
    file.links.set(name, link);
    file.loads.push(link.module);
  }
  return declarators.length > 0;
}
const required = /^require\(\s*["'`]([^"'`]+)["'`]\s*\)(?:\.([\w$]+))?$/u;

/** `export { a }`, `export * from "./b"`, `module.exports = { a }` and `exports.a = a`. */
function isExportList(node: SyntaxNode, { given, wholes, loads }: FileLinks): boolean {
  if (node.name === "export_statement") {
    const source = fieldOf(node, "source");
    const module = contentOf(textOf(source));
    const clause = childOf(node, "export_clause");
    if (source !== undefined) loads.push(module);
    for (const part of partsOf(clause)) {
      const name = textOf(fieldOf(part, "name"));
      given.set(textOf(fieldOf(part, "alias")) || name, source === undefined ? name : { module, name });
    }
    const isWhole = childOf(node, "*") !== undefined && childOf(node, "namespace_export") === undefined;
    if (isWhole) wholes.push(module);
    return clause !== undefined || isWhole;
  }
  const assignment = node.name === "expression_statement" ? childOf(node, "assignment_expression") : undefined;
  const [left, right] = [textOf(fieldOf(assignment, "left")), fieldOf(assignment, "right")];
  if (right === undefined) return false;
  const member = /^(?:module\.)?exports\.([\w$]+)$/u.exec(left)?.[1];
  if (member !== undefined && isName(right)) given.set(member, textOf(right));
  if (member !== undefined) return isName(right);
  if (left !== "module.exports" || right.name !== "object") return false;
  const pairs = partsOf(right).map((part): [string, string] | null => {
    if (part.name === "shorthand_property_identifier") return [textOf(part), textOf(part)];
    const value = part.name === "pair" ? fieldOf(part, "value") : undefined;
    return value !== undefined && isName(value) ? [textOf(fieldOf(part, "key")), textOf(value)] : null;
  });
  if (pairs.includes(null)) return false;
  for (const [name, own] of pairs.filter((one) => one !== null)) given.set(name, own);
  return true;
}

function readPython(tree: SyntaxTree): FileLinks {
  const file = empty();
  for (const node of nodesOf(tree)) {
    if (pythonImport.test(node.name) && node.name !== "future_import_statement") {
      const { module, names } = importOf(node);
      for (const { name, own } of names) {
        if (name === "*") file.wholes.push(module ?? "");
        const link = module === null ? { module: name, name: "*" } : { module, name };
        // `import a.b` gives the name `a`.
        const isPath = module === null && own === null && name.includes(".");
        file.links.set(
          own ?? (isPath ? (name.split(".")[0] ?? name) : name),
          isPath ? { module: name, name: "" } : link,
        );
        file.loads.push(module ?? name);
      }
      continue;
    }
    const inert = inertNames(node, "python");
    file.statements.push({ node, names: inert ?? pythonNames(node), isInert: inert !== null });
  }
  for (const name of [...file.links.keys(), ...file.statements.flatMap(({ names }) => names)])
    file.given.set(name, name);
  return file;
}

function pythonNames(node: SyntaxNode): string[] {
  const isDefined = ({ name }: SyntaxNode) => /^(?:function|class)_definition$/u.test(name);
  const inner = node.name === "decorated_definition" ? fieldOf(node, "definition") : node;
  if (inner !== undefined && isDefined(inner)) return [textOf(fieldOf(inner, "name"))];
  return [...nodesIn(node)].flatMap((one) => {
    if (isDefined(one)) return [textOf(fieldOf(one, "name"))];
    if (pythonImport.test(one.name)) return importOf(one).names.map(({ name, own }) => own ?? name);
    return boundTargets(one).filter(isName).map(textOf);
  });
}

function readGo(tree: SyntaxTree): FileLinks {
  const file = empty();
  for (const node of nodesOf(tree)) {
    if (node.name === "package_clause") continue;
    if (node.name === "import_declaration") {
      for (const spec of [...nodesIn(node)].filter(({ name }) => name === "import_spec")) {
        const module = contentOf(textOf(fieldOf(spec, "path")));
        const name = textOf(fieldOf(spec, "name")) || (module.split("/").at(-1) ?? module);
        if (name === "." || name === "_") file.wholes.push(module);
        file.links.set(name, { module, name: "*" });
        file.loads.push(module);
      }
      continue;
    }
    const receiver = fieldOf(node, "receiver");
    const type =
      receiver === undefined ? undefined : [...nodesIn(receiver)].find(({ name }) => name === "type_identifier");
    if (node.name === "method_declaration" && type !== undefined) {
      const name = `${textOf(type)}.${textOf(fieldOf(node, "name"))}`;
      file.statements.push({ node, names: [name], isInert: true });
      continue;
    }
    const inert = inertNames(node, "go");
    const specs = [...nodesIn(node)].filter(({ name }) => /_spec$/u.test(name)).flatMap((one) => partsIn(one, "name"));
    file.statements.push({ node, names: inert ?? specs.map(textOf), isInert: inert !== null });
  }
  for (const { names } of file.statements) for (const name of names) file.given.set(name, name);
  return file;
}
