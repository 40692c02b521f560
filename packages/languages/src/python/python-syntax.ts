/**
 * Reads from a syntax tree of Python which names a node binds, compares and imports. Pure.
 */

import { changesOthersBy } from "../shared/growth.ts";
import type { ComparedPair } from "../shared/script-branches.ts";
import { fieldOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";

export const pythonImport = /^(?:import|import_from|future_import)_statement$/u;

/** The comparisons in a chain such as `a < b is not c`, in order; none for any other node. */
export function comparisonsOf(node: SyntaxNode): ComparedPair[] {
  const parts = node.name === "comparison_operator" ? node.children.filter(({ name }) => name !== "comment") : [];
  return parts.flatMap((part, at) => {
    const [left, right] = [parts[at - 1], parts[at + 1]];
    if (part.field !== "operators" || left === undefined || right === undefined) return [];
    return [{ left, sign: textOf(part).replace(/\s+/gu, " "), right }];
  });
}

/** All variables, members and elements in a target. */
export function targetsIn(node: SyntaxNode | undefined): SyntaxNode[] {
  if (node === undefined) return [];
  if (/^(?:identifier|attribute|subscript)$/u.test(node.name)) return [node];
  return node.children.flatMap(targetsIn);
}

/** The targets that a node binds: those of an assignment, a loop, a comprehension, `with` or `except`. */
export function boundTargets(node: SyntaxNode): SyntaxNode[] {
  if (/^(?:assignment|augmented_assignment|for_statement|for_in_clause)$/u.test(node.name))
    return targetsIn(fieldOf(node, "left"));
  if (node.name === "named_expression") return targetsIn(fieldOf(node, "name"));
  return node.name === "as_pattern_target" ? node.children.flatMap(targetsIn) : [];
}

/** The value of an assignment: `c` in `a = b = c`. */
export function assignedValue(assignment: SyntaxNode): SyntaxNode | undefined {
  const value = fieldOf(assignment, "right");
  return value?.name === "assignment" ? assignedValue(value) : value;
}

/** The blocks of a statement, including those of `elif`, `else`, `except` and `finally`. */
export function blocksOf(statement: SyntaxNode): SyntaxNode[] {
  return statement.children.flatMap((child) =>
    child.name === "block" ? [child] : child.name.endsWith("_clause") ? blocksOf(child) : [],
  );
}

/** The names of a function's parameters, without defaults. */
export function parametersOf(definition: SyntaxNode): SyntaxNode[] {
  return partsOf(fieldOf(definition, "parameters")).flatMap((part) =>
    part.field === "value" || part.name === "type" ? [] : targetsIn(part),
  );
}

/** The parts of `from module import name as own`; `module` is null for `import name`, and the name `*` means all names. */
interface ImportedNames {
  readonly module: string | null;
  readonly names: readonly { readonly name: string; readonly own: string | null }[];
}

export function importOf(statement: SyntaxNode): ImportedNames {
  const text = (node: SyntaxNode) => textOf(node).replaceAll(/[\s\\]+/gu, "");
  const from = fieldOf(statement, "module_name");
  const names = statement.children.flatMap((child) => {
    if (child.name === "wildcard_import") return [{ name: "*", own: null }];
    if (child.field !== "name") return [];
    const [name, alias] = [fieldOf(child, "name"), fieldOf(child, "alias")];
    return [{ name: text(name ?? child), own: alias === undefined ? null : text(alias) }];
  });
  const isFuture = statement.name === "future_import_statement";
  return { module: from === undefined ? (isFuture ? "__future__" : null) : text(from), names };
}

/** Whether a piece of a test file may change more than its own row. */
export const pythonChangesOthers = changesOthersBy((node) =>
  partsOf(fieldOf(node, "parameters")).filter(({ name, field }) => name === "identifier" && field !== "value"),
);
