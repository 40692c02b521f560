/** Recognizes a statement that only declares a function. Pure. */
import { childOf, fieldOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

const functionKinds: ReadonlySet<string> = new Set(["ArrowFunction", "FunctionExpression"]);

/** The name of the function that the statement only declares, or exports under a name of its own; null for any other statement. */
export function addedFunction(tree: SyntaxTree, statement: SyntaxNode): string | null {
  switch (statement.name) {
    case "ExportDeclaration": {
      const inner = childOf(statement, "FunctionDeclaration", "VariableDeclaration");
      return inner === undefined || childOf(statement, "default") !== undefined ? null : addedFunction(tree, inner);
    }
    case "FunctionDeclaration":
      return hasDecoratedParameter(tree, statement) ? null : textOf(tree, childOf(statement, "VariableDefinition"));
    case "VariableDeclaration": {
      const [keyword, definition, ...rest] = statement.children;
      const value = rest.findLast(({ name }) => name !== ";");
      const isConstant = keyword?.name === "const" && definition?.name === "VariableDefinition";
      const isOne = rest.every(({ name }) => name !== ",");
      return isConstant && isOne && isPlainFunction(tree, value) ? textOf(tree, definition) : null;
    }
    case "ExpressionStatement": {
      const [target, , value] = childOf(statement, "AssignmentExpression")?.children ?? [];
      if (target === undefined || !isPlainFunction(tree, value)) return null;
      return /^(?:module\.)?exports\.([\w$]+)$/u.exec(sourceText(tree, target))?.[1] ?? null;
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
  return textOf(tree, childOf(one, "ParamList"))?.includes("@") === true;
}

function isPlainFunction(tree: SyntaxTree, value: SyntaxNode | undefined): boolean {
  return value !== undefined && functionKinds.has(value.name) && !hasDecoratedParameter(tree, value);
}

function hasMember({ name, children }: SyntaxNode): boolean {
  return /^(?:attribute|subscript)$/u.test(name) || children.some(hasMember);
}

function textOf(tree: SyntaxTree, node: SyntaxNode | undefined): string | null {
  return node === undefined ? null : sourceText(tree, node);
}
