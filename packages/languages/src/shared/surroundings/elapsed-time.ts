/** Recognizes honest uses of a clock, which only measure a duration: the same function subtracts one reading from a later one. Pure. */

import { fieldOf, signOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";
import { isAnyFunction, isVariable } from "./member-chain.ts";

/** `clock`: a name such as `performance.now`; `around`: the nodes that contain it, the nearest last. A reading kept elsewhere tells the process's age. */
export function isElapsedTime(clock: SyntaxNode, around: readonly SyntaxNode[]): boolean {
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
  const reading = compact(call);
  const started = isDifference(use) ? subtracted(use) : definedName(use, call);
  if (started === null) return false;
  let isStarted = false;
  const visit = (node: SyntaxNode, outer: SyntaxNode | null, isNested: boolean): boolean => {
    if (isVariable(node) && textOf(node) === started && !isDefinition(node, outer)) {
      const isSame = outer !== null && isDifference(outer) && subtracted(outer) === started;
      const left = isSame ? outer.children[0] : undefined;
      if (left === undefined || compact(left) !== reading || isNested) return false;
    }
    const value = outer !== null && compact(node) === reading ? definedName(outer, node) : null;
    isStarted ||= value === started;
    return node.children.every((child) => visit(child, node, isNested || (node !== owner && isAnyFunction(node))));
  };
  return visit(owner, null, false) && isStarted;
}

function compact(node: SyntaxNode): string {
  return textOf(node).replace(/\s/gu, "");
}

/** The name that is subtracted: `x` in `clock() - x`. */
function subtracted(node: SyntaxNode): string | null {
  const right = fieldOf(node, "right");
  return signOf(node) === "-" && right !== undefined && isVariable(right) ? textOf(right) : null;
}

/** The name that `node` sets to `value`: `x` in `const x = clock()`. */
function definedName(node: SyntaxNode, value: SyntaxNode): string | null {
  const isDeclared = node.name === "variable_declarator";
  if (!isDeclared && node.name !== "assignment") return null;
  const target =
    value.field === (isDeclared ? "value" : "right") ? fieldOf(node, isDeclared ? "name" : "left") : undefined;
  return target?.name === "identifier" ? textOf(target) : null;
}

const isDifference = ({ name }: SyntaxNode) => name === "binary_expression" || name === "binary_operator";

/** Whether a name is the target of a definition. */
function isDefinition({ field }: SyntaxNode, outer: SyntaxNode | null): boolean {
  return outer?.name === "assignment" ? field === "left" : outer?.name === "variable_declarator" && field === "name";
}
