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

/** A class without a base whose equality needs an object of the same class and compares all fields of both. */
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
    .replace(/^return\b/u, "")
    .replace(isSame, "")
    .replace(/^\s*and\b|\band\s*$/u, "");
  const fields = fieldsOf(sourceText(tree, owner), self);
  const isWhole = fields.size > 0 && [...fields].every((field) => compared.includes(`${self}.${field}`));
  return isSame.test(text) && isWhole && comparesFields(compared, { self, other, fields });
}

/** What a class sets on itself, or declares with a type. */
function fieldsOf(owner: string, self: string): Set<string> {
  const set = [...owner.matchAll(new RegExp(String.raw`\b${self}\.(\w+)\s*(?::[^=\n]+)?=(?!=)`, "gu"))];
  const [, indent = ""] = /\n([ \t]+)\S/u.exec(owner) ?? [];
  const declared = [...owner.matchAll(new RegExp(String.raw`\n${indent}(\w+)[ \t]*:[ \t]*[A-Za-z"']`, "gu"))];
  return new Set(
    [...set, ...declared].map(([, name = ""]) => name).filter((name) => !/^(?:try|else|finally)$/u.test(name)),
  );
}

/** `self.a == other.a and (self.b, self.c) == (other.b, other.c)`: fields, without calls, arithmetic or any other operator; what a property computes is no field. */
function comparesFields(
  text: string,
  { self, other, fields }: { self: string; other: string; fields: ReadonlySet<string> },
): boolean {
  const sides = (part: string) => part.split("==").map((side) => side.replaceAll(/[\s()]+/gu, "").replace(/,$/u, ""));
  const fieldsIn = (side: string, owner: string) => {
    const names = side.split(",").map((one) => (one.startsWith(`${owner}.`) ? one.slice(owner.length + 1) : null));
    return names.every((name) => name !== null && fields.has(name)) ? names.join() : null;
  };
  return text.split(/\sand\s/u).every((part) => {
    const [left = "", right = "", ...more] = sides(part);
    const same = fieldsIn(left, self) ?? fieldsIn(left, other);
    return (
      more.length === 0 &&
      same !== null &&
      (fieldsIn(right, other) ?? fieldsIn(right, self)) === same &&
      !right.startsWith(`${left.split(".")[0]}.`)
    );
  });
}

/** `if not isinstance(other, Pair): return NotImplemented` */
function isGuard(statement: SyntaxNode, tree: SyntaxTree): boolean {
  return /^if\s+not\s+isinstance\([^()]*(?:\(\w+\))?\s*\)\s*:\s*return\s+(?:NotImplemented|False)$/u.test(
    sourceText(tree, statement).trim(),
  );
}
