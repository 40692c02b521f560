/**
 * Recognizes honest equality in Python: it needs an object of the same class and compares all fields. A class that may have fields which the tree does not show
 * is never honest. Pure.
 */

import { isVariable } from "../shared/surroundings/member-chain.ts";
import { childOf, fieldOf, isPlainText, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { boundTargets, comparisonsOf } from "./python-syntax.ts";

/** `method`: the definition of `__eq__` or `__ne__`; `around`: the nodes that contain it, the nearest last. */
export function isPlainEquality(method: SyntaxNode | null, around: readonly SyntaxNode[]): boolean {
  if (method?.name !== "function_definition" || method.tree.errors.length > 0) return false;
  const [owner, body] = around.slice(-2);
  const outer = around.at(-3);
  const isOwn = owner?.name === "class_definition" && body?.name === "block";
  const name = textOf(fieldOf(method, "name") ?? method);
  if (!isOwn || (name !== "__eq__" && name !== "__ne__")) return false;
  const decorators = outer?.children.filter(({ name: kind }) => kind === "decorator") ?? [];
  return name === "__ne__" ? isOpposite(method) : isOwnEquality(method, { owner, decorators });
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

/** Whether `__ne__` is `not ==`, as in a class without it. */
function isOpposite(method: SyntaxNode): boolean {
  const operands = operandsOf(method);
  const [statement, ...more] = partsOf(fieldOf(method, "body"));
  if (operands === null || statement === undefined || more.length > 0) return false;
  return textOf(statement).trim() === `return not ${operands.self} == ${operands.other}`;
}

/** Whether a class has no base and its equality needs an object of the same class and compares all fields. */
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
  if (isChangedOutside(textOf(name), method.tree.text)) return false;
  // A subclass may have more fields, and `isinstance` may be redefined.
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

/** Whether code outside changes the class: `P.a = Rounded()`, `setattr(P, "a", …)`. */
function isChangedOutside(name: string, text: string): boolean {
  return new RegExp(String.raw`\b${name}\s*\.\s*\w+\s*(?::[^=\n]*)?=(?!=)|setattr\s*\(\s*${name}\b`, "u").test(text);
}

/** The operands of `a and b and (c)`. */
function conjuncts(node: SyntaxNode): SyntaxNode[] {
  const [left, operator, right, ...more] = node.children;
  if (left === undefined || operator === undefined || right === undefined || more.length > 0) return [node];
  if (node.name === "parenthesized_expression") return conjuncts(operator);
  return node.name === "boolean_operator" && operator.name === "and"
    ? [...conjuncts(left), ...conjuncts(right)]
    : [node];
}

/** The fields in `self.a == other.a` or `(self.a, self.b) == (other.a, other.b)`; null for any other expression. */
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

/** Code that sets or computes fields without naming them. */
const hidden =
  /__dict__|setattr|__setattr__|__getattr__|__getattribute__|property|\.setter|vars\s*\(|__get__|__set_name__/u;

/**
 * The fields that a class sets, declares with a type or has slots for. `self`: the methods' name for their object. Null if the class may have more fields, or
 * may return a field's value in another form.
 */
function classFields(owner: SyntaxNode, self: string): ReadonlySet<string> | null {
  // Python normalizes names to NFKC.
  if (hidden.test(textOf(owner).normalize("NFKC"))) return null;
  const members = partsOf(fieldOf(owner, "body"));
  const methods = new Set<string>();
  const fields = new Set<string>();
  for (const member of members) {
    const method = methodIn(member);
    if (method !== null) {
      const name = textOf(fieldOf(method, "name") ?? method);
      if (methods.has(name) || !callsItself(self, { member, method })) return null;
      methods.add(name);
      continue;
    }
    if (!isPlainMember(member)) return null;
    const assignment = childOf(member, "assignment");
    if (assignment !== undefined) {
      const declared = declaredIn(assignment);
      if (declared === null) return null;
      for (const name of declared) fields.add(name);
    }
  }
  const used = usedNames(owner, self);
  if (used === null) return null;
  for (const name of used.set) fields.add(name);
  // A field that the class only reads is set elsewhere.
  const isElsewhere = [...used.read].some((name) => !fields.has(name) && !methods.has(name) && name !== "__class__");
  const isComputed = members.some((member) => computes(childOf(member, "assignment"), fields));
  return isComputed || isElsewhere || [...fields].some((name) => methods.has(name)) ? null : fields;
}

function methodIn(member: SyntaxNode): SyntaxNode | null {
  const inner = fieldOf(member, "definition") ?? member;
  return inner.name === "function_definition" ? inner : null;
}

/** Whether a method has no object, or calls it `self`. */
function callsItself(self: string, { member, method }: { member: SyntaxNode; method: SyntaxNode }): boolean {
  const decorators = member === method ? [] : member.children.slice(0, -1);
  if (decorators.some((one) => /^@(?:static|class)method$/u.test(textOf(one).trim()))) return true;
  const [first] = partsOf(fieldOf(method, "parameters"));
  return first === undefined || textOf(first) === self;
}

/** Whether a member is a field, a docstring or `pass`. */
function isPlainMember(member: SyntaxNode): boolean {
  const isPlain = (one: SyntaxNode) => /^(?:ellipsis|assignment)$/u.test(one.name) || isPlainText(one);
  return member.name === "pass_statement" || (member.name === "expression_statement" && member.children.every(isPlain));
}

/** The fields that a statement declares with a type or as slots; null for computed slots. */
function declaredIn(statement: SyntaxNode): string[] | null {
  const target = fieldOf(statement, "left");
  const name = textOf(target);
  if (name !== "__slots__") return fieldOf(statement, "type") === undefined ? [] : [name];
  const value = fieldOf(statement, "right");
  const inside = value === undefined ? [] : allNodes(value);
  const texts = inside.filter((one) => one.name === "string").map(textOf);
  const isWritten = inside.every((one) => /^(?:\W+|string\w*|tuple|list)$/u.test(one.name));
  return isWritten && texts.every((text) => /^(["'])\w+\1$/u.test(text)) ? texts.map((one) => one.slice(1, -1)) : null;
}

/** Whether a statement sets a field of the class to more than a constant: it may be a descriptor, which decides the result of reading the field. */
function computes(member: SyntaxNode | undefined, fields: ReadonlySet<string>): boolean {
  const [target, value] = [fieldOf(member, "left"), fieldOf(member, "right")];
  if (target === undefined || value === undefined) return false;
  const isField = allNodes(target).some((one) => isVariable(one) && fields.has(textOf(one)));
  const isDefault = /^(?:dataclasses\.)?field\(/u.test(textOf(value));
  return isField && !isDefault && allNodes(value).some(({ name }) => name === "identifier" || name === "call");
}

/** The members that a class reads from its object, and those that it sets on any. Null if it passes its object on. */
function usedNames(owner: SyntaxNode, self: string): { read: Set<string>; set: Set<string> } | null {
  const [read, set] = [new Set<string>(), new Set<string>()];
  let isKept = true;
  const memberOf = (node: SyntaxNode) => {
    const name = fieldOf(node, "attribute");
    return name === undefined ? null : textOf(name);
  };
  const visit = (node: SyntaxNode): void => {
    for (const target of boundTargets(node).flatMap(allNodes)) {
      const name = memberOf(target);
      if (name !== null) set.add(name);
    }
    for (const [index, child] of node.children.entries()) {
      const isItself = isVariable(child) && textOf(child) === self;
      if (isItself && index === 0 && /^(?:attribute|subscript)$/u.test(node.name)) {
        const name = memberOf(node);
        if (name !== null) read.add(name);
      } else if (isItself && !staysItself(node)) isKept = false;
      if (child.name === "argument_list" && isPassed(node, { list: child, self })) isKept = false;
      visit(child);
    }
  };
  visit(owner);
  return isKept ? { read, set } : null;
}

/** Whether the object's name may be a child of this node without being passed on; `isPassed` judges calls. */
function staysItself({ name }: SyntaxNode): boolean {
  return /^(?:(?:comparison|binary|unary|not)_operator|parameters|argument_list|return_statement|interpolation)$/u.test(
    name,
  );
}

/** Whether a call gets the object and may do more than ask about it. */
function isPassed(call: SyntaxNode, { list, self }: { list: SyntaxNode; self: string }): boolean {
  const callee = call.children[0];
  const isGiven = list.children.some((one) => isVariable(one) && textOf(one) === self);
  return isGiven && !/^(?:type|isinstance|repr|str|len|iter|bool|hash|id)$/u.test(textOf(callee ?? list));
}

function allNodes(node: SyntaxNode): SyntaxNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}
