/** The language-independent content of one version of a test file: its tests by name path with their assertions and marks, and what they depend on. */
import { createHash } from "node:crypto";
import type { CallMark } from "@aedev/host/syntax/javascript-tests";

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
  readonly isSnapshot: boolean;
}

/** A mark of a call with its place. */
export interface Mark extends CallMark {
  /** Name path of the test or group that carries it; empty for the file. */
  readonly owner: string;
  readonly line: number;
}

export interface TestCase {
  readonly name: string;
  readonly line: number;
  /** Digest of the test with everything that it depends on in this file. */
  readonly whole: string;
  /** The same without the rows of a table in the test's own head. */
  readonly frame: string;
  /** Each row runs as a separate test. */
  readonly rows: readonly string[];
  /** Null: its body is no plain list of statements. */
  readonly steps: Steps | null;
  readonly assertions: readonly Assertion[];
  /** Literals of the test, for finding code that hard-codes them. */
  readonly literals: readonly string[];
}

/** The statements of a test's body, in their order. */
export interface Steps {
  readonly count: number;
  /** `whole` of the test as if only the first statements were there. */
  readonly upTo: (count: number) => string;
  /** Whether the statements behind the first ones leave these as they would be without them. */
  readonly areOnlyAdded: (after: number) => boolean;
}

export interface TestFile {
  readonly tests: readonly TestCase[];
  readonly marks: readonly Mark[];
  /** Assertions outside any test, in functions that tests share. */
  readonly shared: readonly Assertion[];
  /** Digests of everything beside the tests. */
  readonly support: readonly string[];
  /** The part of `support` that has no effect on its own: imports, and the heads of groups. */
  readonly inert: readonly string[];
  readonly errors: readonly string[];
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
}
/** `Steps` whose dependencies are not resolved yet. */
export interface FoundSteps extends Omit<Steps, "upTo"> {
  readonly upTo: (count: number) => Piece;
}
/** A test whose dependencies are not resolved yet. */
export interface FoundTest {
  readonly scope: Scope;
  readonly name: string;
  readonly line: number;
  readonly piece: Piece;
  /** For a test with a table: its digest without the table, and the rows. */
  readonly table?: { readonly frame: string; readonly rows: readonly string[] };
  readonly steps: FoundSteps | null;
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
  return found.map(({ scope, name, line, piece, table, steps, assertions, literals }) => {
    const context = contextOf(piece, scope);
    return {
      name,
      line,
      whole: syntaxDigest([piece.digest, ...context].join(" ")),
      frame: syntaxDigest([table?.frame ?? piece.digest, ...context].join(" ")),
      rows: table?.rows ?? [],
      steps: steps === null ? null : { ...steps, upTo: (count) => wholeOf(steps.upTo(count), scope) },
      assertions,
      literals,
    };
  });
}

function wholeOf(piece: Piece, scope: Scope): string {
  return syntaxDigest([piece.digest, ...contextOf(piece, scope)].join(" "));
}

/** Digests of all that a piece depends on in its file, each once, since a second equal one changes nothing. */
function contextOf(piece: Piece, scope: Scope): string[] {
  const scopes = scopesOf(scope);
  const pieces = new Set<Piece>([piece]);
  for (const one of scopes) for (const effect of one.effects) pieces.add(effect);
  // A set is iterated in insertion order and includes elements added on the way.
  for (const { names } of pieces)
    for (const mentioned of names)
      for (const one of scopes) for (const declared of one.declarations.get(mentioned) ?? []) pieces.add(declared);
  return [...new Set([...pieces].slice(1).map(({ digest }) => digest))].sort();
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
