/** What statements that a Rust test got may do to the others. Pure. */
import { childOf, partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { codeOf, identifiersIn, isChangingMethod } from "./code-text.ts";

const statementsMax = 500;
const definedMax = 20;

interface Context {
  readonly tree: SyntaxTree;
  /** Names in the base's file. */
  readonly known: ReadonlySet<string>;
  /** Names in the old test whose values can change. */
  readonly mutable: ReadonlySet<string>;
}

/** What acts on the process, or keeps a value from being dropped, whose drop may check something. */
const farReaching =
  /^(?:exit|abort|forget|leak|ManuallyDrop|into_raw|set_hook|take_hook|catch_unwind|set_var|remove_var|set_current_dir|spawn|unsafe|static|transmute)$/u;
const plainMacro =
  /^(?:(?:debug_)?assert(?:_eq|_ne|_matches)?|matches|vec|format|format_args|print|println|eprint|eprintln|dbg|concat|stringify|include_str|include_bytes|line|file|write|writeln)$/u;

/** Whether a statement behind all others leaves them as they are: it has no items, which would count in the whole block, and nothing that reaches beyond the test. */
export function isHarmlessStatement(statement: SyntaxNode, { tree, known }: Context): boolean {
  const code = codeOf(tree, statement);
  return (
    !hasItem(statement) &&
    identifiersIn(code).every((name) => !farReaching.test(name)) &&
    macrosIn(code).every((name) => plainMacro.test(name) || known.has(name))
  );
}

/** Macros that are called, by their names. */
const macrosIn = (code: string) =>
  [...code.matchAll(/\b(\w+)[ \t\n]{0,20}!(?=[ \t\n]{0,20}[([{])/gu)].map(([, name = ""]) => name);

/** Whether code calls no macro but those of the standard library that only compute, print or assert. */
export const hasPlainMacros = (code: string) => macrosIn(code).every((name) => plainMacro.test(name));

/** Functions and paths that are called, without methods; a type or a variant makes a value. */
const callsIn = (code: string) =>
  [...code.matchAll(/(?<![.\w])(\w+)[ \t\n]{0,20}(?:::[ \t\n]{0,20}<[\w\s,&<>]{0,100}>[ \t\n]{0,20})?\(/gu)]
    .map(([, name = ""]) => name)
    .filter((name) => !/^[A-Z]|^(?:if|in|match|as|return|for|while|let|ref|box|else)$/u.test(name));

const hasItem = ({ name, children }: SyntaxNode): boolean =>
  /Item$|^(?:UseDeclaration|MacroDefinition|InnerAttribute|ExternCrateDeclaration)$/u.test(name) ||
  children.some(hasItem);

/**
 * Whether statements between others leave these as they are: they change nothing, don't end the test, and define only what they check. Types whose values change behind a
 * shared reference are known by name only.
 */
export function isAlone(statements: readonly SyntaxNode[], context: Context): boolean {
  if (
    [...context.known].some((name) => /^(?:\w*Cell|Mutex|RwLock|Atomic\w+|Once\w*|Lazy\w*|thread_local)$/u.test(name))
  )
    return false;
  if (statements.length > statementsMax) return false;
  return statements.every((statement, index) => {
    const code = codeOf(context.tree, statement);
    const names = identifiersIn(code);
    if (names.some((name) => context.mutable.has(name) || changes(name)) || assigns(statement)) return false;
    // What another function does is not known.
    if (!callsIn(code).every((name) => context.known.has(name))) return false;
    if (statement.name !== "LetDeclaration") return isCheck(statement, context);
    const following = statements.slice(index + 1).filter((one) => isCheck(one, context));
    const defined = [...definedNames({ tree: context.tree, node: statement }, null)];
    // A value that nobody looks at may be there for what its making or its drop does.
    return (
      defined.length > 0 &&
      defined.length <= definedMax &&
      defined.every((name) => following.some((one) => identifiersIn(sourceText(context.tree, one)).includes(name)))
    );
  });
}

const changes = (name: string) => isChangingMethod(name) || /^(?:mut|return|break|loop|while|await|move)$/u.test(name);

const assigns = ({ name, children }: SyntaxNode): boolean => name === "AssignmentExpression" || children.some(assigns);

/** `assert…!(…)`, a call of a function that the base has or that is named for a check, or a loop or condition around such statements. */
function isCheck(statement: SyntaxNode, context: Context): boolean {
  const { tree, known } = context;
  const node = statement.name === "ExpressionStatement" ? partsOf(statement)[0] : statement;
  if (node === undefined) return false;
  switch (node.name) {
    case "MacroInvocation":
      return /^(?:\w+\s*::\s*)*(?:debug_)?assert\w*\s*!/u.test(sourceText(tree, node));
    case "CallExpression": {
      const [callee] = node.children;
      const name = callee === undefined ? "" : sourceText(tree, callee);
      return (
        /^(?:\w+::)*\w+$/u.test(name) && (known.has(name) || /(?:^|::)(?:assert|check|expect|verify)\w*$/u.test(name))
      );
    }
    case "ForExpression": {
      const inner = partsOf(childOf(node, "Block"));
      return inner.length > 0 && isAlone(inner, context);
    }
    default:
      return false;
  }
}

/** Whether the old statements that follow still see the same variables: they don't use a name that the new statements define, or define it again first. */
export function leavesNames(
  statements: readonly SyntaxNode[],
  { tree }: Context,
  { tree: oldTree, rest }: { tree: SyntaxTree; rest: readonly SyntaxNode[] },
): boolean {
  const names = statements.flatMap((node) =>
    node.name === "LetDeclaration" ? [...definedNames({ tree, node }, null)] : [],
  );
  return names.every((name) => {
    const first = rest.find((statement) => identifiersIn(sourceText(oldTree, statement)).includes(name));
    if (first === undefined) return true;
    const isDefined = first.name === "LetDeclaration" && definedNames({ tree: oldTree, node: first }, null).has(name);
    const mentions = identifiersIn(sourceText(oldTree, first)).filter((one) => one === name);
    return isDefined && mentions.length === 1;
  });
}

/** Names that are bound in code; with `mut` only those whose value can change. */
export function definedNames({ tree, node }: { tree: SyntaxTree; node: SyntaxNode }, only: "mut" | null): Set<string> {
  const names = new Set<string>();
  const visit = ({ children }: SyntaxNode): void => {
    for (const [index, child] of children.entries()) {
      const isBound = child.name === "BoundIdentifier" && (only === null || children[index - 1]?.name === only);
      if (isBound) names.add(sourceText(tree, child));
      visit(child);
    }
  };
  visit(node);
  return names;
}
