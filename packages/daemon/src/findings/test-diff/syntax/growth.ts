/**
 * What of a piece of a test file can become more without changing the rest: the elements of tables that are gone through one by one, and statements that
 * only check something. A piece without them is its frame; if two versions have the same frame, and every row of the old one is a row of the new one, then
 * all that the old one checks is checked as before.
 */
import { namesIn, partsOf, printSyntax, textsOf } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { type Piece, type Row, syntaxDigest } from "./test-file.ts";

/** Names of what changes what others see. */
const changing =
  /^(?:setattr|delattr|exec|eval|__import__|patch\w*|monkeypatch|mock\w*|spyOn|stub\w*|define(?:Property|Properties)|assign|setPrototypeOf|register\w*)$/iu;

/** True for a piece that may change more than its own row. */
export function changesOthers(tree: SyntaxTree, node: SyntaxNode): boolean {
  return [...textsOf(tree, node, /^(?:VariableName|PropertyName|FieldName)$/)].some((name) => changing.test(name));
}

/** How a language writes what can become more. */
export interface GrowthForm {
  /** Lists that are only gone through, element by element. */
  readonly tables: ReadonlySet<SyntaxNode>;
  /** Names of the nodes that contain statements. */
  readonly blocks: RegExp;
  /** A statement that only checks something, and assigns nothing. */
  isCheck(statement: SyntaxNode): boolean;
  /** An element that changes nothing else when its table is made. */
  isPlain(element: SyntaxNode): boolean;
}

/** `nodes` as one piece that begins with `prefix`, without the nodes in `without`. */
export function pieceOfNodes(
  nodes: readonly SyntaxNode[],
  { tree, form, prefix = "", without = nothing }: PieceOptions,
): Piece {
  const print = (omitted: ReadonlySet<SyntaxNode>, growth: () => ReturnType<NonNullable<Piece["growth"]>>): Piece => ({
    digest: syntaxDigest([prefix, ...nodes.map((node) => printSyntax(tree, node, omitted))].join(" ").trimStart()),
    names: new Set(nodes.flatMap((node) => [...namesIn(tree, node, omitted)])),
    growth,
  });
  return print(without, () => {
    const { rows, nodes: omitted } = readRows(nodes, { tree, form, without });
    const frame: Piece = print(new Set([...without, ...omitted]), () => ({ frame, rows: [] }));
    return { frame, rows };
  });
}
const nothing: ReadonlySet<SyntaxNode> = new Set();

interface PieceOptions {
  readonly tree: SyntaxTree;
  readonly form: GrowthForm;
  readonly prefix?: string;
  readonly without?: ReadonlySet<SyntaxNode>;
}

/** The rows of a piece, each with its place in the frame, and the nodes that are not part of the frame. */
function readRows(roots: readonly SyntaxNode[], { tree, form, without = nothing }: PieceOptions) {
  const rows: Row[] = [];
  const nodes: SyntaxNode[] = [];
  let tables = 0;
  let blocks = 0;
  const add = (node: SyntaxNode, place: string, mayBeNew: boolean) =>
    rows.push({ place, digest: syntaxDigest(printSyntax(tree, node)), names: namesIn(tree, node), mayBeNew });
  const visit = (node: SyntaxNode): void => {
    if (without.has(node)) return;
    if (form.tables.has(node)) {
      tables += 1;
      nodes.push(node);
      for (const element of partsOf(node)) add(element, `table ${tables}`, form.isPlain(element));
      return;
    }
    const isBlock = form.blocks.test(node.name);
    if (isBlock) blocks += 1;
    const block = blocks;
    let before = 0;
    for (const child of node.children) {
      if (isBlock && !without.has(child) && form.isCheck(child)) {
        nodes.push(child);
        add(child, `block ${block} after ${before}`, true);
        continue;
      }
      if (isBlock && /^[A-Z]/.test(child.name) && !/Comment$/.test(child.name)) before += 1;
      visit(child);
    }
  };
  for (const root of roots) visit(root);
  return { rows, nodes };
}

type Rows = readonly (readonly [digest: string, mayBeNew: boolean])[];

/** Every row of the old version is one of the new, and the others may be new. */
export function haveGrown(old: Rows, young: Rows): boolean {
  const keyOf = ([digest]: Rows[number]) => digest;
  return (
    withoutTwins(old, young, keyOf).length === 0 && withoutTwins(young, old, keyOf).every(([, mayBeNew]) => mayBeNew)
  );
}

/** The same frame, with the same rows or more. */
export function isGrownPiece(piece: Piece, other: Piece): boolean {
  const [old, young] = [piece.growth?.(), other.growth?.()];
  if (old === undefined || young === undefined || old.frame.digest !== young.frame.digest) return false;
  const rowsOf = ({ rows }: { rows: readonly Row[] }) =>
    rows.map(({ place, digest, mayBeNew }) => [`${place} ${digest}`, mayBeNew] as const);
  return haveGrown(rowsOf(old), rowsOf(young));
}

/** Elements of `items` without a twin in `others`, counting repetitions. */
export function withoutTwins<T>(items: readonly T[], others: readonly T[], keyOf: (item: T) => string): T[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(keyOf(other), (counts.get(keyOf(other)) ?? 0) + 1);
  return items.filter((item) => {
    const count = counts.get(keyOf(item)) ?? 0;
    counts.set(keyOf(item), count - 1);
    return count <= 0;
  });
}
