/** Recognizes honest forms of what the rules about surroundings ask about: equality with the own type by comparing fields, and a number that a class stands for. Pure. */
import { comparisonsOf } from "../../python/python-syntax.ts";
import { fieldOf, partsOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import { classFields } from "./class-fields.ts";

/** `method`: the definition of `__eq__`, `__ne__` or `valueOf`; `around`: the nodes that contain it, the nearest last. */
export function isPlainDefinition(method: SyntaxNode | null, around: readonly SyntaxNode[], tree: SyntaxTree): boolean {
  if (method?.name === "method_definition") return isFieldGetter(method);
  if (method?.name !== "function_definition" || tree.errors.length > 0) return false;
  const [owner, body] = around.slice(-2);
  const outer = around.at(-3);
  const isOwn = owner?.name === "class_definition" && body?.name === "block";
  const name = textOf(fieldOf(method, "name") ?? method);
  if (!isOwn || (name !== "__eq__" && name !== "__ne__")) return false;
  const decorators = outer?.children.filter(({ name: kind }) => kind === "decorator") ?? [];
  return name === "__ne__" ? isOpposite(method) : isOwnEquality(method, { owner, decorators });
}

/** `valueOf() { return this.value; }` */
function isFieldGetter(method: SyntaxNode): boolean {
  const body = fieldOf(method, "body");
  return body !== undefined && /^\{\s*return\s+this\.#?\w+\s*;?\s*\}$/u.test(textOf(body));
}

/** The names of `self` and `other`; null for a method with other parameters. */
function operandsOf(method: SyntaxNode): { self: string; other: string } | null {
  const list = fieldOf(method, "parameters");
  const type = String.raw`(?:\s*:\s*[\w.|"'\s]+)?`;
  const found = new RegExp(String.raw`^\(\s*(\w+)${type}\s*,\s*(\w+)${type}\s*(?:,\s*(?:/\s*,?\s*)?)?\)$`, "u").exec(
    textOf(list),
  );
  return found === null ? null : { self: found[1] ?? "", other: found[2] ?? "" };
}

/** What Python does without the method. */
function isOpposite(method: SyntaxNode): boolean {
  const operands = operandsOf(method);
  const [statement, ...more] = partsOf(fieldOf(method, "body"));
  if (operands === null || statement === undefined || more.length > 0) return false;
  return textOf(statement).trim() === `return not ${operands.self} == ${operands.other}`;
}

/** A class without a base whose equality needs an object of the same class and compares all fields of both. */
function isOwnEquality(
  method: SyntaxNode,
  { owner, decorators }: { owner: SyntaxNode; decorators: readonly SyntaxNode[] },
): boolean {
  const [name, bases] = [fieldOf(owner, "name"), fieldOf(owner, "superclasses")];
  const operands = operandsOf(method);
  if (name === undefined || operands === null) return false;
  if (bases !== undefined && !/^\(\s*(?:object)?\s*\)$/u.test(textOf(bases))) return false;
  const isPlainDecorator = (one: SyntaxNode) =>
    /^@(?:(?:dataclasses\.)?dataclass(?:\([\w\s=,]*\))?|(?:functools\.)?total_ordering|(?:typing\.)?final)$/u.test(
      textOf(one).trim(),
    );
  const fields = classFields(owner, operands.self);
  if (fields === null || fields.size === 0 || !decorators.every(isPlainDecorator)) return false;
  if (isChangedOutside(textOf(name), method.tree)) return false;
  // What inherits it may have more fields, and a check of the type may be another function.
  const inherited = new RegExp(String.raw`\bclass\s+\w+\s*\([^)]{0,500}\b${textOf(name)}\b`, "u");
  if (
    inherited.test(method.tree.text) ||
    /\bdef\s+isinstance\b|\bisinstance\s*=(?!=)|\bas\s+isinstance\b|\bcompare\s*=\s*False\b/u.test(method.tree.text)
  )
    return false;
  const { self, other } = operands;
  const own = String.raw`isinstance\(\s*${other}\s*,\s*(?:${textOf(name)}|type\(${self}\)|${self}\.__class__)\s*\)`;
  const guard = new RegExp(String.raw`^if\s+not\s+${own}\s*:\s*return\s+(?:NotImplemented|False)$`, "u");
  const statements = partsOf(fieldOf(method, "body"));
  const [first, last] = [statements[0], statements.at(-1)];
  if (first === undefined || last?.name !== "return_statement" || statements.length > 2) return false;
  const isGuarded = statements.length === 2 && guard.test(textOf(first).trim());
  if (statements.length === 2 && !isGuarded) return false;
  const [, value, ...more] = last.children;
  if (value === undefined || more.length > 0) return false;
  const pieces = conjuncts(value);
  const isSame = new RegExp(`^${own}$`, "u");
  const compared = pieces.filter((one) => !isSame.test(textOf(one)));
  if (!isGuarded && compared.length === pieces.length) return false;
  const found = compared.map((one) => comparedFields(one, operands));
  const all = new Set(found.flatMap((one) => one ?? []));
  return !found.includes(null) && all.size === fields.size && [...fields].every((field) => all.has(field));
}

/** `P.a = Rounded()`, `setattr(P, "a", …)` */
function isChangedOutside(name: string, tree: SyntaxTree): boolean {
  return new RegExp(String.raw`\b${name}\s*\.\s*\w+\s*(?::[^=\n]*)?=(?!=)|setattr\s*\(\s*${name}\b`, "u").test(
    tree.text,
  );
}

/** The parts of `a and b and (c)`. */
function conjuncts(node: SyntaxNode): SyntaxNode[] {
  const [left, operator, right, ...more] = node.children;
  if (left === undefined || operator === undefined || right === undefined || more.length > 0) return [node];
  if (node.name === "parenthesized_expression") return conjuncts(operator);
  return node.name === "boolean_operator" && operator.name === "and"
    ? [...conjuncts(left), ...conjuncts(right)]
    : [node];
}

/** The names in `self.a == other.a` or `(self.a, self.b) == (other.a, other.b)`: without calls, arithmetic or any other operator. */
function comparedFields(node: SyntaxNode, { self, other }: { self: string; other: string }): string[] | null {
  const [only, ...more] = comparisonsOf(node);
  if (only?.sign !== "==" || more.length > 0) return null;
  const { left, right } = only;
  const of = (side: SyntaxNode, owner: string): string[] | null => {
    const isTuple = side.name === "tuple";
    const names = (isTuple ? partsOf(side) : [side]).map((one) => {
      const [root, dot, name, ...rest] = one.name === "attribute" ? one.children : [];
      const isField = root?.name === "identifier" && dot?.name === "." && name?.field === "attribute";
      return isField && rest.length === 0 && textOf(root) === owner ? textOf(name) : null;
    });
    return names.length > 0 && names.every((name) => name !== null) ? names : null;
  };
  const isAlike = left.name === right.name;
  const [one, two] = [of(left, self) ?? of(left, other), of(left, self) === null ? of(right, self) : of(right, other)];
  return isAlike && one !== null && two !== null && one.join() === two.join() ? one : null;
}
