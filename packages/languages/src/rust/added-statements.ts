/** Tells whether statements added to a Rust test affect the others. Pure. */

import { fieldOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { codeOf, hasSharedState, identifiersIn, isChangingMethod } from "./code-text.ts";
import { boundIn, expressionIn } from "./rust-tests.ts";

const statementsMax = 500;
const definedMax = 20;

interface Context {
  /** Names in the base's file. */
  readonly known: ReadonlySet<string>;
  /** Names in the old test whose values can change. */
  readonly mutable: ReadonlySet<string>;
  /** Functions that the old test calls without using a result. */
  readonly helpers: ReadonlySet<string>;
}

/** Functions that statements of a block call without using a result. */
export function helpersIn(block: SyntaxNode): Set<string> {
  const called = partsOf(block)
    .map(expressionIn)
    .filter(({ name }) => name === "call_expression");
  return new Set(called.map((call) => calledName(call)));
}

const calledName = (call: SyntaxNode) => textOf(fieldOf(call, "function") ?? call);

/** Names that act on the process or keep a value from being dropped; its drop may check something. */
const farReaching =
  /^(?:_?exit|abort|forget|leak|reset\w*|ManuallyDrop|into_raw|set_hook|take_hook|catch_unwind|set_var|remove_var|set_current_dir|spawn|unsafe|static|transmute)$/u;
const plainMacro =
  /^(?:(?:debug_)?assert(?:_eq|_ne|_matches)?|matches|vec|format|format_args|print|println|eprint|eprintln|dbg|concat|stringify|include_str|include_bytes|line|file|write|writeln)$/u;

/** Whether a statement after all others does not affect them: it has no items, which count in the whole block, and nothing that reaches beyond the test. */
export function isHarmlessStatement(statement: SyntaxNode, { known }: Context): boolean {
  const code = codeOf(statement);
  return (
    !hasItem(statement) &&
    !reachesFar(statement) &&
    identifiersIn(code).every((name) => !farReaching.test(name)) &&
    macrosIn(code).every((name) => plainMacro.test(name) || known.has(name))
  );
}

/** The names of called macros; a macro outside the standard library has its path. */
const macrosIn = (code: string) =>
  [...code.matchAll(/((?:\w+\s*::\s*){0,20})\b(\w+)\s*!(?=\s*[([{])/gu)].map(([, path = "", name = ""]) =>
    /^(?:(?:std|core|alloc)\s*::\s*)?$/u.test(path) ? name : `${path}${name}`,
  );

/** Whether code calls only macros of the standard library that compute, print or assert. */
export const hasPlainMacros = (code: string) => macrosIn(code).every((name) => plainMacro.test(name));

/** The names of called functions, without methods, and without types and variants, which make values. */
const callsIn = (code: string) =>
  [...code.matchAll(/(?<![.\w])(\w+)\s*(?:::\s*<[^;{}]{0,200}?>\s*)?\(/gu)]
    .map(([, name = ""]) => name)
    .filter((name) => !/^[A-Z]|^(?:if|in|match|as|return|for|while|let|ref|box|else)$/u.test(name));

/** Constructors of the standard library's types. */
const ofLibrary =
  /\b(?:String|Vec|Box|Rc|Arc|HashMap|HashSet|BTreeMap|BTreeSet|VecDeque|Duration|PathBuf|Path|OsString|[iu](?:8|16|32|64|128|size)|f32|f64|char)\s*::\s*(?:from|new|default|from_\w+|with_capacity)\s*\(/gu;

/** Whether code calls only known names, and no computed function and no unknown path. */
export function callsOnlyKnown(code: string, known: ReadonlySet<string>): boolean {
  const own = code.replaceAll(ofLibrary, "(");
  const paths = [...own.matchAll(/\b(?:crate|super|self)\s*((?:::\s*\w+\s*){1,20})/gu)].flatMap(([, path = ""]) =>
    identifiersIn(path),
  );
  return !/[)\]]\s*\(/u.test(own) && [...callsIn(own), ...paths].every((name) => known.has(name));
}

/** Whether a macro gets items, since its results, such as methods of a type, count everywhere. */
export function reachesFar(node: SyntaxNode): boolean {
  if (node.name === "macro_invocation" && /\b(?:impl|extern|macro_rules|mod|use)\b/u.test(codeOf(node))) return true;
  return node.children.some((child) => reachesFar(child));
}

const hasItem = ({ name, children }: SyntaxNode): boolean =>
  /_item$|^(?:use_declaration|macro_definition|extern_crate_declaration)$/u.test(name) || children.some(hasItem);

/**
 * Whether statements between others do not affect them: they change nothing, don't end the test, and define only values that they check. Types whose values
 * change behind a shared reference are known only by name.
 */
export function isAlone(statements: readonly SyntaxNode[], context: Context): boolean {
  if (hasSharedState(context.known) || statements.length > statementsMax) return false;
  return statements.every((statement, index) => {
    const code = codeOf(statement);
    const names = identifiersIn(code);
    if (names.some((name) => context.mutable.has(name) || changes(name))) return false;
    if (assigns(statement)) return false;
    // An unknown function may do anything, and dropping a value may too.
    if (!callsOnlyKnown(code, context.known) || names.includes("drop") || reachesFar(statement)) return false;
    // A value that is only kept, such as a guard, may act when it is dropped.
    if (names.some((name) => /^_\w/u.test(name) && !definedNames(statement).has(name))) return false;
    if (statement.name !== "let_declaration") return isCheck(statement, context);
    const following = statements.slice(index + 1).filter((one) => isCheck(one, context));
    const defined = [...definedNames(statement)];
    // A value that no check uses may be there for the effects of its creation or its drop.
    return (
      defined.length > 0 &&
      defined.length <= definedMax &&
      defined.every((name) => following.some((one) => identifiersIn(textOf(one)).includes(name)))
    );
  });
}

const changes = (name: string) => isChangingMethod(name) || /^(?:mut|return|break|loop|while|await|move)$/u.test(name);

/** Whether a node assigns; a macro's arguments are only tokens, so their text is searched. */
function assigns(node: SyntaxNode): boolean {
  if (node.name === "macro_invocation" && setting.test(codeOf(node))) return true;
  return /^(?:compound_)?assignment_expr/u.test(node.name) || node.children.some((child) => assigns(child));
}

/** Matches `=` and `+=`, but not `==`, `<=`, `!=` or `=>`. */
export const setting = /(?<![=!<>.])=(?![=>])|<<=|>>=/u;

/** Whether a statement is `assert…!(…)`, a call of a function named for a check or called by the old test, or a loop around such statements. */
function isCheck(statement: SyntaxNode, context: Context): boolean {
  const { helpers } = context;
  const node = expressionIn(statement);
  switch (node.name) {
    case "macro_invocation":
      return /^(?:\w+\s*::\s*)*(?:debug_)?assert\w*\s*!/u.test(textOf(node));
    case "call_expression": {
      const name = calledName(node);
      return (
        /^(?:\w+::)*\w+$/u.test(name) && (helpers.has(name) || /(?:^|::)(?:assert|check|expect|verify)\w*$/u.test(name))
      );
    }
    case "for_expression": {
      const inner = partsOf(fieldOf(node, "body"));
      return inner.length > 0 && isAlone(inner, context);
    }
    default:
      return false;
  }
}

/** Whether the following old statements see the same variables: they don't use a name that the new ones define, or they redefine it first. */
export function leavesNames(statements: readonly SyntaxNode[], { rest }: { rest: readonly SyntaxNode[] }): boolean {
  const names = statements.flatMap((node) => (node.name === "let_declaration" ? [...definedNames(node)] : []));
  return names.every((name) => {
    const first = rest.find((statement) => identifiersIn(textOf(statement)).includes(name));
    if (first === undefined) return true;
    const isDefined = first.name === "let_declaration" && definedNames(first).has(name);
    const mentions = identifiersIn(textOf(first)).filter((one) => one === name);
    return isDefined && mentions.length === 1;
  });
}

/** The names that a node binds. */
const definedNames = (node: SyntaxNode) => new Set([...boundIn(node)].map(textOf));
