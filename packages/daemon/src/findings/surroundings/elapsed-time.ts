/** Recognizes the honest use of a clock that only measures how long a call takes: a reading that the same function subtracts from a later one. Pure. */
import { partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

const functions =
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunction|MethodDeclaration|FunctionDefinition|LambdaExpression)$/u;

/** `clock`: the name of the clock, such as `performance.now`; `around`: the nodes that contain it, the nearest last. A reading stored elsewhere tells the age of the process. */
export function isElapsedTime(clock: SyntaxNode, around: readonly SyntaxNode[], tree: SyntaxTree): boolean {
  const call = around.at(-1);
  const use = around.at(-2);
  const owner = around.findLast(({ name }) => functions.test(name));
  if (call?.name !== "CallExpression" || call.children[0] !== clock || use === undefined || owner === undefined)
    return false;
  const reading = compact(call, tree);
  const started = use.name === "BinaryExpression" ? subtracted(use, tree) : definedName(use, call, tree);
  if (started === null) return false;
  let isStarted = false;
  const visit = (node: SyntaxNode, outer: SyntaxNode | null, isNested: boolean): boolean => {
    if (node.name === "VariableName" && sourceText(tree, node) === started && !isDefinition(node, outer)) {
      const isDifference = outer?.name === "BinaryExpression" && subtracted(outer, tree) === started;
      const left = isDifference ? outer.children[0] : undefined;
      if (left === undefined || compact(left, tree) !== reading || isNested) return false;
    }
    const value = outer !== null && compact(node, tree) === reading ? definedName(outer, node, tree) : null;
    isStarted ||= value === started;
    return node.children.every((child) =>
      visit(child, node, isNested || (node !== owner && functions.test(node.name))),
    );
  };
  return visit(owner, null, false) && isStarted;
}

function compact(node: SyntaxNode, tree: SyntaxTree): string {
  return sourceText(tree, node).replace(/\s/gu, "");
}

/** `x` of `clock() - x`. */
function subtracted(node: SyntaxNode, tree: SyntaxTree): string | null {
  const [left, right] = [node.children[0], node.children.at(-1)];
  const sign = tree.text.slice(left?.to ?? 0, right?.from ?? 0).trim();
  return sign === "-" && right?.name === "VariableName" ? sourceText(tree, right) : null;
}

/** `x` of `const x = clock()`, if `value` is what it is set to. */
function definedName(node: SyntaxNode, value: SyntaxNode, tree: SyntaxTree): string | null {
  if (node.name !== "VariableDeclaration" && node.name !== "AssignStatement") return null;
  const parts = partsOf(node);
  const at = parts.indexOf(value);
  const target = parts[at - 2];
  return at >= 2 && target !== undefined && /^Variable(?:Definition|Name)$/u.test(target.name)
    ? sourceText(tree, target)
    : null;
}

/** Python writes the name that a statement sets as any other. */
function isDefinition(node: SyntaxNode, outer: SyntaxNode | null): boolean {
  return outer?.name === "AssignStatement" && outer.children[0] === node;
}
