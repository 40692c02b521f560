/** Removes types from TypeScript source with the compiler's own parser, so that a grammar of JavaScript can parse the rest. The only file of the product that uses the TypeScript compiler. */
import { createRequire } from "node:module";
import type * as Blanking from "ts-blank-space";
import type * as Compiler from "typescript";

const require = createRequire(import.meta.url);
let loaded: { blank: typeof Blanking; compiler: typeof Compiler } | null = null;

/**
 * The source with spaces for its types; every offset stays. Null if the compiler finds a syntax error, if the source is nested too deep for it, or if
 * something that may run would be blanked.
 */
export function blankTypes(text: string, isJsx: boolean): string | null {
  // The compiler is slow to load, and few files need it.
  loaded ??= { blank: require("ts-blank-space"), compiler: require("typescript") };
  const { blank, compiler } = loaded;
  const { ScriptKind, ScriptTarget } = compiler;
  const kind = isJsx ? ScriptKind.TSX : ScriptKind.TS;
  try {
    const source = compiler.createSourceFile("source.ts", text, ScriptTarget.ESNext, true, kind);
    // Internal to the compiler; without it, nothing is blanked.
    const { parseDiagnostics: problems } = source as { parseDiagnostics?: readonly unknown[] };
    if (problems === undefined || problems.length > 0) return null;
    const plain = blank.blankSourceFile(source);
    return plain.length === text.length && keepsCode(source, plain, compiler) ? plain : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Whether all that may run is still there. Compilers disagree about `global` before a block and about `unique` at the end of a line, and the decorator
 * of a field that is only declared runs.
 */
function keepsCode(source: Compiler.SourceFile, plain: string, compiler: typeof Compiler): boolean {
  const isKept = (node: Compiler.Node): boolean => {
    if (joinsNext(node, compiler)) return false;
    if (isOnlyType(node, compiler)) return !some(node, compiler, (inner) => runsNevertheless(inner, compiler));
    if (compiler.isModuleDeclaration(node)) {
      // Without `declare`, another compiler runs the block. The name of a namespace is not evaluated.
      const isGlobal = compiler.isIdentifier(node.name) && node.name.text === "global";
      return !isGlobal && (node.body === undefined || isKept(node.body));
    }
    const from = node.getStart(source);
    const isCode = compiler.isExpression(node) || compiler.isDecorator(node);
    // `<T>a` begins with its type.
    if (isCode && node.end > from && plain[from] !== source.text[from] && source.text[from] !== "<") return false;
    return !some(node, compiler, (child) => !isKept(child), false);
  };
  return isKept(source);
}

/** Nodes that are blanked and whose names and values never run. */
function isOnlyType(node: Compiler.Node, compiler: typeof Compiler): boolean {
  if (compiler.isExpressionWithTypeArguments(node))
    return compiler.isHeritageClause(node.parent) && node.parent.token === compiler.SyntaxKind.ImplementsKeyword;
  return (
    compiler.isTypeNode(node) ||
    compiler.isTypeParameterDeclaration(node) ||
    compiler.isInterfaceDeclaration(node) ||
    compiler.isTypeAliasDeclaration(node) ||
    compiler.isIndexSignatureDeclaration(node) ||
    compiler.isImportDeclaration(node) ||
    compiler.isExportDeclaration(node) ||
    (compiler.isParameter(node) && node.name.getText() === "this") ||
    (compiler.isFunctionLike(node) && "body" in node && node.body === undefined) ||
    isDeclared(node, compiler)
  );
}

/** Statements and fields with `declare`, and abstract fields. */
function isDeclared(node: Compiler.Node, compiler: typeof Compiler): boolean {
  const { AbstractKeyword, DeclareKeyword } = compiler.SyntaxKind;
  const modifiers = compiler.canHaveModifiers(node) ? (compiler.getModifiers(node) ?? []) : [];
  return modifiers.some(
    ({ kind }) => kind === DeclareKeyword || (kind === AbstractKeyword && compiler.isPropertyDeclaration(node)),
  );
}

/** What follows would be read as a part of it: after `else type A = b`, and after a field `get: a` that ends with its line. */
function joinsNext(node: Compiler.Node, compiler: typeof Compiler): boolean {
  const { parent } = node;
  const isField = compiler.isPropertyDeclaration(node) && node.initializer === undefined;
  if (isField)
    return /^(?:get|set|static|async|accessor|declare)$/u.test(node.name.getText()) && !node.getText().endsWith(";");
  const isStatement = compiler.isStatement(node) && isOnlyType(node, compiler);
  return isStatement && (compiler.isIfStatement(parent) || compiler.isIterationStatement(parent, true));
}

/** What another compiler runs although it is in a type or declaration. */
function runsNevertheless(node: Compiler.Node, compiler: typeof Compiler): boolean {
  const { ExportKeyword, SymbolKeyword, UniqueKeyword } = compiler.SyntaxKind;
  // `declare export`, a line end and a member: that compiler takes them for two members.
  if (compiler.isClassElement(node) && compiler.canHaveModifiers(node))
    if (compiler.getModifiers(node)?.some(({ kind }) => kind === ExportKeyword) === true) return true;
  const isUnique = compiler.isTypeOperatorNode(node) && node.operator === UniqueKeyword;
  return compiler.isDecorator(node) || (isUnique && node.type.kind !== SymbolKeyword);
}

/** Whether it is so of the node or, if `isDeep`, of anything in it; else of one of its children. */
function some(
  node: Compiler.Node,
  compiler: typeof Compiler,
  isSo: (node: Compiler.Node) => boolean,
  isDeep = true,
): boolean {
  if (isDeep && isSo(node)) return true;
  const inner = (child: Compiler.Node) => (isDeep ? some(child, compiler, isSo) : isSo(child));
  return compiler.forEachChild(node, (child) => (inner(child) ? true : undefined)) === true;
}
