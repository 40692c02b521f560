/** Tells whether a Rust test, or a table that tests go through, became more without changing what it did before. Pure. */
import { childOf, partsOf, printSyntax, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { isGrownPiece, pieceOf } from "../syntax/growth.ts";
import type { Piece } from "../syntax/test-file.ts";
import { definedNames, isAlone, isHarmlessStatement, leavesNames } from "./added-statements.ts";
import { rustGrowth, sizesOfTables } from "./tables.ts";

interface Code {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
}
interface Callable extends Code {
  readonly attributes: readonly SyntaxNode[];
}

/** The same code, or with more rows in lists that are only gone through. */
export function isGrownCode(old: Code, young: Code): boolean {
  return isGrownPiece(pieceIn(old, whole), pieceIn(young, whole));
}

const addedMax = 500;
const whole = new WeakMap<SyntaxNode, Piece>();
const withoutEnd = new WeakMap<SyntaxNode, Piece>();

/** The piece of a node, made once; in `withoutEnd` without the semicolon at its end. */
function pieceIn({ tree, node }: Code, known: WeakMap<SyntaxNode, Piece>): Piece {
  const found = known.get(node);
  if (found !== undefined) return found;
  const form = rustGrowth(tree);
  const end = known === withoutEnd ? node.children.at(-1) : undefined;
  const inserted = sizesOfTables(node, form.tables);
  if (end?.name === ";") inserted.add(end);
  const piece = pieceOf(node, { tree, form }, { inserted });
  known.set(node, piece);
  return piece;
}

/**
 * Whether a test keeps its signature and all old statements in order, and its new statements only check something without touching what the old ones use. A test that returns a result
 * may have nothing after its last statement, and a `should_panic` test nothing new at all. `known`: names in the base's file.
 */
export function isGrownTest(old: Callable, young: Callable, known: ReadonlySet<string>): boolean {
  const [body, newBody] = [childOf(old.node, "Block"), childOf(young.node, "Block")];
  if (
    body === undefined ||
    newBody === undefined ||
    !isTest(old) ||
    mustPanic(old) ||
    headOf(old, body) !== headOf(young, newBody)
  )
    return false;
  const kept = partsOf(body);
  const isUnit = childOf(old.node, "->") === undefined;
  const runs: SyntaxNode[][] = [...kept, null].map(() => []);
  let at = 0;
  for (const statement of partsOf(newBody)) {
    const expected = kept[at];
    const isSame = (kinds: typeof whole) =>
      expected !== undefined &&
      isGrownPiece(pieceIn({ ...old, node: expected }, kinds), pieceIn({ ...young, node: statement }, kinds));
    // Where no result counts, the last statement may have no semicolon.
    if (isSame(isUnit ? withoutEnd : whole)) at += 1;
    else runs[at]?.push(statement);
  }
  if (at < kept.length || runs.flat().length > addedMax) return false;
  const context = { tree: young.tree, known, mutable: definedNames(old, "mut") };
  return runs.every((statements, place) => {
    const rest = kept.slice(place);
    if (statements.length === 0) return true;
    if (!statements.every((statement) => isHarmlessStatement(statement, context))) return false;
    if (rest.length === 0) return isUnit;
    return isAlone(statements, context) && leavesNames(statements, context, { tree: old.tree, rest });
  });
}

const textsOfAttributes = ({ tree, attributes }: Callable) => attributes.map((one) => sourceText(tree, one));

/** A function that a test runner calls. */
export const isTest = (code: Callable) =>
  code.node.name === "FunctionItem" &&
  textsOfAttributes(code).some((text) => /^#?\[\s*(?:\w+\s*::\s*)*(?:test|rstest|test_case|case)\b/u.test(text));

const mustPanic = (code: Callable) =>
  textsOfAttributes(code).some((text) => /\b(?:should_panic|panics?)\b/u.test(text));

const headOf = ({ tree, node }: Code, body: SyntaxNode) => printSyntax(tree, node, new Set([body]));
