/**
 * Finds the places of changed code whose run is reported (statements, both sides of conditions, operands and defaults that may not be evaluated), and inserts
 * the text that reports them. Each language describes its syntax in a `Form`. Errors of the grammar are ignored: it does not know every valid file, and a text
 * that does not compile reports nothing. Pure.
 *
 * Folder: rules that several languages share.
 */
import type { UncoveredKind } from "@aedev/contracts";
import type { SyntaxNode } from "../tree/syntax-node.ts";

/** One path through changed code. */
export interface Place {
  line: number;
  kind: UncoveredKind;
  /** Matters less: it only throws, only skips the next operand, or is an empty fallback such as `?? []`. Coverage.ts adds code that only moved. */
  isMinor: boolean;
  /** The offsets of the code that runs only if this place does. */
  range: readonly [number, number];
  /** The code under test reports it when it gets there. */
  token: string;
}
export interface ProbedFile {
  text: string;
  places: Place[];
}
/** Changed lines of a file, counted from 1, with `last`. */
export interface LineSpan {
  first: number;
  last: number;
}
export interface ProbeOptions {
  path: string;
  lines: readonly LineSpan[];
  /** The path of the pipe in the container. */
  channel: string;
  /** The name of the reporting function. */
  name: string;
  newToken: () => string;
}

/** The syntax of a language: how inserted text is written and how nodes are recognized. */
export interface Form {
  statement(token: string, node: SyntaxNode, indentation: string): string;
  /** The texts around a condition, which report `yes` or `no`; an empty token reports nothing. */
  condition(yes: string, no: string, isNullish: boolean): readonly [string, string];
  /** The name of a block's node. */
  blockName: string;
  /** The statements among the children of a block. */
  statementsOf(nodes: readonly SyntaxNode[]): readonly SyntaxNode[];
  isLabel(node: SyntaxNode): boolean;
  /** Whether a node is a literal, which as a condition decides nothing at run time. */
  isConstant(node: SyntaxNode): boolean;
  /** Whether a statement, such as a definition, runs before the others or not at all. */
  isSilent(node: SyntaxNode): boolean;
  /** The end of the part of a statement that always runs. */
  headEnd(node: SyntaxNode): number;
  /** Names of the statements that may stand before one that refuses. */
  plainStatement: RegExp;
  /** The text of a statement or expression that refuses. */
  refusal: RegExp;
  /** The text of a literal without content: null, false, zero, an empty text, list or object. */
  emptyValue: RegExp;
}

/** The code on both sides of a condition. */
export interface Sides {
  yes: SyntaxNode | null;
  no: SyntaxNode | null;
  /** The code that runs only on the second side, if that side has no body. */
  after?: readonly SyntaxNode[];
  /** The kind of each reported side; a loop's second side is not reported. */
  kinds?: readonly [UncoveredKind, UncoveredKind?];
  /** The first side is the one for null and undefined. */
  isNullish?: boolean;
  /** The side with a body is a default for a missing value: the second operand of `??`, `||` or `or`. */
  isFallback?: boolean;
}

/** With more statements before it, code does more than refuse. */
const plainStatementsMax = 2;
/** Characters to read before a statement. */
const beforeCharacters = 200;
/** A file with more paths is not measured. */
export const placesMax = 3000;

export class TooManyPlaces extends Error {
  override readonly name = "TooManyPlaces";
}

interface Insertion {
  at: number;
  text: string;
  /** The length of the part that it opens or closes. */
  span: number;
  side: "close" | "alone" | "open";
}

/** Collects places and insertions for one file. */
export class Probing {
  readonly places: Place[] = [];
  readonly #insertions: Insertion[] = [];
  readonly #text: string;
  readonly #form: Form;
  readonly #starts: number[];
  readonly #changed: ReadonlySet<number>;
  readonly #newToken: () => string;

  constructor(text: string, { lines, newToken }: Pick<ProbeOptions, "lines" | "newToken">, form: Form) {
    this.#text = text;
    this.#form = form;
    this.#newToken = newToken;
    this.#starts = [0, ...[...text.matchAll(/\n/gu)].map(({ index }) => index + 1)];
    const last = this.#starts.length;
    this.#changed = new Set(
      lines.flatMap((range) =>
        Array.from({ length: Math.max(0, Math.min(range.last, last) - range.first + 1) }, (_, by) => range.first + by),
      ),
    );
  }

  /**
   * Inserts a report before each statement of a list whose head is on changed lines, except labels and silent statements. `isForLanguage`: they are the body
   * of a method that the language calls.
   */
  statements(nodes: readonly SyntaxNode[], isForLanguage = false): void {
    for (const [index, node] of nodes.entries()) {
      const isChanged = this.#isChanged(node.from, this.#form.headEnd(node));
      if (this.#form.isLabel(node) || this.#form.isSilent(node) || !isChanged || !this.#isStart(node)) continue;
      const own = this.following(nodes, index);
      const token = this.#add(node.from, "statement", own, isForLanguage);
      const indentation = this.#text.slice(this.#starts[this.#lineAt(node.from) - 1], node.from);
      this.#insert({ at: node.from, text: this.#form.statement(token, node, indentation), span: 0, side: "alone" });
    }
  }

  /** Whether a statement can be inserted here; false if the grammar took the rest of a statement for a statement. */
  #isStart({ from }: SyntaxNode): boolean {
    return /(?:^|[;{}:\n\r\u2028\u2029]|\*\/)\s*$/u.test(this.#text.slice(Math.max(0, from - beforeCharacters), from));
  }

  /** The statements from `index` to the next label. */
  following(nodes: readonly SyntaxNode[], index: number): readonly SyntaxNode[] {
    const rest = nodes.slice(index);
    const label = rest.findIndex((node) => this.#form.isLabel(node));
    return label === -1 ? rest : rest.slice(0, label);
  }

  /**
   * Wraps a condition so that it reports which side runs. On an unchanged line, only a changed body without a block gets a place, since nothing else reports
   * it. A literal gets none.
   */
  condition(condition: SyntaxNode, sides: Sides): void {
    if (this.#form.isConstant(condition)) return;
    const { yes, no, after = [], kinds = ["true", "false"], isNullish = false, isFallback = false } = sides;
    const isChanged = this.isChanged(condition);
    const side = (kind: UncoveredKind, body: SyntaxNode | null, next: readonly SyntaxNode[]): string => {
      const isMinor = isFallback && body !== null && this.#form.emptyValue.test(this.textOf(body));
      if (isChanged) return this.#add(condition.from, kind, body === null ? next : [body], isMinor);
      const isOwn = body !== null && body.name !== this.#form.blockName && this.isChanged(body);
      return isOwn ? this.#add(body.from, kind, [body], isMinor) : "";
    };
    const first = side(kinds[0], yes, []);
    const second = kinds[1] === undefined ? "" : side(kinds[1], no, after);
    if (first !== "" || second !== "") this.wrap(condition, this.#form.condition(first, second, isNullish));
  }

  /** Wraps the left operand of `left && right`, or of `left || right` if `isAnd` is false. */
  operands({ left, right, isAnd }: { left: SyntaxNode; right: SyntaxNode; isAnd: boolean }): void {
    if (isAnd) this.condition(left, { yes: right, no: null, kinds: ["evaluated", "skipped"] });
    else this.condition(left, { yes: null, no: right, kinds: ["skipped", "evaluated"], isFallback: true });
  }

  /** Wraps a part on changed lines that may not run. `write` makes the reporting texts before and after it. */
  part(node: SyntaxNode, kind: UncoveredKind, write: (token: string) => readonly [string, string]): void {
    if (this.isChanged(node)) this.wrap(node, write(this.#add(node.from, kind, [node])));
  }

  /** Inserts a report into a block without statements, since nothing else reports it. */
  emptyBlock(block: SyntaxNode, write: (token: string) => string): void {
    if (!this.isChanged(block)) return;
    const text = write(this.#add(block.from, "statement", [block]));
    this.#insert({ at: block.from + 1, text, span: 0, side: "alone" });
  }

  /** Inserts a text before a part and one after it; if parts begin or end together, the longer one is outside. */
  wrap(node: SyntaxNode, [open, close]: readonly [string, string]): void {
    const { from, to } = node;
    this.#insert({ at: from, text: open, span: to - from, side: "open" });
    this.#insert({ at: to, text: close, span: to - from, side: "close" });
  }

  textOf({ from, to }: SyntaxNode): string {
    return this.#text.slice(from, to);
  }

  isChanged({ from, to }: SyntaxNode): boolean {
    return this.#isChanged(from, to);
  }

  /** The text with all insertions; `prologue` is inserted at an offset. */
  result(prologue?: { at: number; text: string }): string {
    // At one offset: first the closing texts of earlier parts, then reports between statements, then the opening texts of later parts.
    const order = { close: 0, alone: 1, open: 2 };
    const first = prologue === undefined ? [] : [{ ...prologue, span: 0, side: "close" as const }];
    const sorted = [...first, ...this.#insertions].toSorted(
      (one, other) =>
        one.at - other.at ||
        order[one.side] - order[other.side] ||
        (one.side === "close" ? one.span - other.span : other.span - one.span),
    );
    let text = "";
    let at = 0;
    for (const insertion of sorted) {
      text += this.#text.slice(at, insertion.at) + insertion.text;
      at = insertion.at;
    }
    return text + this.#text.slice(at);
  }

  #insert(insertion: Insertion): void {
    this.#insertions.push(insertion);
  }

  /** Adds a place that decides whether `nodes` run, and returns its token. */
  #add(at: number, kind: UncoveredKind, nodes: readonly SyntaxNode[], isMinor = false): string {
    if (this.places.length === placesMax) throw new TooManyPlaces();
    const token = this.#newToken();
    const range = [nodes[0]?.from ?? at, nodes.at(-1)?.to ?? at] as const;
    this.places.push({
      line: this.#lineAt(at),
      kind,
      isMinor: isMinor || kind === "skipped" || this.#refuses(nodes),
      range,
      token,
    });
    return token;
  }

  /** Whether statements, or one expression, only refuse. */
  #refuses(nodes: readonly SyntaxNode[]): boolean {
    const { blockName, statementsOf, plainStatement, refusal } = this.#form;
    const [only] = nodes;
    if (nodes.length === 1 && only?.name === blockName) return this.#refuses(statementsOf(only.children));
    const last = nodes.at(-1);
    if (last === undefined || nodes.length > plainStatementsMax + 1) return false;
    return nodes.slice(0, -1).every(({ name }) => plainStatement.test(name)) && refusal.test(this.textOf(last));
  }

  #lineAt(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** Whether any line of this part changed. */
  #isChanged(from: number, to: number): boolean {
    const last = this.#lineAt(Math.max(from, to - 1));
    for (let line = this.#lineAt(from); line <= last; line += 1) if (this.#changed.has(line)) return true;
    return false;
  }
}

/** The places that were not reached, without those that depend on another place not reached. */
export function unreached(places: readonly Place[], reached: ReadonlySet<string>): Place[] {
  const missed = places.filter(({ token }) => !reached.has(token));
  return missed.filter((place, index) => !missed.some((other, before) => contains(other, place, before < index)));
}

/** Whether one place speaks for another: of equal ranges the first does; of places without code, such as operands of a chain, the first of each kind. */
function contains({ range: outer, kind }: Place, { range: inner, kind: innerKind }: Place, isBefore: boolean): boolean {
  const [size, innerSize] = [outer[1] - outer[0], inner[1] - inner[0]];
  if (outer[0] > inner[0] || inner[1] > outer[1]) return false;
  return size > innerSize || (isBefore && (size > 0 || kind === innerKind));
}
