/** Recognizes a statement that only declares a function. Pure. */
import { childOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";

const functionKinds: ReadonlySet<string> = new Set(["ArrowFunction", "FunctionExpression"]);

/** The name of the function that the statement only declares, or exports under a name of its own; null for any other statement. */
export function addedFunction(tree: SyntaxTree, statement: SyntaxNode): string | null {
  switch (statement.name) {
    case "ExportDeclaration": {
      const inner = childOf(statement, "FunctionDeclaration", "VariableDeclaration");
      return inner === undefined || childOf(statement, "default") !== undefined ? null : addedFunction(tree, inner);
    }
    case "FunctionDeclaration":
      return textOf(tree, childOf(statement, "VariableDefinition"));
    case "VariableDeclaration": {
      const [keyword, definition, ...rest] = statement.children;
      const value = rest.findLast(({ name }) => name !== ";");
      const isConstant = keyword?.name === "const" && definition?.name === "VariableDefinition";
      const isOne = rest.every(({ name }) => name !== ",");
      return isConstant && isOne && functionKinds.has(value?.name ?? "") ? textOf(tree, definition) : null;
    }
    case "ExpressionStatement": {
      const [target, , value] = childOf(statement, "AssignmentExpression")?.children ?? [];
      if (target === undefined || !functionKinds.has(value?.name ?? "")) return null;
      return /^(?:module\.)?exports\.([\w$]+)$/u.exec(sourceText(tree, target))?.[1] ?? null;
    }
    // Defaults and annotations run when the file is loaded.
    case "FunctionDefinition": {
      const [name, parameters, type] = ["VariableName", "ParamList", "TypeDef"].map((kind) =>
        textOf(tree, childOf(statement, kind)),
      );
      return /^\([^()[\]{}@]*\)$/u.test(parameters ?? "") && !/[([{@]/u.test(type ?? "") ? (name ?? null) : null;
    }
    default:
      return null;
  }
}

function textOf(tree: SyntaxTree, node: SyntaxNode | undefined): string | null {
  return node === undefined ? null : sourceText(tree, node);
}
