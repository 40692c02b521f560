/** Compares our trees with TypeScript's parser: lists expressions and statements that our tree lacks at the same place. */
import ts from "typescript";
import type { SyntaxNode } from "../../src/tree/syntax-node.ts";
import { readSyntax } from "../../src/tree/syntax-tree.ts";

/** Our names for the compiler's kinds of nodes, without types and parts of patterns. */
const kinds: Readonly<Record<string, string>> = {
  array: "ArrayLiteralExpression",
  arrow_function: "ArrowFunction",
  as_expression: "AsExpression",
  assignment_expression: "BinaryExpression",
  augmented_assignment_expression: "BinaryExpression",
  await_expression: "AwaitExpression",
  binary_expression: "BinaryExpression",
  call_expression: "CallExpression",
  do_statement: "DoStatement",
  expression_statement: "ExpressionStatement",
  for_in_statement: "ForInStatement",
  for_statement: "ForStatement",
  if_statement: "IfStatement",
  jsx_element: "JsxElement",
  jsx_self_closing_element: "JsxSelfClosingElement",
  member_expression: "PropertyAccessExpression",
  new_expression: "NewExpression",
  object: "ObjectLiteralExpression",
  parenthesized_expression: "ParenthesizedExpression",
  regex: "RegularExpressionLiteral",
  return_statement: "ReturnStatement",
  satisfies_expression: "SatisfiesExpression",
  statement_block: "Block",
  subscript_expression: "ElementAccessExpression",
  switch_statement: "SwitchStatement",
  template_string: "TemplateExpression",
  ternary_expression: "ConditionalExpression",
  throw_statement: "ThrowStatement",
  try_statement: "TryStatement",
  unary_expression: "PrefixUnaryExpression",
  update_expression: "PrefixUnaryExpression",
  while_statement: "WhileStatement",
  yield_expression: "YieldExpression",
};
const alike: Readonly<Record<string, string>> = {
  DeleteExpression: "PrefixUnaryExpression",
  FirstTemplateToken: "TemplateExpression",
  ForOfStatement: "ForInStatement",
  JsxFragment: "JsxElement",
  NoSubstitutionTemplateLiteral: "TemplateExpression",
  PostfixUnaryExpression: "PrefixUnaryExpression",
  TaggedTemplateExpression: "CallExpression",
  TypeOfExpression: "PrefixUnaryExpression",
  VoidExpression: "PrefixUnaryExpression",
};
const known = new Set(Object.values(kinds));

export interface Comparison {
  readonly errors: readonly string[];
  /** The number of the compiler's places, and the places that our tree lacks. */
  readonly places: number;
  readonly missing: readonly string[];
}

/** Null if the compiler finds a syntax error. */
export function comparedPlaces(text: string, path: string): Comparison | null {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const problems: unknown = Reflect.get(source, "parseDiagnostics");
  if (!Array.isArray(problems) || problems.length > 0) return null;
  // A semicolon may belong to a statement or not, and `!` only concerns types.
  const end = (to: number) => {
    let at = to;
    while (/[;!\s]/u.test(text[at - 1] ?? "")) at -= 1;
    return at;
  };
  const own = new Set<string>();
  const { root, errors } = readSyntax(text, path);
  const collect = (node: SyntaxNode): void => {
    const kind = kinds[node.name];
    if (kind !== undefined) own.add(`${kind} ${node.from} ${end(node.to)}`);
    for (const child of node.children) collect(child);
  };
  collect(root);
  const wanted: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    const name = ts.SyntaxKind[node.kind] ?? "";
    const kind = alike[name] ?? name;
    if (known.has(kind) && !isSequence(node) && !isTarget(node) && !isInterface(node))
      wanted.push(`${kind} ${node.getStart(source)} ${end(node.end)}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const shown = (place: string) => {
    const [kind, from, to] = place.split(" ");
    return `${kind}: ${text.slice(Number(from), Number(to)).slice(0, 80)}`;
  };
  return { errors, places: wanted.length, missing: wanted.filter((place) => !own.has(place)).map(shown) };
}

const isSequence = (node: ts.Node) =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken;

/** Whether a node is `A.B` in an `extends` of an interface or an `implements` of a class. */
const isInterface = (node: ts.Node) => {
  const clause = ts.findAncestor(node, ts.isHeritageClause);
  const isExtended = clause?.token === ts.SyntaxKind.ExtendsKeyword && ts.isClassLike(clause.parent);
  return clause !== undefined && !isExtended && ts.isPropertyAccessExpression(node);
};

/** Whether a literal or default is part of an assignment's target, which is a pattern. */
function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  if (parent === undefined || ts.isBlock(parent)) return false;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return (
      parent.left === node &&
      (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || isTarget(parent))
    );
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent))
    return parent.initializer === node && !ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node);
  const isInPattern =
    ts.isObjectLiteralExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isSpreadAssignment(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node);
  const isPattern =
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isBinaryExpression(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isSpreadElement(node) ||
    ts.isSpreadAssignment(node);
  return isInPattern && isPattern && isTarget(parent);
}
