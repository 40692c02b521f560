/** Recognizes honest forms of what the rules about surroundings ask about: equality with the own type by comparing fields, and a number that a class stands for. Pure. */
import { childOf, partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";

/** `method`: the definition of `__eq__`, `__ne__` or `valueOf`; `around`: the nodes that contain it, the nearest last. */
export function isPlainDefinition(method: SyntaxNode | null, around: readonly SyntaxNode[], tree: SyntaxTree): boolean {
  if (method?.name === "MethodDeclaration") return isFieldGetter(method, tree);
  const owner = around.findLast(({ name }) => name === "ClassDefinition");
  return method?.name === "FunctionDefinition" && owner !== undefined && isOwnEquality(method, owner, tree);
}

/** `valueOf() { return this.value; }` */
function isFieldGetter(method: SyntaxNode, tree: SyntaxTree): boolean {
  const body = childOf(method, "Block");
  return body !== undefined && /^\{\s*return\s+this\.#?\w+\s*;?\s*\}$/u.test(sourceText(tree, body));
}

const allowed =
  /^(?:VariableName|MemberExpression|PropertyName|CallExpression|ArgList|BinaryExpression|TupleExpression|ParenthesizedExpression|ReturnStatement|IfStatement|Body|UnaryExpression|Boolean|CompareOp|[^A-Z].*)$/u;

/** A class without a base whose equality needs an object of the same class and compares the same fields of both. */
function isOwnEquality(method: SyntaxNode, owner: SyntaxNode, tree: SyntaxTree): boolean {
  const [name, bases] = [childOf(owner, "VariableName"), childOf(owner, "ArgList")];
  const body = childOf(method, "Body");
  const [self, other] = partsOf(childOf(method, "ParamList")).map((part) => sourceText(tree, part));
  if (name === undefined || body === undefined || self === undefined || other === undefined) return false;
  if (bases !== undefined && !/^\(\s*(?:object)?\s*\)$/u.test(sourceText(tree, bases))) return false;
  const statements = partsOf(body);
  const last = statements.at(-1);
  const isGuarded = statements.slice(0, -1).every((one) => isGuard(one, tree));
  if (last?.name !== "ReturnStatement" || !isGuarded || statements.length > 2) return false;
  const text = sourceText(tree, body);
  const isSame = new RegExp(
    String.raw`isinstance\(\s*${other}\s*,\s*(?:${sourceText(tree, name)}|type\(${self}\))\s*\)`,
    "u",
  );
  const compared = sourceText(tree, last)
    .replace(isSame, "")
    .replace(/\bNotImplemented\b/gu, "");
  return (
    isSame.test(text) &&
    new RegExp(String.raw`\b${self}\.\w+`, "u").test(compared) &&
    isSymmetric(compared, self, other) &&
    !/[<>]|\b(?:or|True|False|if|abs|round|int|lambda)\b/u.test(compared) &&
    hasOnly(body)
  );
}

/** Whether the text uses the same names, each as often, if `one` and `other` change places. */
export function isSymmetric(text: string, one: string, other: string): boolean {
  const turned = text.replace(/\b\w+\b/gu, (name) => (name === one ? other : name === other ? one : name));
  const namesOf = (piece: string) => (piece.match(/\w+/gu) ?? []).toSorted().join(" ");
  return namesOf(text) === namesOf(turned);
}

/** `if not isinstance(other, Pair): return NotImplemented` */
function isGuard(statement: SyntaxNode, tree: SyntaxTree): boolean {
  return /^if\s+not\s+isinstance\([^()]*(?:\(\w+\))?\s*\)\s*:\s*return\s+(?:NotImplemented|False)$/u.test(
    sourceText(tree, statement).trim(),
  );
}

function hasOnly(node: SyntaxNode): boolean {
  return node.children.every((child) => allowed.test(child.name) && hasOnly(child));
}
