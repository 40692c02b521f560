/** The language-independent content of one version of a test file: its tests by name path with their assertions and marks, and what they depend on. */
import { createHash } from "node:crypto";

/** One claim of a test. */
export interface Assertion {
  /** The value under test and the expected value, in normal form; null: none. */
  readonly subject: string;
  readonly expected: string | null;
  /** The method or operator, preceded by `not` if it is negated. */
  readonly matcher: string;
  /** How much it pins down: 60 one value, 30 a range, 20 true or different, 10 or less hardly anything. */
  readonly strength: number;
  /** What may keep it from running: `if`, `try`, `after return`, `not awaited`. */
  readonly guards: readonly string[];
  readonly line: number;
  readonly text: string;
  /** Literals in the expected value. */
  readonly outputs: readonly string[];
  /** What code could know of the expected value (`knowableAnswers`). */
  readonly answers: readonly string[];
  readonly isSnapshot: boolean;
}

/** Something that changes whether or how long a test or a group runs. `value`: of a limit, Infinity if there is none, NaN if it is computed. */
export interface CallMark {
  readonly kind: "skip" | "only" | "todo" | "timeout" | "retries";
  readonly value: number;
  readonly text: string;
  /** The test is expected or allowed to fail: it passes whatever fails in it, so that more in it can hide the rest. */
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
  /** Digest of the test, without its title, with everything that it depends on in this file. */
  readonly whole: string;
  readonly growth: TestGrowth;
  readonly assertions: readonly Assertion[];
  /** Literals of the test and of what it uses in this file, at most 200, for finding code that hard-codes them. */
  readonly literals: readonly string[];
}

/** A literal title. `isName`: it is the name of a function, not a quoted string. `group`: the name path of the enclosing group. */
export interface TestTitle {
  readonly group: string;
  readonly text: string;
  readonly isName: boolean;
}

/** What a test is apart from its rows, and from statements behind the first ones. */
interface TestGrowth {
  /** How many statements its body has that are no rows; null: it is no plain list of statements. */
  readonly count: number | null;
  /** Digest of the test as if only its first statements were there, with everything that it depends on, all without their rows. */
  readonly frame: (count: number | null) => string;
  /** Digests of the rows, each including what the row depends on. `mayBeNew` is false for a row that makes the test count as changed if the old version lacks it. */
  readonly rows: () => Rows;
  /** Whether the statements behind the first ones leave these as they would be without them. */
  readonly areOnlyAdded: (after: number) => boolean;
}

export interface TestFile {
  readonly tests: readonly TestCase[];
  readonly marks: readonly Mark[];
  /** Assertions outside any test, in functions that tests share. */
  readonly shared: readonly Assertion[];
  /** Everything beside the tests. */
  readonly support: readonly Piece[];
  /** The part of `support` that has no effect on its own: imports, and the heads of groups. */
  readonly inert: readonly Piece[];
  readonly errors: readonly string[];
  /** The literals of each row of its tables. */
  readonly rows: readonly (readonly string[])[];
  readonly text: string;
}

/** A scope that contains tests: the file, a group, a loop around tests. */
export interface Scope {
  readonly parent: Scope | null;
  readonly path: readonly string[];
  /** Scopes of the classes that this class inherits from. */
  readonly bases: readonly Scope[];
  /** What runs or counts for every test of it. */
  readonly effects: Piece[];
  /** What counts only for code that mentions it, by name. */
  readonly declarations: Map<string, Piece[]>;
}
export interface Piece {
  readonly digest: string;
  readonly names: ReadonlySet<string>;
  /** Absent if it has none. */
  readonly literals?: () => readonly string[];
  /** Null for an import and what else is a name without content. */
  readonly growth: (() => PieceGrowth) | null;
}
/** A name that a statement gives to a piece. */
export interface Binding {
  readonly name: string;
  readonly piece: Piece;
}
export interface PieceGrowth {
  /** The piece without its rows. */
  readonly frame: Piece;
  readonly rows: readonly Row[];
}
/** Digests of rows, in their order; a row with `mayBeNew` false makes a test count as changed if the old version lacks it. */
export type Rows = readonly (readonly [digest: string, mayBeNew: boolean])[];
/** An element of a table, or a statement that only checks something. */
export interface Row {
  /** Where it is in the frame. */
  readonly place: string;
  readonly digest: string;
  readonly names: ReadonlySet<string>;
  readonly mayBeNew: boolean;
}
/** The statements of a test's body that are no rows. */
export interface FoundStatements {
  readonly count: number;
  /** The test with only the first of them. */
  readonly upTo: (count: number) => Piece;
  readonly areOnlyAdded: (after: number) => boolean;
}
/** A test whose dependencies are not resolved yet. */
export interface FoundTest {
  readonly scope: Scope;
  readonly name: string;
  /** Null: it is computed. */
  readonly title: Omit<TestTitle, "group"> | null;
  readonly line: number;
  /** Without the title. */
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

/** Its own and those of what it reaches, at most `literalsMax`. */
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

/** The effects of a piece's scopes and every declaration that they and the piece reach. `as` replaces each on the way. */
function reachedFrom(piece: Piece, scope: Scope, as: (one: Piece) => Piece = (one) => one): Set<Piece> {
  const scopes = scopesOf(scope);
  const pieces = new Set<Piece>();
  for (const one of scopes) for (const effect of one.effects) pieces.add(effect);
  const add = ({ names }: Piece) => {
    for (const mentioned of names)
      for (const one of scopes) for (const declared of one.declarations.get(mentioned) ?? []) pieces.add(declared);
  };
  add(as(piece));
  // A set is iterated in insertion order and includes elements added on the way.
  for (const one of pieces) add(as(one));
  return new Set([...pieces].map(as));
}

/** An import counts once, since a second equal one changes nothing. */
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

/** The rows of a piece and of all that it and they reach. */
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

/** A row's digest has what it depends on. `owner`: which piece it is a row of. */
function ownRows(piece: Piece, scope: Scope, owner: string): Rows {
  return (piece.growth?.().rows ?? []).map(({ place, digest, names, mayBeNew }) => {
    const reached = reachedFrom({ digest, names, growth: null }, scope, frameOf);
    return [syntaxDigest([owner, place, digest, ...digestsOf(reached)].join(" ")), mayBeNew];
  });
}

const shared = new WeakMap<Scope, Map<Piece, Rows>>();
/** The same for a piece that other tests of the scope reach too. */
function sharedRows(piece: Piece, scope: Scope): Rows {
  const known = shared.get(scope) ?? new Map<Piece, Rows>();
  shared.set(scope, known);
  const rows = known.get(piece) ?? ownRows(piece, scope, frameOf(piece).digest);
  known.set(piece, rows);
  return rows;
}

/** The scopes that contain a test and all that they inherit from. */
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
