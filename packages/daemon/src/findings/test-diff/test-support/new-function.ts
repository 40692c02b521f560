/** Recognizes a statement that only declares a function. Pure. */
import { childOf, sourceText } from "@aedev/languages/tree/print-syntax";
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
    case "FunctionDefinition": {
      if (defaultsOf(childOf(statement, "ParamList")).some((one) => hasMember(one))) return null;
      const [name, parameters, type] = ["VariableName", "ParamList", "TypeDef"].map((kind) =>
        textOf(tree, childOf(statement, kind)),
      );
      return /^\([^()[\]{}@]*\)$/u.test(parameters ?? "") && !/[([{@]/u.test(type ?? "") ? (name ?? null) : null;
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

function defaultsOf(list: SyntaxNode | undefined): SyntaxNode[] {
  return (list?.children ?? []).filter((_, at, all) => all[at - 1]?.name === "AssignOp");
}

function hasMember({ name, children }: SyntaxNode): boolean {
  return name === "MemberExpression" || children.some(hasMember);
}

function textOf(tree: SyntaxTree, node: SyntaxNode | undefined): string | null {
  return node === undefined ? null : sourceText(tree, node);
}
