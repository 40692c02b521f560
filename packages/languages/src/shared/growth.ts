/**
 * Tells which parts of a test file can grow without changing the rest. Its rows are the elements of tables that are looped over one by one, and statements
 * that only check. A piece without its rows is its frame. If two versions have the same frame, and the new one has every row of the old one, then all old
 * checks still run as before.
 */
import { fieldOf, isComment, namesIn, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { literalsIn } from "./literals.ts";
import { type FoundStatements, type Piece, type PieceGrowth, type Row, type Rows, syntaxDigest } from "./test-file.ts";

/** Names, with a small first letter, of functions that may change shared state or end the test. */
const changing = new RegExp(
  [
    String.raw`^(?:__\w+__|getattr|setattr|delattr|vars|globals|locals|exec|eval|reflect|function|importorskip|xfail|catch|end|exit|done)$`,
    "^(?:update|pop|push|shift|unshift|splice|sort|reverse|fill|copyWithin|store|swap|compareAndSwap|setdefault|(?:un)?setenv|putenv|chdir|chmod|sleep|eventually|goexit|plan|gOMAXPROCS|quit|abort|_exit|del|evict|purge|flush|shutdown|toggle|freeze|rollback)$",
    String.raw`^(?:set|patch|monkeypatch|mock|doMock|stub|spyOn|define|assign|register|configure|enable|disable|install|clear|remove|reset|restore|delete|write|unlink|rename|truncate|close|skip|use|append|insert|extend|unmarshal|decode|mkdir|makedirs|rmdir|rmtree|rm|symlink|invalidate|unset|put)(?:$|[A-Z_]\w*)`,
  ].join("|"),
  "u",
);

/** Whether a node may change more than its own row: it uses a changing name or calls a computed function. `declaredBy`: the names that a node declares. */
export const changesOthersBy =
  (declaredBy: (node: SyntaxNode) => readonly SyntaxNode[]) =>
  (node: SyntaxNode): boolean => {
    const declared = new Set<SyntaxNode>();
    const usesChanging = (piece: SyntaxNode): boolean => {
      if (declared.has(piece)) return false;
      const isMember = piece.name === "property_identifier" && piece.field === "property";
      if (isMember || /^(?:(?:field_|package_)?identifier)$/.test(piece.name)) return isChangingName(textOf(piece));
      for (const one of declaredBy(piece)) declared.add(one);
      return piece.children.some((child) => !isNameOfData(piece, child) && usesChanging(child));
    };
    return callsComputed(node) || usesChanging(node);
  };

/** Whether a keyword only names data, as in `f(rename="a")`; `f(reset=True)` and `f(reset=yes)` may ask for a change. */
function isNameOfData(node: SyntaxNode, child: SyntaxNode): boolean {
  if (node.name !== "keyword_argument" || child.field !== "name") return false;
  return /^(?:string|list|dictionary)$/.test(fieldOf(node, "value")?.name ?? "");
}

/** Whether a function with this name may change shared state or end the test. */
export const isChangingName = (name: string) => changing.test(plainName(name));

/** A name without a prefix and with a small first letter: `set` for `MustSet`. */
function plainName(name: string): string {
  const own = name.replace(/^(?:[Mm]ust|[Ss]oft|[Bb]atch|[Tt]ry)(?=[A-Z])/, "");
  return `${own.charAt(0).toLowerCase()}${own.slice(1)}`;
}

/** Whether a node calls a computed function, as in `a["b"](…)`, or one that is written in place. */
function callsComputed(node: SyntaxNode): boolean {
  const [callee] = /^call(?:_expression)?$/.test(node.name) ? node.children : [];
  if (callee !== undefined && /[\])}]$/.test(textOf(callee))) return true;
  return node.children.some((child) => callsComputed(child));
}

/** How a language writes the parts that can grow. */
export interface GrowthForm {
  /** Lists that are only looped over and whose every element is checked. */
  readonly tables: ReadonlySet<SyntaxNode>;
  /** Whether a statement only checks and assigns nothing. */
  isCheck(statement: SyntaxNode): boolean;
  /** Whether a row or statement changes nothing besides itself. */
  isPlain(element: SyntaxNode): boolean;
}

/** Finds named lists that a file uses only to loop over their elements. */
export class TableNames {
  readonly #text: string;
  readonly #named = new Map<string, { tables: SyntaxNode[]; uses: number }>();

  /** `text`: the file without comments. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Notes that a name is bound to a list. */
  bind(name: string, table: SyntaxNode): void {
    this.#at(name).tables.push(table);
  }

  /** Notes a loop over the list of that name which checks each element. */
  use(name: string): void {
    this.#at(name).uses += 1;
  }

  /** The lists whose name occurs nowhere else, not even in a string. */
  tables(): SyntaxNode[] {
    return [...this.#named].flatMap(([name, { tables, uses }]) => {
      if (tables.length === 0 || uses === 0) return [];
      const mentions = this.#text.match(
        new RegExp(String.raw`(?<![\w$])${name.replaceAll("$", String.raw`\$`)}(?![\w$])`, "gu"),
      );
      return mentions?.length === tables.length + uses ? tables : [];
    });
  }

  #at(name: string) {
    const known = this.#named.get(name) ?? { tables: [], uses: 0 };
    this.#named.set(name, known);
    return known;
  }
}

/** Makes one piece of several nodes, which begins with `prefix`. */
export function pieceOfNodes(
  nodes: readonly SyntaxNode[],
  { form, prefix = "", without = nothing, inserted = nothing, body = null }: PieceOptions,
): Piece {
  const print = (omitted: ReadonlySet<SyntaxNode>, growth: () => PieceGrowth): Piece => ({
    digest: syntaxDigest([prefix, ...nodes.map((node) => printSyntax(node, omitted))].join(" ").trimStart()),
    names: new Set(nodes.flatMap((node) => [...namesIn(node, omitted)])),
    literals: () => nodes.flatMap((node) => literalsIn(node, omitted)),
    growth,
  });
  let known: PieceGrowth | null = null;
  const left = new Set([...without, ...inserted]);
  return print(left, () => {
    if (known !== null) return known;
    const { rows, nodes: omitted } = readRows(nodes, { form, without, inserted, body });
    const frame: Piece = print(new Set([...left, ...omitted]), () => ({ frame, rows: [] }));
    known = { frame, rows };
    return known;
  });
}
const nothing: ReadonlySet<SyntaxNode> = new Set();

/** Makes a piece of one node. */
export function pieceOf(
  node: SyntaxNode,
  { form }: Pick<PieceOptions, "form">,
  given: Pick<PieceOptions, "without" | "inserted" | "body"> = {},
): Piece {
  return pieceOfNodes([node], { form, ...given });
}

interface PieceOptions {
  readonly form: GrowthForm;
  readonly prefix?: string;
  /** Nodes to leave out; they still count for the places of later rows. */
  readonly without?: ReadonlySet<SyntaxNode>;
  /** Nodes to leave out as if they had never been there. */
  readonly inserted?: ReadonlySet<SyntaxNode>;
  /** The test's body: only its own statements can be rows. */
  readonly body?: SyntaxNode | null;
}

/** The rows of a piece, each with its place in the frame, and the nodes outside the frame. */
function readRows(
  roots: readonly SyntaxNode[],
  { form, without = nothing, inserted = nothing, body = null }: PieceOptions,
) {
  const rows: Row[] = [];
  const nodes: SyntaxNode[] = [];
  let tables = 0;
  const add = (node: SyntaxNode, place: string, mayBeNew: boolean) =>
    rows.push({ place, digest: syntaxDigest(printSyntax(node)), names: namesIn(node), mayBeNew });
  const visit = (node: SyntaxNode): void => {
    if (without.has(node)) return;
    if (form.tables.has(node)) {
      tables += 1;
      nodes.push(node);
      for (const element of partsOf(node)) add(element, `table ${tables}`, form.isPlain(element));
      return;
    }
    let before = 0;
    for (const child of node.children) {
      if (inserted.has(child)) continue;
      if (node === body && !without.has(child) && form.isCheck(child)) {
        nodes.push(child);
        add(child, `after ${before}`, true);
        continue;
      }
      if (node === body && /^[A-Za-z]/.test(child.name) && !isComment(child)) before += 1;
      visit(child);
    }
  };
  for (const root of roots) visit(root);
  return { rows, nodes };
}

/**
 * The statements of a test's body that are no rows. `pieceWithout`: the test without some of them. `mayFollow`: whether the extra statements do not affect the
 * statements before them.
 */
export function statementsIn(
  all: readonly SyntaxNode[],
  form: GrowthForm,
  {
    pieceWithout,
    mayFollow,
  }: {
    pieceWithout: (extra: ReadonlySet<SyntaxNode>) => Piece;
    mayFollow: (extra: readonly SyntaxNode[], before: readonly SyntaxNode[]) => boolean;
  },
): FoundStatements {
  const statements = all.filter((statement) => !form.isCheck(statement));
  return {
    count: statements.length,
    upTo: (count) => pieceWithout(new Set(statements.slice(count))),
    areOnlyAdded: (after) => {
      const extra = statements.slice(after);
      const [start] = extra;
      return start === undefined || mayFollow(extra, all.slice(0, all.indexOf(start)));
    },
  };
}

/** Whether the new version has every old row in the same order, and each other row may be new. */
export function haveGrown(old: Rows, young: Rows): boolean {
  let at = 0;
  for (const [digest, mayBeNew] of young) {
    if (digest === old[at]?.[0]) at += 1;
    else if (!mayBeNew) return false;
  }
  return at === old.length;
}

/** Whether two pieces have the same frame and the second has the same rows or more. */
export function isGrownPiece(piece: Piece, other: Piece): boolean {
  const [old, young] = [piece.growth?.(), other.growth?.()];
  if (old === undefined || young === undefined || old.frame.digest !== young.frame.digest) return false;
  const rowsOf = ({ rows }: PieceGrowth) =>
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
