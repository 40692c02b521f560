/** What statements that a Rust test got may do to the others. Pure. */

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
  /** Functions that the old test calls for nothing but what they do. */
  readonly helpers: ReadonlySet<string>;
}

/** Functions that statements of a block call without taking a result. */
export function helpersIn(block: SyntaxNode): Set<string> {
  const called = partsOf(block)
    .map(expressionIn)
    .filter(({ name }) => name === "call_expression");
  return new Set(called.map((call) => calledName(call)));
}

const calledName = (call: SyntaxNode) => textOf(fieldOf(call, "function") ?? call);

/** What acts on the process, or keeps a value from being dropped, whose drop may check something. */
const farReaching =
  /^(?:_?exit|abort|forget|leak|reset\w*|ManuallyDrop|into_raw|set_hook|take_hook|catch_unwind|set_var|remove_var|set_current_dir|spawn|unsafe|static|transmute)$/u;
const plainMacro =
  /^(?:(?:debug_)?assert(?:_eq|_ne|_matches)?|matches|vec|format|format_args|print|println|eprint|eprintln|dbg|concat|stringify|include_str|include_bytes|line|file|write|writeln)$/u;

/** Whether a statement behind all others leaves them as they are: it has no items, which would count in the whole block, and nothing that reaches beyond the test. */
export function isHarmlessStatement(statement: SyntaxNode, { known }: Context): boolean {
  const code = codeOf(statement);
  return (
    !hasItem(statement) &&
    !reachesFar(statement) &&
    identifiersIn(code).every((name) => !farReaching.test(name)) &&
    macrosIn(code).every((name) => plainMacro.test(name) || known.has(name))
  );
}

/** Macros that are called, by their names; those of other places than the standard library with their paths. */
const macrosIn = (code: string) =>
  [...code.matchAll(/((?:\w+\s*::\s*){0,20})\b(\w+)\s*!(?=\s*[([{])/gu)].map(([, path = "", name = ""]) =>
    /^(?:(?:std|core|alloc)\s*::\s*)?$/u.test(path) ? name : `${path}${name}`,
  );

/** Whether code calls no macro but those of the standard library that only compute, print or assert. */
export const hasPlainMacros = (code: string) => macrosIn(code).every((name) => plainMacro.test(name));

/** Functions and paths that are called, without methods; a type or a variant makes a value. */
const callsIn = (code: string) =>
  [...code.matchAll(/(?<![.\w])(\w+)\s*(?:::\s*<[^;{}]{0,200}?>\s*)?\(/gu)]
    .map(([, name = ""]) => name)
    .filter((name) => !/^[A-Z]|^(?:if|in|match|as|return|for|while|let|ref|box|else)$/u.test(name));

/** What the standard library's types are made with. */
const ofLibrary =
  /\b(?:String|Vec|Box|Rc|Arc|HashMap|HashSet|BTreeMap|BTreeSet|VecDeque|Duration|PathBuf|Path|OsString|[iu](?:8|16|32|64|128|size)|f32|f64|char)\s*::\s*(?:from|new|default|from_\w+|with_capacity)\s*\(/gu;

/** Whether all that code calls has a name that is known, and no function is computed or taken from a path that is not. */
export function callsOnlyKnown(code: string, known: ReadonlySet<string>): boolean {
  const own = code.replaceAll(ofLibrary, "(");
  const paths = [...own.matchAll(/\b(?:crate|super|self)\s*((?:::\s*\w+\s*){1,20})/gu)].flatMap(([, path = ""]) =>
    identifiersIn(path),
  );
  return !/[)\]]\s*\(/u.test(own) && [...callsIn(own), ...paths].every((name) => known.has(name));
}

/** Whether a macro gets items: what it makes of them, such as methods of a type, counts everywhere. */
export function reachesFar(node: SyntaxNode): boolean {
  if (node.name === "macro_invocation" && /\b(?:impl|extern|macro_rules|mod|use)\b/u.test(codeOf(node))) return true;
  return node.children.some((child) => reachesFar(child));
}

const hasItem = ({ name, children }: SyntaxNode): boolean =>
  /_item$|^(?:use_declaration|macro_definition|extern_crate_declaration)$/u.test(name) || children.some(hasItem);

/**
 * Whether statements between others leave these as they are: they change nothing, don't end the test, and define only what they check. Types whose values change behind a
 * shared reference are known by name only.
 */
export function isAlone(statements: readonly SyntaxNode[], context: Context): boolean {
  if (hasSharedState(context.known) || statements.length > statementsMax) return false;
  return statements.every((statement, index) => {
    const code = codeOf(statement);
    const names = identifiersIn(code);
    if (names.some((name) => context.mutable.has(name) || changes(name))) return false;
    if (assigns(statement)) return false;
    // What another function does is not known, and the end of a value may do something.
    if (!callsOnlyKnown(code, context.known) || names.includes("drop") || reachesFar(statement)) return false;
    // A value that is only kept, such as a guard, may do something when it ends.
    if (names.some((name) => /^_\w/u.test(name) && !definedNames(statement).has(name))) return false;
    if (statement.name !== "let_declaration") return isCheck(statement, context);
    const following = statements.slice(index + 1).filter((one) => isCheck(one, context));
    const defined = [...definedNames(statement)];
    // A value that nobody looks at may be there for what its making or its drop does.
    return (
      defined.length > 0 &&
      defined.length <= definedMax &&
      defined.every((name) => following.some((one) => identifiersIn(textOf(one)).includes(name)))
    );
  });
}

const changes = (name: string) => isChangingMethod(name) || /^(?:mut|return|break|loop|while|await|move)$/u.test(name);

/** Whether something is set. In a macro, what it gets is only a list of words and signs. */
function assigns(node: SyntaxNode): boolean {
  if (node.name === "macro_invocation" && setting.test(codeOf(node))) return true;
  return /^(?:compound_)?assignment_expr/u.test(node.name) || node.children.some((child) => assigns(child));
}

/** `=` and `+=`, and not `==`, `<=`, `!=` or `=>`. */
export const setting = /(?<![=!<>.])=(?![=>])|<<=|>>=/u;

/** `assert…!(…)`, a call of a function that is named for a check or that the old test calls in the same way, or a loop around such statements. */
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

/** Whether the old statements that follow still see the same variables: they don't use a name that the new statements define, or define it again first. */
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

/** Names that are bound in code. */
const definedNames = (node: SyntaxNode) => new Set([...boundIn(node)].map(textOf));
