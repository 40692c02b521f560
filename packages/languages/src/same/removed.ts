/** Tells which declarations a file lost, if it lost nothing else: code that nobody names can go. Pure. */
import { importOf, pythonImport } from "../python/python-syntax.ts";
import { childOf, fieldOf, isComment, nodesIn, partsIn, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { contentOf } from "./names.ts";
import { isQuiet, isQuietFunction } from "./python-types.ts";

/** One statement, or one name of an import. */
export interface FileItem {
  readonly print: string;
  /** Null: losing it may change what the rest does. */
  readonly names: readonly string[] | null;
  /** The module that an import loads. */
  readonly module?: string | undefined;
}

export interface Removed {
  /** Names that the file declared. */
  readonly declared: string[];
  /** Names that it loaded from packages. */
  readonly loaded: string[];
}

/** Null if the new version has anything that the old one lacks, if their order differs, or if what is gone did something when it was loaded. */
export function removedIn(
  { before, after, language }: { before: SyntaxTree; after: SyntaxTree; language: string },
  { isOurs, isStandard }: Record<"isOurs" | "isStandard", (module: string) => boolean>,
): Removed | null {
  const [old, young] = [fileItemsOf(before, language), fileItemsOf(after, language)];
  const gone: FileItem[] = [];
  let at = 0;
  for (const item of old) {
    if (young[at]?.print === item.print) at += 1;
    else gone.push(item);
  }
  if (at < young.length || gone.length === 0) return null;
  const kept = new Set(young.map(({ module }) => module));
  const removed: Removed = { declared: [], loaded: [] };
  for (const { names, module } of gone) {
    if (names === null) return null;
    // Loading a module may do something.
    if (module !== undefined && !kept.has(module) && !isStandard(module)) return null;
    const isDeclared = module === undefined || isOurs(module);
    removed[isDeclared ? "declared" : "loaded"].push(...names);
  }
  return removed;
}

/** A file as statements, its imports name by name. */
export function fileItemsOf({ root }: SyntaxTree, language: string): FileItem[] {
  const statements = root.children.filter((node) => !isComment(node));
  switch (language) {
    case "javascript":
      return statements.flatMap(
        (node) => scriptImports(node) ?? [{ print: printSyntax(node), names: scriptNamesOf(node) }],
      );
    case "python":
      return statements.flatMap(
        (node) => pythonImports(node) ?? [{ print: printSyntax(node), names: pythonNamesOf(node) }],
      );
    case "go":
      return statements.flatMap((node) => goImportsOf(node) ?? [{ print: printSyntax(node), names: goNamesOf(node) }]);
    default:
      return statements.map((node) => ({ print: printSyntax(node), names: null }));
  }
}

const plain = /^(?:string|number|integer|float|true|false|True|False|None|null|none)$/u;

function scriptImports(node: SyntaxNode): FileItem[] | null {
  const clause = node.name === "import_statement" ? childOf(node, "import_clause") : undefined;
  if (clause === undefined) return null;
  const module = contentOf(textOf(fieldOf(node, "source")));
  const isType = node.children[1]?.name === "type" ? "type " : "";
  return partsOf(clause)
    .flatMap((one) => (one.name === "named_imports" ? partsOf(one) : [one]))
    .map((one) => {
      const name = fieldOf(one, "alias") ?? fieldOf(one, "name") ?? childOf(one, "identifier") ?? one;
      return { print: `${isType}${one.name} ${printSyntax(one)} from ${module}`, names: [textOf(name)], module };
    });
}

function scriptNamesOf(statement: SyntaxNode): string[] | null {
  if (statement.name === "export_statement" && childOf(statement, "default") !== undefined) return null;
  const node = statement.name === "export_statement" ? fieldOf(statement, "declaration") : statement;
  if (node === undefined || childOf(statement, "decorator") !== undefined) return null;
  const name = textOf(fieldOf(node, "name"));
  if (/^(?:(?:generator_)?function_declaration|interface_declaration|type_alias_declaration)$/u.test(node.name))
    return [name];
  if (node.name === "class_declaration") {
    const body = fieldOf(node, "body");
    const acts = [...nodesIn(body ?? node)].some(
      (one) => /^(?:decorator|class_static_block|static)$/u.test(one.name) || isComputedKey(one),
    );
    return childOf(node, "class_heritage") !== undefined || acts ? null : [name];
  }
  if (node.name !== "lexical_declaration" || textOf(fieldOf(node, "kind")) !== "const") return null;
  const declarators = partsOf(node).filter((one) => one.name === "variable_declarator");
  const isInert = (one: SyntaxNode) => {
    const value = fieldOf(one, "value");
    return (
      fieldOf(one, "name")?.name === "identifier" &&
      value !== undefined &&
      (plain.test(value.name) || /^(?:arrow_function|function_expression|regex)$/u.test(value.name))
    );
  };
  return declarators.every(isInert) ? declarators.map((one) => textOf(fieldOf(one, "name"))) : null;
}

/** `[f()]` as the name of a method, which is computed when the class is read. */
const isComputedKey = (node: SyntaxNode): boolean =>
  node.name === "computed_property_name" && !partsOf(node).every(({ name }) => plain.test(name));

function pythonImports(node: SyntaxNode): FileItem[] | null {
  if (!pythonImport.test(node.name) || node.name === "future_import_statement") return null;
  const { module, names } = importOf(node);
  return names.map(({ name, own }) => ({
    print: `from ${module ?? ""} import ${name} as ${own ?? ""}`,
    names: name === "*" ? null : [own ?? (module === null ? (name.split(".")[0] ?? name) : name)],
    module: module ?? name,
  }));
}

function pythonNamesOf(statement: SyntaxNode): string[] | null {
  if (statement.name === "function_definition")
    return isQuietFunction(statement) ? [textOf(fieldOf(statement, "name"))] : null;
  if (statement.name === "class_definition")
    return fieldOf(statement, "superclasses") === undefined && !actsInBody(statement)
      ? [textOf(fieldOf(statement, "name"))]
      : null;
  const assignment = statement.name === "expression_statement" ? statement.children[0] : undefined;
  if (assignment?.name !== "assignment" || partsIn(assignment, "left").length !== 1) return null;
  const [left, right] = [fieldOf(assignment, "left"), fieldOf(assignment, "right")];
  const type = fieldOf(assignment, "type");
  if (type !== undefined && !isQuiet(type)) return null;
  return left?.name === "identifier" && right !== undefined && plain.test(right.name) ? [textOf(left)] : null;
}

/** Whether a class does more than to define functions and plain values when it is read. */
function actsInBody(definition: SyntaxNode): boolean {
  const statements = (fieldOf(definition, "body")?.children ?? []).filter((one) => !isComment(one));
  return !statements.every(
    (one) => one.name === "pass_statement" || one.children[0]?.name === "string" || pythonNamesOf(one) !== null,
  );
}

function goImportsOf(node: SyntaxNode): FileItem[] | null {
  if (node.name !== "import_declaration") return null;
  const specs = [...nodesIn(node)].filter(({ name }) => name === "import_spec");
  return specs.map((spec) => {
    const [name, module] = [textOf(fieldOf(spec, "name")), contentOf(textOf(fieldOf(spec, "path")))];
    const own = name === "" ? (module.split("/").at(-1) ?? module) : name;
    return { print: `import ${name} ${module}`, names: own === "_" || own === "." ? null : [own], module };
  });
}

function goNamesOf(statement: SyntaxNode): string[] | null {
  if (statement.name === "function_declaration") {
    const name = textOf(fieldOf(statement, "name"));
    return name === "init" || name === "main" ? null : [name];
  }
  if (statement.name !== "type_declaration" && statement.name !== "const_declaration") return null;
  const specs = [...nodesIn(statement)].filter(({ name }) => /^(?:type_spec|type_alias|const_spec)$/u.test(name));
  return specs.flatMap((spec) => partsIn(spec, "name").map(textOf));
}
