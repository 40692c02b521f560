/** Recognizes the honest use of a clock that only measures how long a call takes: a reading that the same function subtracts from a later one. Pure. */
import { isVariable } from "@aedev/languages/python/python-syntax";
import { fieldOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

const functions =
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunction|MethodDeclaration|function_definition|lambda)$/u;

/** `clock`: the name of the clock, such as `performance.now`; `around`: the nodes that contain it, the nearest last. A reading stored elsewhere tells the age of the process. */
export function isElapsedTime(clock: SyntaxNode, around: readonly SyntaxNode[], tree: SyntaxTree): boolean {
  const call = around.at(-1);
  const use = around.at(-2);
  const owner = around.findLast(({ name }) => functions.test(name));
  if (
    !/^(?:CallExpression|call)$/u.test(call?.name ?? "") ||
    call?.children[0] !== clock ||
    use === undefined ||
    owner === undefined
  )
    return false;
  const reading = compact(call, tree);
  const started = isDifference(use) ? subtracted(use, tree) : definedName(use, call, tree);
  if (started === null) return false;
  let isStarted = false;
  const visit = (node: SyntaxNode, outer: SyntaxNode | null, isNested: boolean): boolean => {
    if (isName(node) && sourceText(tree, node) === started && !isDefinition(node, outer)) {
      const isSame = outer !== null && isDifference(outer) && subtracted(outer, tree) === started;
      const left = isSame ? outer.children[0] : undefined;
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
  return sign === "-" && right !== undefined && isName(right) ? sourceText(tree, right) : null;
}

/** `x` of `const x = clock()`, if `value` is what it is set to. */
function definedName(node: SyntaxNode, value: SyntaxNode, tree: SyntaxTree): string | null {
  if (node.name === "assignment") {
    const target = value.field === "right" ? fieldOf(node, "left") : undefined;
    return target?.name === "identifier" ? sourceText(tree, target) : null;
  }
  if (node.name !== "VariableDeclaration") return null;
  const parts = partsOf(node);
  const at = parts.indexOf(value);
  const target = parts[at - 2];
  return at >= 2 && target?.name === "VariableDefinition" ? sourceText(tree, target) : null;
}

const isName = (node: SyntaxNode) => node.name === "VariableName" || isVariable(node);
const isDifference = ({ name }: SyntaxNode) => name === "BinaryExpression" || name === "binary_operator";

/** Python writes the name that a statement sets as any other. */
function isDefinition(node: SyntaxNode, outer: SyntaxNode | null): boolean {
  return outer?.name === "assignment" && node.field === "left";
}
