/** Tells whether a Rust test, or a table that tests go through, became more without changing what it did before. Pure. */

import { isGrownPiece, pieceOf } from "../shared/growth.ts";
import type { Piece } from "../shared/test-file.ts";
import { fieldOf, partsOf, printSyntax } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { helpersIn, isAlone, isHarmlessStatement, leavesNames } from "./added-statements.ts";
import { changeableNames } from "./changeable-names.ts";
import { attributesOf, expressionIn } from "./rust-syntax.ts";
import { marksTest, mustPanic } from "./rust-tests.ts";
import { rustGrowth, sizesOfTables } from "./test-tables.ts";

interface Code {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
}
interface Callable extends Code {
  readonly attributes: readonly SyntaxNode[];
}

/** The same code, or with more rows in lists that are only gone through. `known`: names in the base's file. */
export const isGrownCode = (old: Code, young: Code, known: ReadonlySet<string>): boolean =>
  isGrownPiece(pieceIn(old, known), pieceIn(young, known));

const addedMax = 500;
const pieces = new WeakMap<SyntaxNode, Piece>();

/** The piece of a node, made once. */
function pieceIn({ tree, node }: Code, known: ReadonlySet<string>): Piece {
  const form = rustGrowth(tree, known);
  const piece = pieces.get(node) ?? pieceOf(node, { form }, { inserted: sizesOfTables(node, form.tables) });
  pieces.set(node, piece);
  return piece;
}

/**
 * Whether a test keeps its signature and all old statements in order, and its new statements only check something without touching what the old ones use. A test that returns a result
 * may have nothing after its last statement, and a `should_panic` test nothing new at all. `known`: names in the base's file.
 */
export function isGrownTest(old: Callable, young: Callable, known: ReadonlySet<string>): boolean {
  const [body, newBody] = [old, young].map(({ node }) => fieldOf(node, "body"));
  if (
    body === undefined ||
    newBody === undefined ||
    !isTest(old) ||
    mustPanic(old.attributes) ||
    headOf(old, body) !== headOf(young, newBody)
  )
    return false;
  const kept = partsOf(body);
  const isUnit = fieldOf(old.node, "return_type") === undefined;
  // Where no result counts, the last statement may have no semicolon.
  const codeIn = ({ tree }: Code, statement: SyntaxNode) => ({
    tree,
    node: isUnit && attributesOf(statement).length === 0 ? expressionIn(statement) : statement,
  });
  const runs: SyntaxNode[][] = [...kept, null].map(() => []);
  let at = 0;
  for (const statement of partsOf(newBody)) {
    const expected = kept[at];
    if (expected !== undefined && isGrownCode(codeIn(old, expected), codeIn(young, statement), known)) at += 1;
    else runs[at]?.push(statement);
  }
  if (at < kept.length || runs.flat().length > addedMax) return false;
  const context = {
    tree: young.tree,
    known,
    mutable: changeableNames(old.node),
    helpers: helpersIn(body),
  };
  return runs.every((statements, place) => {
    const rest = kept.slice(place);
    if (statements.length === 0) return true;
    if (!statements.every((statement) => isHarmlessStatement(statement, context))) return false;
    if (rest.length === 0) return isUnit;
    return isAlone(statements, context) && leavesNames(statements, { rest });
  });
}

/** A function that a test runner calls. */
export const isTest = ({ node, attributes }: Callable) => node.name === "function_item" && marksTest(attributes);

const headOf = ({ node }: Code, body: SyntaxNode) => printSyntax(node, new Set([body]));
