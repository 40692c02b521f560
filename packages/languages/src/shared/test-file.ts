/** The content of one version of a test file, for any language: its tests by name path, their assertions and marks, and their dependencies. */
import { createHash } from "node:crypto";

/** One claim of a test. */
export interface Assertion {
  /** The value under test and the expected value, in normal form; null if there is no expected value. */
  readonly subject: string;
  readonly expected: string | null;
  /** The method or operator, preceded by `not` if it is negated. */
  readonly matcher: string;
  /** How strict it is: 60 allows one value, 30 a range, 20 any true or different value, 10 or less nearly everything. */
  readonly strength: number;
  /** What may keep it from running: `if`, `try`, `after return`, `not awaited`. */
  readonly guards: readonly string[];
  readonly line: number;
  readonly text: string;
  /** Literals in the expected value. */
  readonly outputs: readonly string[];
  /** The answers in the expected value that code could know (`knowableAnswers`). */
  readonly answers: readonly string[];
  readonly isSnapshot: boolean;
}

/** A mark that changes whether or how long a test or a group runs. `value`: the limit; Infinity for no limit, NaN for a computed one. */
export interface CallMark {
  readonly kind: "skip" | "only" | "todo" | "timeout" | "retries";
  readonly value: number;
  readonly text: string;
  /** The test may fail or is expected to: it passes whatever fails in it, so an added failure can hide the others. */
  readonly mayFail?: boolean;
}

/** A mark of a call with its place. */
export interface Mark extends CallMark {
  /** Name path of the test or group that carries it; empty for the file. */
  readonly owner: string;
  readonly line: number;
}

export interface TestCase {
  readonly name: string;
  readonly title: TestTitle | null;
  readonly line: number;
  /** Digest of the test without its title and of everything that it depends on in this file. */
  readonly whole: string;
  readonly growth: TestGrowth;
  readonly assertions: readonly Assertion[];
  /** At most 200 literals of the test and its dependencies in this file, for finding code that hard-codes them. */
  readonly literals: readonly string[];
}

/** A literal title. `isName`: it is a function's name, not a quoted string. `group`: the name path of the enclosing group. */
export interface TestTitle {
  readonly group: string;
  readonly text: string;
  readonly isName: boolean;
}

/** The parts of a test that must stay the same while it gets more rows or more statements at its end. */
interface TestGrowth {
  /** The number of statements that are no rows; null if the body is no plain list of statements. */
  readonly count: number | null;
  /** Digest of the test with only its first statements, and of everything that it depends on, all without rows. */
  readonly frame: (count: number | null) => string;
  /** Digests of the rows, each with everything that the row depends on. */
  readonly rows: () => Rows;
  /** Whether the statements after the first `after` ones do not affect these. */
  readonly areOnlyAdded: (after: number) => boolean;
}

export interface TestFile {
  readonly tests: readonly TestCase[];
  readonly marks: readonly Mark[];
  /** Assertions outside tests, in functions that tests share. */
  readonly shared: readonly Assertion[];
  /** Everything except the tests. */
  readonly support: readonly Piece[];
  /** The part of `support` that has no effect on its own: imports, and the heads of groups. */
  readonly inert: readonly Piece[];
  readonly errors: readonly string[];
  /** The literals of each row of the file's tables. */
  readonly rows: readonly (readonly string[])[];
  readonly text: string;
}

/** A scope that contains tests: the file, a group or a loop around tests. */
export interface Scope {
  readonly parent: Scope | null;
  readonly path: readonly string[];
  /** The scopes of the parent classes. */
  readonly bases: readonly Scope[];
  /** Code that runs or counts for every test of the scope. */
  readonly effects: Piece[];
  /** Declarations by name, each of which counts only for code that mentions it. */
  readonly declarations: Map<string, Piece[]>;
}
export interface Piece {
  readonly digest: string;
  readonly names: ReadonlySet<string>;
  /** Absent if the piece has no literals. */
  readonly literals?: () => readonly string[];
  /** Null for an import or another name without content. */
  readonly growth: (() => PieceGrowth) | null;
}
/** A name that a statement binds to a piece. */
export interface Binding {
  readonly name: string;
  readonly piece: Piece;
}
export interface PieceGrowth {
  /** The piece without its rows. */
  readonly frame: Piece;
  readonly rows: readonly Row[];
}
/** Digests of rows, in their order. A new row with `mayBeNew` false makes the test count as changed. */
export type Rows = readonly (readonly [digest: string, mayBeNew: boolean])[];
/** An element of a table, or a statement that only checks. */
export interface Row {
  /** The row's place in the frame. */
  readonly place: string;
  readonly digest: string;
  readonly names: ReadonlySet<string>;
  readonly mayBeNew: boolean;
}
/** The statements of a test's body that are no rows. */
export interface FoundStatements {
  readonly count: number;
  /** The test with only the first `count` statements. */
  readonly upTo: (count: number) => Piece;
  readonly areOnlyAdded: (after: number) => boolean;
}
/** A test whose dependencies are not resolved yet. */
export interface FoundTest {
  readonly scope: Scope;
  readonly name: string;
  /** Null if the title is computed. */
  readonly title: Omit<TestTitle, "group"> | null;
  readonly line: number;
  /** The test without its title. */
  readonly piece: Piece;
  readonly statements: FoundStatements | null;
  readonly assertions: readonly Assertion[];
  readonly literals: readonly string[];
}

export function newScope(parent: Scope | null, path: readonly string[], bases: readonly Scope[] = []): Scope {
  return { parent, path, bases, effects: [], declarations: new Map() };
}

export function declare(scope: Scope, name: string, piece: Piece): void {
  const known = scope.declarations.get(name);
  if (known === undefined) scope.declarations.set(name, [piece]);
  else known.push(piece);
}

/** Adds to each test the effects of its scopes and every declaration that they reach. */
export function completeTests(found: readonly FoundTest[]): TestCase[] {
  const known = new Map<Piece, readonly string[]>();
  const literalsOf = (piece: Piece): readonly string[] => {
    const literals = known.get(piece) ?? piece.literals?.() ?? [];
    known.set(piece, literals);
    return literals;
  };
  return found.map(({ scope, name, title, line, piece, statements, assertions, literals }) => {
    const reached = reachedFrom(piece, scope);
    return {
      name,
      title: title === null ? null : { group: namePath(scope.path), ...title },
      line,
      whole: syntaxDigest([piece.digest, ...digestsOf(reached)].join(" ")),
      growth: {
        count: statements?.count ?? null,
        frame: (count) => {
          const frame = frameOf(count === null ? piece : (statements?.upTo(count) ?? piece));
          return syntaxDigest([frame.digest, ...digestsOf(reachedFrom(frame, scope, frameOf))].join(" "));
        },
        rows: () => rowsOf(piece, scope),
        areOnlyAdded: (after) => statements?.areOnlyAdded(after) ?? false,
      },
      assertions,
      literals: withLiterals(literals, reached, literalsOf),
    };
  });
}

/** The literals of a test and of the pieces that it reaches, at most `literalsMax`. */
function withLiterals(
  own: readonly string[],
  reached: Iterable<Piece>,
  literalsOf: (piece: Piece) => readonly string[],
): string[] {
  const all = new Set(own);
  for (const piece of reached) {
    if (all.size >= literalsMax) break;
    for (const literal of literalsOf(piece)) all.add(literal);
  }
  return [...all].slice(0, literalsMax);
}
const literalsMax = 200;

/** The effects of a piece's scopes, and all declarations that they and the piece reach. `as` replaces each piece before it is read. */
function reachedFrom(piece: Piece, scope: Scope, as: (one: Piece) => Piece = (one) => one): Set<Piece> {
  const scopes = scopesOf(scope);
  const pieces = new Set<Piece>();
  for (const one of scopes) for (const effect of one.effects) pieces.add(effect);
  const add = ({ names }: Piece) => {
    for (const mentioned of names)
      for (const one of scopes) for (const declared of one.declarations.get(mentioned) ?? []) pieces.add(declared);
  };
  add(as(piece));
  // The loop also visits pieces that it adds to the set.
  for (const one of pieces) add(as(one));
  return new Set([...pieces].map(as));
}

/** The digests of pieces; equal imports count once, since the second changes nothing. */
function digestsOf(pieces: ReadonlySet<Piece>): string[] {
  const [imports, others] = [true, false].map((isFixed) =>
    [...pieces].filter(({ growth }) => (growth === null) === isFixed).map(({ digest }) => digest),
  );
  return [...new Set(imports), ...(others ?? [])].sort();
}

const frames = new WeakMap<Piece, Piece>();
function frameOf(piece: Piece): Piece {
  const known = frames.get(piece) ?? piece.growth?.().frame ?? piece;
  frames.set(piece, known);
  return known;
}

/** The rows of a piece and of every piece that it or they reach. */
function rowsOf(piece: Piece, scope: Scope): Rows {
  const found: (readonly [string, boolean])[] = [];
  const read = new Set<Piece>();
  const waiting = [piece];
  const take = (one: Piece) => {
    if (!read.has(one)) waiting.push(one);
  };
  const scopes = scopesOf(scope);
  for (const { effects } of scopes) effects.forEach(take);
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (read.has(one)) continue;
    read.add(one);
    found.push(...(one === piece ? ownRows(one, scope, "") : sharedRows(one, scope)));
    for (const names of [frameOf(one).names, ...(one.growth?.().rows ?? []).map((row) => row.names)])
      for (const mentioned of names) for (const { declarations } of scopes) declarations.get(mentioned)?.forEach(take);
  }
  return found;
}

/** The rows of one piece; each digest includes the row's dependencies and `owner`, which identifies the piece. */
function ownRows(piece: Piece, scope: Scope, owner: string): Rows {
  return (piece.growth?.().rows ?? []).map(({ place, digest, names, mayBeNew }) => {
    const reached = reachedFrom({ digest, names, growth: null }, scope, frameOf);
    return [syntaxDigest([owner, place, digest, ...digestsOf(reached)].join(" ")), mayBeNew];
  });
}

const shared = new WeakMap<Scope, Map<Piece, Rows>>();
/** The rows of a piece that several tests reach, computed once per scope. */
function sharedRows(piece: Piece, scope: Scope): Rows {
  const known = shared.get(scope) ?? new Map<Piece, Rows>();
  shared.set(scope, known);
  const rows = known.get(piece) ?? ownRows(piece, scope, frameOf(piece).digest);
  known.set(piece, rows);
  return rows;
}

/** A scope, the scopes around it, and the scopes of all parent classes. */
function scopesOf(scope: Scope): ReadonlySet<Scope> {
  const scopes = new Set([scope]);
  for (const { parent, bases } of scopes)
    for (const one of parent === null ? bases : [parent, ...bases]) scopes.add(one);
  return scopes;
}

export function syntaxDigest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

const nameCharactersMax = 500;
/** A name path as findings and reports write it. */
export function namePath(path: readonly string[]): string {
  const name = path.map((part) => part.trim()).join(" > ");
  return name.length <= nameCharactersMax
    ? name.toWellFormed()
    : `${name.slice(0, nameCharactersMax - 1).toWellFormed()}…`.replace("�…", "…");
}
