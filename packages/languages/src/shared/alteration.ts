/**
 * The findings of a reader of test source: each test with its assertions, and for each assertion the edit that makes it fail. A reader changes nothing;
 * choose-alterations.ts picks one edit per test. Pure.
 */

import type { SyntaxNode } from "../tree/syntax-node.ts";

/** Replaces the text between two offsets. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** `literal`: another expected value; `negation`: the opposite claim. */
export interface Alteration {
  readonly how: "literal" | "negation";
  /** The edits in order, without overlap. */
  readonly edits: readonly Edit[];
}

export function negation(edits: readonly Edit[]): Alteration {
  return { how: "negation", edits };
}

/** Inserts one text before a piece and one after it. */
export function around({ from, to }: Pick<SyntaxNode, "from" | "to">, before: string, after = ")"): Edit[] {
  return [
    { from, to: from, text: before },
    { from: to, to, text: after },
  ];
}

/** Maps each method to the one that claims the opposite: `pairs` in both directions, `oneWay` in one. */
export function oppositesOf(pairs: string, oneWay = ""): Map<string, string> {
  const split = (text: string) => text.split(" ").map((pair) => pair.split("/"));
  const all = [...split(pairs).flatMap((pair) => [pair, pair.toReversed()]), ...(oneWay === "" ? [] : split(oneWay))];
  return new Map(all.map(([one = "", other = ""]) => [one, other]));
}

/** Why an assertion has no alteration: no edit of the source surely makes it fail, or its expectation is in another file. */
export type NoAlteration = "no-safe-alteration" | "snapshot-file";

export interface AssertionSite {
  /** The assertion's offset in the source. */
  readonly at: number;
  readonly alteration: Alteration | NoAlteration;
  /** The assertion may not run, or a `try` may swallow its failure. */
  readonly guarded: boolean;
}

/** The assertions below a node, in order, except inside nodes of `without`. `isGuard`: the child may not run although its parent does. */
export function assertionsIn(
  root: SyntaxNode,
  alterationOf: (node: SyntaxNode, parent: SyntaxNode | null) => AssertionSite["alteration"] | null,
  isGuard: (parent: SyntaxNode, child: SyntaxNode) => boolean,
  without?: ReadonlySet<SyntaxNode>,
): AssertionSite[] {
  const found: AssertionSite[] = [];
  const visit = (node: SyntaxNode, parent: SyntaxNode | null, guarded: boolean): void => {
    if (without?.has(node) === true) return;
    const alteration = alterationOf(node, parent);
    if (alteration !== null) found.push({ at: node.from, alteration, guarded });
    for (const child of node.children) visit(child, node, guarded || isGuard(node, child));
  };
  visit(root, null, false);
  return found;
}

export interface TestSite {
  /** The test's own title or name, without its groups; the expression's text if it is computed. */
  readonly name: string;
  readonly assertions: readonly AssertionSite[];
  /** Names that its code mentions; it may use helpers with these names. */
  readonly mentions: ReadonlySet<string>;
}

/** Code outside tests that has assertions and that tests use by one of its names. */
export interface HelperSite {
  readonly names: readonly string[];
  readonly assertions: readonly AssertionSite[];
  readonly mentions: ReadonlySet<string>;
}

export interface TestSource {
  readonly tests: readonly TestSite[];
  readonly helpers: readonly HelperSite[];
}

/** A number below `count` that depends on `seed` and the place, so that code under test can't know altered values in advance. */
export function pick(seed: string, at: number, count: number): number {
  let hash = 0x81_1c_9d_c5;
  for (const character of `${seed} ${at}`) {
    hash ^= character.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01_00_01_93) >>> 0;
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % count;
}

/** A small number, but not 0 or 1, which many values equal. */
export function pickNumber(seed: string, at: number): number {
  return 2 + pick(seed, at, 7);
}

export function pickLetter(seed: string, at: number): string {
  return "abcdefghijklmnopqrstuvwxyz"[pick(seed, at, 26)] ?? "a";
}
