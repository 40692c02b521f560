/** Recognizes a statement that only declares a function. Pure. */
import { isFunctionValue } from "@aedev/languages/javascript/javascript-syntax";
import { childOf, fieldOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

/** The name of the function that the statement only declares, or exports under a name of its own; null for any other statement. */
export function addedFunction(tree: SyntaxTree, statement: SyntaxNode): string | null {
  switch (statement.name) {
    case "export_statement": {
      const inner = fieldOf(statement, "declaration");
      return inner === undefined || childOf(statement, "default") !== undefined ? null : addedFunction(tree, inner);
    }
    case "function_declaration":
    case "generator_function_declaration":
      return hasDecoratedParameter(tree, statement) ? null : textOf(tree, fieldOf(statement, "name"));
    case "lexical_declaration": {
      const [kind, one, ...others] = partsOf(statement);
      const name = fieldOf(one, "name");
      const isConstant = kind?.name === "const" && name?.name === "identifier" && others.length === 0;
      return isConstant && isPlainFunction(tree, fieldOf(one, "value")) ? textOf(tree, name) : null;
    }
    case "expression_statement": {
      const assignment = childOf(statement, "assignment_expression");
      if (!isPlainFunction(tree, fieldOf(assignment, "right"))) return null;
      return /^(?:module\.)?exports\.([\w$]+)$/u.exec(textOf(tree, fieldOf(assignment, "left")) ?? "")?.[1] ?? null;
    }
    // Defaults and annotations run when the file is loaded. A member of something may be computed.
    case "function_definition": {
      const [name, parameters, type] = ["name", "parameters", "return_type"].map((field) => fieldOf(statement, field));
      const defaults = parameters?.children.filter(({ field }) => field === "value") ?? [];
      if (defaults.some((one) => hasMember(one))) return null;
      const isPlain = /^\([^()[\]{}@]*\)$/u.test(textOf(tree, parameters) ?? "");
      return isPlain && !/[([{@]/u.test(textOf(tree, type) ?? "") ? textOf(tree, name) : null;
    }
    default:
      return null;
  }
}

/** Whether a function of JavaScript gives a parameter to a decorator, which TypeScript runs when the file is loaded. */
export function hasDecoratedParameter(tree: SyntaxTree, one: SyntaxNode): boolean {
  return textOf(tree, fieldOf(one, "parameters"))?.includes("@") === true;
}

function isPlainFunction(tree: SyntaxTree, value: SyntaxNode | undefined): boolean {
  return value !== undefined && isFunctionValue(value) && !hasDecoratedParameter(tree, value);
}

function hasMember({ name, children }: SyntaxNode): boolean {
  return /^(?:attribute|subscript)$/u.test(name) || children.some(hasMember);
}

function textOf(tree: SyntaxTree, node: SyntaxNode | undefined): string | null {
  return node === undefined ? null : sourceText(tree, node);
}
