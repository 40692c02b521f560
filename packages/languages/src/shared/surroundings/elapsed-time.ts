/** Recognizes the honest use of a clock that only measures how long a call takes: a reading that the same function subtracts from a later one. Pure. */
import { isFunction, signOf } from "../../javascript/javascript-syntax.ts";
import { isVariable } from "../../python/python-syntax.ts";
import { fieldOf, sourceText } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";

const isAnyFunction = (node: SyntaxNode) => isFunction(node) || /^(?:function_definition|lambda)$/u.test(node.name);

/** `clock`: the name of the clock, such as `performance.now`; `around`: the nodes that contain it, the nearest last. A reading stored elsewhere tells the age of the process. */
export function isElapsedTime(clock: SyntaxNode, around: readonly SyntaxNode[], tree: SyntaxTree): boolean {
  const call = around.at(-1);
  const use = around.at(-2);
  const owner = around.findLast(isAnyFunction);
  if (
    !/^call(?:_expression)?$/u.test(call?.name ?? "") ||
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
    if (isVariable(node) && sourceText(tree, node) === started && !isDefinition(node, outer)) {
      const isSame = outer !== null && isDifference(outer) && subtracted(outer, tree) === started;
      const left = isSame ? outer.children[0] : undefined;
      if (left === undefined || compact(left, tree) !== reading || isNested) return false;
    }
    const value = outer !== null && compact(node, tree) === reading ? definedName(outer, node, tree) : null;
    isStarted ||= value === started;
    return node.children.every((child) => visit(child, node, isNested || (node !== owner && isAnyFunction(node))));
  };
  return visit(owner, null, false) && isStarted;
}

function compact(node: SyntaxNode, tree: SyntaxTree): string {
  return sourceText(tree, node).replace(/\s/gu, "");
}

/** `x` of `clock() - x`. */
function subtracted(node: SyntaxNode, tree: SyntaxTree): string | null {
  const right = fieldOf(node, "right");
  return signOf(node) === "-" && right !== undefined && isVariable(right) ? sourceText(tree, right) : null;
}

/** `x` of `const x = clock()`, if `value` is what it is set to. */
function definedName(node: SyntaxNode, value: SyntaxNode, tree: SyntaxTree): string | null {
  const isDeclared = node.name === "variable_declarator";
  if (!isDeclared && node.name !== "assignment") return null;
  const target =
    value.field === (isDeclared ? "value" : "right") ? fieldOf(node, isDeclared ? "name" : "left") : undefined;
  return target?.name === "identifier" ? sourceText(tree, target) : null;
}

const isDifference = ({ name }: SyntaxNode) => name === "binary_expression" || name === "binary_operator";

/** It is what a statement sets. */
function isDefinition({ field }: SyntaxNode, outer: SyntaxNode | null): boolean {
  return outer?.name === "assignment" ? field === "left" : outer?.name === "variable_declarator" && field === "name";
}
