/** The statements of a Python test that are no rows, and whether the later ones leave the first ones as they are. */

import { namesIn, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { type GrowthForm, statementsIn } from "../syntax/growth.ts";
import type { FoundStatements, Piece } from "../syntax/test-file.ts";

/** A `yield` makes something else of the whole function, and a declaration of scope of the whole name. */
const changesWhole = /\b(?:yield|global|nonlocal)\b/u;

/** `pieceWithout`: the test without some of its statements. */
export function pythonStatements(
  all: readonly SyntaxNode[],
  { tree, form }: { tree: SyntaxTree; form: GrowthForm },
  pieceWithout: (extra: ReadonlySet<SyntaxNode>) => Piece,
): FoundStatements {
  return statementsIn(all, form, {
    pieceWithout,
    mayFollow: (extra, before) => {
      const read = new Set(before.flatMap((node) => [...namesIn(tree, node)]));
      const bound = new Set(before.flatMap((node) => boundIn(node, tree)));
      // A name that is bound anywhere in a function is the function's own from its start.
      const changesFirst = (name: string) => read.has(name) && !bound.has(name);
      return extra.every(
        (node) =>
          isLocal(node, tree) &&
          form.isPlain(node) &&
          !changesWhole.test(sourceText(tree, node)) &&
          !boundIn(node, tree).some((name) => changesFirst(name) || /[^\x20-\x7e]/u.test(name)),
      );
    },
  });
}

/** Binds plain names of the test's own, or expects an error; any other statement may reach what the first ones left to run later. */
function isLocal(node: SyntaxNode, tree: SyntaxTree): boolean {
  const [target] = node.children;
  if (node.name === "AssignStatement") return target?.name === "VariableName" && node.children.length === 3;
  return (
    node.name === "WithStatement" &&
    /^with\s+(?:self\.assertRaises|pytest\.raises|raises)\b/u.test(sourceText(tree, node))
  );
}

/** The names that a statement binds in its function. */
function boundIn(node: SyntaxNode, tree: SyntaxTree): string[] {
  const { name, children } = node;
  const within = children.flatMap((child) => boundIn(child, tree));
  const at = (mark: string) => children.findLastIndex((child) => child.name === mark);
  switch (name) {
    case "FunctionDefinition":
    case "ClassDefinition":
      return children.filter((child) => child.name === "VariableName").map((child) => sourceText(tree, child));
    case "AssignStatement":
      return [...within, ...targetsIn(children.slice(0, at("AssignOp")), tree)];
    case "UpdateStatement":
    case "NamedExpression":
    case "CapturePattern":
      return [...within, ...targetsIn(children.slice(0, 1), tree)];
    case "ForStatement":
      return [
        ...within,
        ...targetsIn(
          children.slice(
            0,
            children.findIndex((child) => child.name === "in"),
          ),
          tree,
        ),
      ];
    case "ImportStatement":
    case "DeleteStatement":
      return targetsIn(children, tree);
    case "WithStatement":
    case "TryStatement":
      return [
        ...within,
        ...targetsIn(
          children.filter((_, index) => children[index - 1]?.name === "as"),
          tree,
        ),
      ];
    default:
      return within;
  }
}

/** Names in targets, however they are grouped; an attribute or an element of something is none. */
function targetsIn(nodes: readonly SyntaxNode[], tree: SyntaxTree): string[] {
  return nodes.flatMap((node) => {
    if (node.name === "VariableName") return [sourceText(tree, node)];
    return node.name === "MemberExpression" ? [] : targetsIn(node.children, tree);
  });
}
